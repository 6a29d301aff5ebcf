import { type Money, money } from '../domain/money.ts';
import type { Dimension } from '../domain/spend.ts';
import { counted } from '../domain/words.ts';
import type { MoneyRange, Part, Remark, RunResult } from '../whatif/run-result.ts';
import { type Cell, type Column, optionalText, type Table } from './answer.ts';
import { keyColumns } from './spend-columns.ts';

/** What requests save. */
export const savingOf = ({ before, after }: Part, name: keyof MoneyRange = 'mid'): Money =>
  money(before - after[name]);

/** Whether any of these requests has a price, or there are none: what no price is known for is not zero. */
export const isPriced = ({ requests, unpriced }: Part): boolean =>
  requests === 0n || unpriced < requests;

/** Dollars as a cell. */
export const amount = (value: Money): Cell => ({ kind: 'money', value });
const count = (value: bigint): Cell => ({ kind: 'count', value });
/** A text as a cell. */
export const text = (value: string): Cell => ({ kind: 'text', value });
/** What cannot be told. */
export const UNKNOWN: Cell = { kind: 'unknown' };

/** What requests cost now. */
export const BEFORE: Column = { key: 'before_usd', title: 'Before', yields: 0 };
/** What they would cost. */
export const AFTER: Column = { key: 'after_usd', title: 'After', yields: 0 };
/** The difference. */
export const SAVING: Column = { key: 'saving_usd', title: 'Saving', yields: 0 };

/** Before, after and saving of requests; unknown where none of them has a price. */
const amounts = (part: Part): readonly Cell[] =>
  isPriced(part)
    ? [amount(part.before), amount(part.after.mid), amount(savingOf(part))]
    : [UNKNOWN, UNKNOWN, UNKNOWN];

/** Where the requests went: changed, unchanged, left out by reason; they add up to all. */
export function partsTable(result: RunResult): Table {
  const row = (
    name: string,
    code: string | undefined,
    why: string,
    part: Part,
  ): readonly Cell[] => [
    text(name),
    optionalText(code),
    text(why),
    count(part.requests),
    count(part.unpriced),
    ...amounts(part),
  ];
  const unpriced = result.total.unpriced > 0n;
  return {
    name: 'rows',
    title: 'Requests',
    columns: [
      { key: 'part', title: 'Part', yields: 0 },
      { key: 'reason', title: 'Code', yields: 0, only: 'programs' },
      {
        key: 'why',
        title: 'Why',
        yields: 0,
        wraps: true,
        ...(result.excluded.length > 0 ? {} : { only: 'programs' }),
      },
      { key: 'requests', title: 'Requests', yields: 0 },
      {
        key: 'unpriced_requests',
        title: 'Unpriced',
        yields: 3,
        ...(unpriced ? {} : { only: 'programs' }),
      },
      BEFORE,
      AFTER,
      { ...SAVING, yields: 2 },
    ],
    rows: [
      row('changed', undefined, '', result.changed),
      row('unchanged', undefined, '', result.unchanged),
      ...byCode(result.excluded).map(({ code, why, part }) => row('excluded', code, why, part)),
    ],
    totals: row('Total', undefined, '', result.total),
  };
}

interface CodedPart {
  readonly code: string;
  readonly why: string;
  readonly part: Part;
}

/** What was left out by the code of the reason: a ledger of fifty models has fifty wordings of one. */
function byCode(excluded: RunResult['excluded']): readonly CodedPart[] {
  const codes = new Map<string, RunResult['excluded'][number][]>();
  for (const part of excluded)
    codes.set(part.reason.code, [...(codes.get(part.reason.code) ?? []), part]);
  return [...codes].map(([code, parts]) => {
    const others = parts.length - 1;
    const first = parts[0]?.reason.message ?? '';
    const why = others === 0 ? first : `${first}; and ${counted(BigInt(others), 'other reason')}`;
    return { code, why, part: sumOfParts(parts) };
  });
}

/** Savings by group of --by. */
export function groupsTable(
  { groups, total }: RunResult,
  { by, minSaving }: { readonly by: readonly Dimension[]; readonly minSaving?: Money },
): Table {
  const shown = groups.filter((group) => minSaving === undefined || savingOf(group) >= minSaving);
  const rest = groups.filter((group) => !shown.includes(group));
  const cells = (keys: readonly Cell[], part: Part, changed: bigint): readonly Cell[] => [
    ...keys,
    count(part.requests),
    count(changed),
    ...amounts(part),
    part.before > 0n ? { kind: 'share', part: savingOf(part), whole: part.before } : UNKNOWN,
  ];
  const named = (value: string): readonly Cell[] =>
    by.map((_, index): Cell => (index === 0 ? text(value) : { kind: 'absent', label: '' }));
  const summed = sumOfParts(rest);
  const changedOf = (some: RunResult['groups']): bigint =>
    some.reduce((sum, { changed }) => sum + changed, 0n);
  return {
    name: 'groups',
    title: `By ${by.map(({ name }) => name).join(', ')}`,
    columns: [
      ...keyColumns({ by }),
      { key: 'requests', title: 'Requests', yields: 2 },
      { key: 'changed_requests', title: 'Changed', yields: 3 },
      BEFORE,
      AFTER,
      SAVING,
      { key: 'saving_ratio', title: 'Saves', yields: 1 },
    ],
    rows: [
      ...shown.map((group) =>
        cells(
          group.key.map((value): Cell =>
            value === null ? { kind: 'absent', label: '(none)' } : text(value),
          ),
          group,
          group.changed,
        ),
      ),
      ...(rest.length === 0
        ? []
        : [
            cells(
              named(`(${counted(BigInt(rest.length), 'group')} saving less)`),
              summed,
              changedOf(rest),
            ),
          ]),
    ],
    totals: cells(named('Total'), total, changedOf(groups)),
  };
}

function sumOfParts(parts: readonly Part[]): Part {
  const add = (of: (part: Part) => bigint): bigint =>
    parts.reduce((sum, part) => sum + of(part), 0n);
  return {
    requests: add(({ requests }) => requests),
    unpriced: add(({ unpriced }) => unpriced),
    before: money(add(({ before }) => before)),
    after: {
      low: money(add(({ after }) => after.low)),
      mid: money(add(({ after }) => after.mid)),
      high: money(add(({ after }) => after.high)),
    },
  };
}

/** Changed requests by where they go. */
export const destinationsTable = ({ destinations, changed }: RunResult): Table => {
  const cells = (to: string, part: Part): readonly Cell[] => [
    text(to),
    count(part.requests),
    amount(part.before),
    amount(part.after.mid),
    amount(savingOf(part)),
  ];
  return {
    name: 'destinations',
    title: 'Where they go',
    columns: [
      { key: 'to', title: 'To', yields: 0 },
      { key: 'requests', title: 'Requests', yields: 0 },
      BEFORE,
      AFTER,
      SAVING,
    ],
    rows: destinations.map(({ to, part }) => cells(to, part)),
    totals: cells('Total', changed),
  };
};

/** What is not known of changed requests, and what may go wrong with them. */
export const remarkTables = ({ doubts, risks }: RunResult): readonly Table[] => [
  ...remarkTable('doubts', 'Changed, but not known to fit', doubts),
  ...remarkTable('risks', 'Changed, and at risk', risks),
];

const remarkTable = (name: string, title: string, remarks: readonly Remark[]): readonly Table[] =>
  remarks.length === 0
    ? []
    : [
        {
          name,
          title,
          columns: [
            { key: 'reason', title: 'Code', yields: 0, only: 'programs' },
            { key: 'why', title: 'Why', yields: 0, wraps: true },
            { key: 'requests', title: 'Requests', yields: 0 },
            BEFORE,
          ],
          rows: remarks.map(({ reason, requests, before }): readonly Cell[] => [
            text(reason.code),
            text(reason.message),
            count(requests),
            amount(before),
          ]),
        },
      ];
