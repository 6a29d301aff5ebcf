import { addAmounts, type BillLine, NO_AMOUNT, trimmedAmount } from '../domain/bill.ts';
import type { Decimal } from '../domain/money.ts';
import { counted } from '../domain/words.ts';
import type { Answer, Cell, Column, Note } from './answer.ts';

/** What the reports need of a bill's line: the line and where it was read. */
export interface PlacedBillLine {
  readonly line: BillLine;
  readonly format: string;
  readonly file: string | null;
  readonly lineNumber: number;
}

const text = (value: string | undefined): Cell =>
  value === undefined ? { kind: 'unknown' } : { kind: 'text', value };
const amount = (value: Decimal | undefined): Cell =>
  value === undefined ? { kind: 'unknown' } : { kind: 'amount', value };
const count = (value: number): Cell => ({ kind: 'count', value: BigInt(value) });

interface Group {
  /** The file, or the value of what was asked for; null for a pipe, '' for lines without one. */
  readonly of: string | null;
  readonly format: string;
  readonly currency: string;
  readonly month: string;
  rows: number;
  keptRows: number;
  flagged: number;
  billed: Decimal;
  /** `undefined` once a line does not say it: a sum over some lines would look like the sum of all. */
  effective: Decimal | undefined;
  list: Decimal | undefined;
  kept: Decimal;
  excluded: Decimal;
}

const LIST_COLUMNS: readonly Column[] = [
  { key: 'file', title: 'File', yields: 0 },
  { key: 'format', title: 'Format', yields: 3 },
  { key: 'currency', title: 'Currency', yields: 0 },
  { key: 'month', title: 'Month', yields: 0 },
  { key: 'rows', title: 'Rows', yields: 1 },
  { key: 'billed', title: 'Billed', yields: 0 },
  { key: 'effective', title: 'Effective', yields: 6 },
  { key: 'list', title: 'List', yields: 7 },
  { key: 'kept', title: 'AI', yields: 0 },
  { key: 'excluded', title: 'Not AI', yields: 4 },
  { key: 'kept_rows', title: 'AI rows', yields: 8 },
  { key: 'flagged_rows', title: 'Odd rows', yields: 9 },
];

/**
 * Sums of bill lines by file, format, currency and month; with `by`, by a fact or tag of the lines instead of file
 * and format. Kept and excluded together are what was billed.
 */
export function billsReport(
  lines: Iterable<PlacedBillLine>,
  shown: (file: string) => string,
  by?: string,
): Answer {
  const groups = groupsOf(lines, by);
  const name = ({ of }: Group): Cell => {
    if (of === null) return { kind: 'absent', label: '(pipe)' };
    if (by === undefined) return text(shown(of));
    return of === '' ? { kind: 'absent', label: '(untagged)' } : text(of);
  };
  const rows = groups.map((group): readonly Cell[] => [
    name(group),
    ...(by === undefined ? [text(group.format)] : []),
    text(group.currency),
    text(group.month),
    count(group.rows),
    amount(trimmedAmount(group.billed)),
    amount(group.effective && trimmedAmount(group.effective)),
    amount(group.list && trimmedAmount(group.list)),
    amount(trimmedAmount(group.kept)),
    amount(trimmedAmount(group.excluded)),
    count(group.keptRows),
    count(group.flagged),
  ]);
  const flagged = groups.reduce((sum, group) => sum + group.flagged, 0);
  const notes: readonly Note[] =
    flagged === 0
      ? []
      : [
          {
            code: 'flagged',
            message: `${counted(flagged, 'row')} with something odd, counted all the same: aicost bills show --where flag=*`,
          },
        ];
  return {
    schema: 'aicost.bills/1',
    headline: 'Bills, as they say it; usage is not in here',
    facts: {},
    tables: [
      {
        name: 'rows',
        columns: by === undefined ? LIST_COLUMNS : columnsBy(by),
        rows,
        empty: 'No bill has been read; aicost ingest takes them like logs.',
      },
    ],
    notes,
  };
}

/** The name that was asked for in the place of file and format. */
const columnsBy = (by: string): readonly Column[] => {
  const taken = LIST_COLUMNS.some(({ key }) => key === by);
  const title = `${by.charAt(0).toUpperCase()}${by.slice(1).replaceAll('_', ' ')}`;
  return [{ key: taken ? `by:${by}` : by, title, yields: 0 }, ...LIST_COLUMNS.slice(2)];
};

function groupsOf(lines: Iterable<PlacedBillLine>, by: string | undefined): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const placed of lines) {
    const { line, file } = placed;
    const of = by === undefined ? file : valuesOf(placed, by).join(', ');
    const format = by === undefined ? placed.format : '';
    const month = new Date(line.start).toISOString().slice(0, 7);
    const key = JSON.stringify([of, format, line.currency, month]);
    const group = groups.get(key) ?? {
      of,
      format,
      currency: line.currency,
      month,
      rows: 0,
      keptRows: 0,
      flagged: 0,
      billed: NO_AMOUNT,
      effective: NO_AMOUNT,
      list: NO_AMOUNT,
      kept: NO_AMOUNT,
      excluded: NO_AMOUNT,
    };
    groups.set(key, group);
    group.rows += 1;
    group.billed = addAmounts(group.billed, line.billed);
    group.effective = addKnown(group.effective, line.effective);
    group.list = addKnown(group.list, line.list);
    if (line.flags.length > 0) group.flagged += 1;
    if (line.ai.kept) {
      group.kept = addAmounts(group.kept, line.billed);
      group.keptRows += 1;
    } else group.excluded = addAmounts(group.excluded, line.billed);
  }
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

const addKnown = (sum: Decimal | undefined, more: Decimal | undefined): Decimal | undefined =>
  sum === undefined || more === undefined ? undefined : addAmounts(sum, more);

type Field = readonly [column: Column, cell: (placed: PlacedBillLine) => Cell];

const iso = (time: number): Cell => ({ kind: 'time', value: time, show: 'date' });
const pairs = (tags: Readonly<Record<string, string>>): string =>
  Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');

const fields = (shown: (file: string) => string): readonly Field[] => [
  [{ key: 'start', title: 'From', yields: 0 }, ({ line }) => iso(line.start)],
  [{ key: 'end', title: 'To', yields: 20 }, ({ line }) => iso(line.end)],
  [{ key: 'format', title: 'Format', yields: 21 }, ({ format }) => text(format)],
  [{ key: 'provider', title: 'Provider', yields: 5 }, ({ line }) => text(line.provider)],
  [{ key: 'account', title: 'Account', yields: 15 }, ({ line }) => text(line.account)],
  [{ key: 'service', title: 'Service', yields: 2 }, ({ line }) => text(line.service)],
  [{ key: 'description', title: 'Description', yields: 12 }, ({ line }) => text(line.description)],
  [{ key: 'sku', title: 'Sku', yields: 22 }, ({ line }) => text(line.sku)],
  [{ key: 'meter', title: 'Meter', yields: 8 }, ({ line }) => text(line.meter)],
  [{ key: 'resource', title: 'Resource', yields: 23 }, ({ line }) => text(line.resource)],
  [{ key: 'category', title: 'Category', yields: 1 }, ({ line }) => text(line.category)],
  [{ key: 'model', title: 'Model', yields: 3 }, ({ line }) => text(line.model)],
  [{ key: 'token_type', title: 'Tokens of', yields: 4 }, ({ line }) => text(line.tokenType)],
  [
    { key: 'tokens', title: 'Tokens', yields: 6 },
    ({ line }) => (line.tokens === undefined ? { kind: 'unknown' } : count(line.tokens)),
  ],
  [{ key: 'quantity', title: 'Quantity', yields: 18 }, ({ line }) => amount(line.quantity)],
  [{ key: 'unit', title: 'Unit', yields: 18 }, ({ line }) => text(line.unit)],
  [{ key: 'currency', title: 'Currency', yields: 0 }, ({ line }) => text(line.currency)],
  [{ key: 'billed', title: 'Billed', yields: 0 }, ({ line }) => amount(line.billed)],
  [{ key: 'effective', title: 'Effective', yields: 9 }, ({ line }) => amount(line.effective)],
  [{ key: 'list', title: 'List', yields: 10 }, ({ line }) => amount(line.list)],
  [{ key: 'contracted', title: 'Contracted', yields: 19 }, ({ line }) => amount(line.contracted)],
  [{ key: 'tags', title: 'Tags', yields: 11 }, ({ line }) => text(pairs(line.tags))],
  [{ key: 'labels', title: 'Labels', yields: 16 }, ({ line }) => text(line.labels.join(' '))],
  [{ key: 'flags', title: 'Odd', yields: 17 }, ({ line }) => text(line.flags.join(' '))],
  [{ key: 'ai', title: 'AI', yields: 7 }, ({ line }) => text(line.ai.kept ? 'kept' : 'excluded')],
  [{ key: 'ai_reason', title: 'Why', yields: 13 }, ({ line }) => text(line.ai.reason)],
  [
    { key: 'file', title: 'File', yields: 24 },
    ({ file }) => (file === null ? { kind: 'absent', label: '(pipe)' } : text(shown(file))),
  ],
  [{ key: 'line', title: 'Line', yields: 25 }, ({ lineNumber }) => count(lineNumber)],
];

/** Lines of bills one by one, amounts with the digits of the bill. `matched` counts those before the limit. */
export function billLinesReport(
  lines: readonly PlacedBillLine[],
  matched: number,
  shown: (file: string) => string,
): Answer {
  const all = fields(shown);
  return {
    schema: 'aicost.bill-lines/1',
    headline: counted(matched, 'bill line'),
    facts: { lines: matched },
    tables: [
      {
        name: 'rows',
        columns: all.map(([column]) => column),
        rows: lines.map((placed) => all.map(([, cell]) => cell(placed))),
        empty: 'No line of a bill here.',
      },
    ],
    notes:
      matched > lines.length
        ? [
            {
              code: 'limited',
              message: `${counted(matched - lines.length, 'more line')} not shown; --limit shows more`,
            },
          ]
        : [],
  };
}

/** One condition on a line: a fact of it or a tag, with * for any text. */
export interface BillFilter {
  readonly name: string;
  readonly negated: boolean;
  readonly pattern: string;
}

/** Whether a line meets all conditions. An empty pattern asks for lines that say nothing there. */
export const matchesBill = (placed: PlacedBillLine, filters: readonly BillFilter[]): boolean =>
  filters.every(({ name, negated, pattern }) => {
    const found = valuesOf(placed, name);
    const met =
      pattern === ''
        ? found.every((value) => value === '')
        : found.some((value) => value !== '' && globOf(pattern).test(value));
    return met !== negated;
  });

const globOf = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join('.*')}$`,
    's',
  );

function valuesOf({ line, format, file }: PlacedBillLine, name: string): readonly string[] {
  const facts: ReadonlyMap<string, string | undefined> = new Map([
    ['format', format],
    ['file', file ?? undefined],
    ['provider', line.provider],
    ['account', line.account],
    ['service', line.service],
    ['description', line.description],
    ['sku', line.sku],
    ['meter', line.meter],
    ['resource', line.resource],
    ['category', line.category],
    ['currency', line.currency],
    ['model', line.model],
    ['token_type', line.tokenType],
    ['month', new Date(line.start).toISOString().slice(0, 7)],
    ['ai', line.ai.kept ? 'kept' : 'excluded'],
  ]);
  if (name === 'flag') return line.flags;
  if (name === 'label') return line.labels;
  return [(facts.has(name) ? facts.get(name) : line.tags[name]) ?? ''];
}
