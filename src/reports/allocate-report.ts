import type { PoolPlan, RulePlan } from '../domain/allocation-plan.ts';
import type { Allocation } from '../domain/allocation-run.ts';
import { type ChargebackRow, costByPart } from '../domain/chargeback.ts';
import { type Money, money, moneyText, sum, ZERO } from '../domain/money.ts';
import { spanText } from '../domain/period.ts';
import { isOverdue } from '../domain/rule-review.ts';
import type { CostKind, Dimension, Span, UnratedReason } from '../domain/spend.ts';
import { counted } from '../domain/words.ts';
import { confidence, confidenceFacts } from './allocate-confidence.ts';
import { poolTable } from './allocate-pools.ts';
import { allocationRecords, loadRecords } from './allocate-records.ts';
import { stepsTable } from './allocate-steps.ts';
import type { Answer, Cell, Column, Note, Table } from './answer.ts';
import { wholeDollars } from './dollars-text.ts';

/** What a chargeback has to say, before it is cells. */
export interface Chargeback {
  readonly rows: readonly ChargebackRow[];
  readonly allocation: Allocation;
  readonly pools: readonly PoolPlan[];
  readonly rules: readonly RulePlan[];
  /** What `aicost report` says of the same calls; with charges that no call carries. */
  readonly reported: Money;
  readonly unratedReasons: readonly UnratedReason[];
  readonly undatedLeftOut: bigint;
}

/** How it was asked. */
export interface ChargebackOptions {
  readonly by: readonly Dimension[];
  readonly span: Required<Span>;
  readonly timeZone: string;
  readonly cost: CostKind;
  readonly asOf: string;
  readonly digest: string;
  readonly now: number;
  /** Whether the single steps of every split are shown too. */
  readonly showRules: boolean;
  /** Whether every share is wanted as a record: there may be many. */
  readonly forPrograms: boolean;
}

/** More pools than this stand together in one column. */
const MOST_POOL_COLUMNS = 5;

/** Who is charged what: direct spend and shares of pools, with what nobody owns in rows of its own. */
export function allocateReport(found: Chargeback, options: ChargebackOptions): Answer {
  const { rows, allocation } = found;
  const pools = found.pools.filter(({ name }) => (allocation.costs.get(name) ?? ZERO) !== ZERO);
  const columns = pools.length <= MOST_POOL_COLUMNS ? pools : [];
  return {
    schema: 'aicost.allocation/1',
    headline: `Chargeback by ${options.by.map(({ name }) => name).join(', ')}, ${headlineEnd(options)}`,
    facts: {
      ...askedFacts(options),
      ...sums(found),
      confidence: confidenceFacts(rows),
      findings: allocation.findings.map(({ code, about, message, failed }) => ({
        code,
        about,
        message,
        failed,
      })),
      ...(options.forPrograms
        ? {
            allocations: allocationRecords(allocation.shares),
            loads: loadRecords(allocation.loads),
          }
        : {}),
    },
    tables: [
      rowTable(rows, columns, options.by),
      poolTable(found, options.now),
      ...(options.showRules ? [stepsTable(allocation, options.timeZone)] : []),
    ],
    notes: notesOf(found, options),
  };
}

function rowTable(
  rows: readonly ChargebackRow[],
  columns: readonly PoolPlan[],
  by: readonly Dimension[],
): Table {
  const total = money(rows.reduce((all, row) => all + row.total, 0n));
  return {
    name: 'rows',
    columns: [
      ...nameColumns(by),
      { key: 'direct_usd', title: 'Direct', yields: 3 },
      ...columns.map(({ name }): Column => ({ key: name, title: name, yields: 6, only: 'people' })),
      { key: 'allocated_usd', title: 'Allocated', yields: 2 },
      { key: 'total_usd', title: 'Total', yields: 0 },
      { key: 'total_share', title: 'Share', yields: 4 },
      { key: 'confidence', title: 'Confidence', yields: 5, whole: true },
      { key: 'requests', title: 'Requests', yields: 8 },
      { key: 'unrated_requests', title: 'Unpriced', yields: 9, only: 'programs' },
      { key: 'kind', title: 'Kind', yields: 9, only: 'programs' },
    ],
    rows: rows.map((row) => [
      ...nameCells(row, by),
      ...measures(row, columns, total),
      { kind: 'text', value: row.kind },
    ]),
    totals: [
      ...totalNames(by),
      ...measures(together(rows), columns, total),
      { kind: 'text', value: '' },
    ],
    empty: 'No usage and no shared cost in this period.',
  };
}

/** `2026-10-01 to 2026-10-31 (UTC), contracted cost as of 2026-11-21`. */
export const headlineEnd = ({ span, timeZone, cost, asOf }: ChargebackOptions): string =>
  `${spanText(span, timeZone)} (${timeZone}), ${cost} cost as of ${asOf}`;

/** What was asked, for programs. */
export const askedFacts = ({ by, span, timeZone, cost, asOf, digest }: ChargebackOptions) => ({
  period: {
    start: new Date(span.start).toISOString(),
    end: new Date(span.end).toISOString(),
    timezone: timeZone,
  },
  by: by.map(({ name }) => name),
  currency: 'USD',
  cost,
  rate_card: { as_of: asOf, digest },
});

/** The sums that have to agree: calls as reported, what pools add to them, and all of it. */
function sums({ rows, allocation, pools, reported }: Chargeback) {
  const beside = besideCalls(pools, allocation);
  return {
    reported_usd: moneyText(reported),
    beside_calls_usd: moneyText(beside),
    direct_usd: moneyText(sum(rows.map(({ direct }) => direct))),
    allocated_usd: moneyText(sum(rows.map(({ allocated }) => allocated))),
    total_usd: moneyText(sum(rows.map((row) => row.total))),
  };
}

/** Pools whose money is no call's, so that it is in no report of spend. */
const besideCalls = (pools: readonly PoolPlan[], { costs }: Allocation): Money =>
  sum(
    pools
      .filter(
        ({ source }) =>
          source.kind === 'bill' || source.kind === 'hardware' || source.kind === 'accrued',
      )
      .map(({ name }) => costs.get(name) ?? ZERO),
  );

/** The columns that say who a row stands for. */
export const nameColumns = (by: readonly Dimension[]): readonly Column[] =>
  by.map(({ name }) => ({
    key: TAKEN.has(name) ? `tag:${name}` : name,
    title: name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' '),
    yields: 0,
  }));
const TAKEN: ReadonlySet<string> = new Set([
  'direct_usd',
  'allocated_usd',
  'total_usd',
  'total_share',
  'confidence',
  'requests',
  'unrated_requests',
  'kind',
]);

/** Who a row stands for: what nobody owns has a name in parentheses, and no value for programs. */
export function nameCells(row: ChargebackRow, by: readonly Dimension[]): readonly Cell[] {
  const label = rowLabel(row);
  return by.map((_, index): Cell => {
    const value = row.key[index] ?? null;
    if (value !== null) return { kind: 'text', value };
    if (row.kind === 'consumer') return { kind: 'absent', label: '(untagged)' };
    return { kind: 'absent', label: index === 0 || row.kind === 'elsewhere' ? label : '' };
  });
}

/** The name of a row that no single consumer owns. */
export const rowLabel = ({ kind, told }: ChargebackRow): string =>
  kind === 'elsewhere' ? `(by ${told.join(', ')} only)` : `(${kind})`;

/** The names of a row of totals. */
export const totalNames = (by: readonly Dimension[]): readonly Cell[] =>
  by.map((_, index) => ({ kind: 'text', value: index === 0 ? 'Total' : '' }));

/** What rows together stand for. */
export function together(
  rows: readonly ChargebackRow[],
): ChargebackRow & { readonly all: readonly ChargebackRow[] } {
  const of = (pick: (row: ChargebackRow) => bigint): bigint =>
    rows.reduce((all, row) => all + pick(row), 0n);
  return {
    kind: 'consumer',
    key: [],
    told: [],
    direct: money(of((row) => row.direct)),
    inferred: money(of((row) => row.inferred)),
    requests: of((row) => row.requests),
    unrated: of((row) => row.unrated),
    shares: rows.flatMap(({ shares }) => shares),
    allocated: money(of((row) => row.allocated)),
    total: money(of((row) => row.total)),
    all: rows,
  };
}

function measures(
  row: ChargebackRow & { readonly all?: readonly ChargebackRow[] },
  pools: readonly PoolPlan[],
  total: Money,
): readonly Cell[] {
  const amount = (value: Money, partial = false): Cell => ({ kind: 'money', value, partial });
  const isPartial = row.unrated > 0n;
  return [
    amount(row.direct, isPartial),
    ...pools.map(({ name }) =>
      amount(sum(row.shares.filter(({ of }) => of.name === name).map((share) => share.amount))),
    ),
    amount(row.allocated),
    amount(row.total, isPartial),
    total > 0n ? { kind: 'share', part: row.total, whole: total } : { kind: 'unknown' },
    { kind: 'text', value: confidence(row.all ?? [row]) },
    { kind: 'count', value: row.requests },
    { kind: 'count', value: row.unrated },
  ];
}

function notesOf(found: Chargeback, options: ChargebackOptions): readonly Note[] {
  const { rows, rules, allocation, pools, reported, unratedReasons } = found;
  const unrated = rows.reduce((all, row) => all + row.unrated, 0n);
  const overdue = rules.filter((rule) => isOverdue(rule, options.now));
  const beside = besideCalls(pools, allocation);
  return [
    {
      code: 'sum',
      message: `${wholeDollars(reported)} as aicost report --cost ${options.cost} has it and ${wholeDollars(beside)} beside it are ${wholeDollars(sum(rows.map((row) => row.total)))}, all of it in the rows`,
    },
    ...allocation.findings.map(({ code, message }) => ({ code, message })),
    ...(overdue.length === 0
      ? []
      : [
          {
            code: 'review-overdue',
            message: `${counted(overdue.length, 'rule')} overdue for review: ${overdue.map(({ name }) => name).join(', ')}; aicost allocate --due lists them`,
          },
        ]),
    ...(unrated === 0n
      ? []
      : [
          {
            code: 'unrated',
            message: `${counted(unrated, 'request')} without a price, not in these costs${unratedReasons[0] === undefined ? '' : `: ${unratedReasons[0].message}`}`,
          },
        ]),
    ...(found.undatedLeftOut === 0n
      ? []
      : [
          {
            code: 'undated',
            message: `${counted(found.undatedLeftOut, 'request')} without a time, left out of the period; give them one with aicost ingest --time`,
          },
        ]),
  ];
}

/** What a row costs in each part, for those who add it up. */
export const partsOf = (rows: readonly ChargebackRow[]): ReturnType<typeof costByPart> =>
  rows.length === 0 ? new Map() : costByPart(together(rows));
