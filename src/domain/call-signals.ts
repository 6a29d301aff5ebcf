import type { RulePlan } from './allocation-plan.ts';
import type { Measured } from './allocation-weights.ts';
import { gathered, type KeyedRow } from './direct-spend.ts';
import type { Fraction } from './fraction.ts';
import type { Dimension, Filter, Span, SpendRow } from './spend.ts';
import { counted, grouped } from './words.ts';

/** Which calls are summed, and by what they are told apart. */
export interface CallSumsQuery {
  readonly span: Required<Span>;
  readonly by: readonly Dimension[];
  readonly where: readonly Filter[];
}

/** What calls say of themselves beside what they cost, by group. */
export interface CallSums extends KeyedRow {
  readonly requests: bigint;
  /** How long the timed calls took together. */
  readonly latencyMs: bigint;
  /** Requests that say how long they took. */
  readonly timed: bigint;
  readonly retries: bigint;
  /** Requests that say how often they were retried, 0 included. */
  readonly retryCounted: bigint;
}

/** The tags that tell runs, and steps of runs, apart. */
export const RUN_TAGS: Readonly<Record<'runs' | 'steps', readonly Dimension[]>> = {
  runs: [{ kind: 'tag', name: 'run' }],
  steps: [
    { kind: 'tag', name: 'run' },
    { kind: 'tag', name: 'step' },
  ],
};

type Gathered<Row> = readonly { readonly key: KeyedRow['key']; readonly rows: readonly Row[] }[];

/** A whole number as a quotient; corrections of a closed month may take more out of a group than it has. */
const whole = (part: bigint): Fraction => ({ part: part > 0n ? part : 0n, over: 1n });

/** Counts that every call has. No call at all is nobody using it, which the ledger knows. */
export function measuredCounts(name: string, groups: Gathered<SpendRow>): Measured {
  const of = (row: SpendRow): bigint => {
    const input = row.input + row.cacheRead + row.cacheWrite;
    if (name === 'requests') return row.requests;
    if (name === 'input_tokens') return input;
    return name === 'output_tokens' ? row.output : input + row.output;
  };
  const uses = groups.map(({ key, rows }) => ({
    key,
    quantity: whole(rows.reduce((sum, row) => sum + of(row), 0n)),
    places: [],
  }));
  return { kind: 'measured', uses };
}

/** How many different runs, or steps of runs, calls name. */
export function measuredRuns(
  name: 'runs' | 'steps',
  rows: readonly SpendRow[],
  by: readonly Dimension[],
  rule: RulePlan,
): Measured {
  const tag = name === 'runs' ? 'run' : 'step';
  const at = by.findIndex((each) => each.name === tag);
  const isNamed = ({ key }: KeyedRow): boolean => (key[at] ?? null) !== null;
  const named = rows.filter(isNamed);
  if (rows.length > 0 && named.length === 0)
    return {
      kind: 'missing',
      reason: `no call of the period has a tag ${tag}`,
    };
  const unnamed = rows
    .filter((row) => !isNamed(row))
    .reduce((sum, { requests }) => sum + requests, 0n);
  return {
    kind: 'measured',
    uses: gathered(named, by, rule.by).map(({ key, rows: own }) => ({
      key,
      quantity: whole(BigInt(new Set(own.map((row) => JSON.stringify(runOf(row, by)))).size)),
      places: [],
    })),
    ...(unnamed === 0n
      ? {}
      : {
          caution: `${counted(unnamed, 'request')} without a tag ${tag}, which weigh nothing`,
        }),
  };
}

/** The run of a row, with the step where that was asked for. */
const runOf = ({ key }: KeyedRow, by: readonly Dimension[]): KeyedRow['key'] =>
  by.flatMap(({ name }, index) => (name === 'run' || name === 'step' ? [key[index] ?? null] : []));

/** How long calls took, or how often they were retried, as far as they say. */
export function measuredTimes(
  name: 'compute_time' | 'retries',
  rows: readonly CallSums[],
  by: readonly Dimension[],
  rule: RulePlan,
): Measured {
  const sum = (pick: (row: (typeof rows)[number]) => bigint): bigint =>
    rows.reduce((all, row) => all + pick(row), 0n);
  const requests = sum((row) => row.requests);
  const known = sum((row) => (name === 'retries' ? row.retryCounted : row.timed));
  const what = name === 'retries' ? 'how often it was retried' : 'how long it took';
  if (requests > 0n && known === 0n)
    return { kind: 'missing', reason: `no call of the period says ${what}` };
  return {
    kind: 'measured',
    uses: gathered(rows, by, rule.by).map(({ key, rows: own }) => ({
      key,
      quantity:
        name === 'retries'
          ? whole(own.reduce((all, { retries }) => all + retries, 0n))
          : { part: own.reduce((all, { latencyMs }) => all + latencyMs, 0n), over: 1000n },
      places: [],
    })),
    ...(known === requests
      ? {}
      : {
          caution: `${grouped(requests - known)} of ${counted(requests, 'request')} do not say ${name === 'retries' ? 'how often they were retried' : 'how long they took'} and weigh nothing`,
        }),
  };
}
