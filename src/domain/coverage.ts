import { valuesOf } from './filter-match.ts';
import { type Decimal, type Money, money, ZERO } from './money.ts';
import { judgeTags, requiredKeys, type TagPolicy } from './required-tags.ts';
import type { Dimension, Spend, SpendRow } from './spend.ts';

/** Calls and what they cost; `unrated` of them have usage and no price, and are not in `cost`. */
export interface Sum {
  readonly requests: bigint;
  readonly unrated: bigint;
  readonly cost: Money;
}

/** No calls. */
export const NO_CALLS: Sum = { requests: 0n, unrated: 0n, cost: ZERO };

/** Two sums in one. */
export const added = (a: Sum, b: Sum): Sum => ({
  requests: a.requests + b.requests,
  unrated: a.unrated + b.unrated,
  cost: money(a.cost + b.cost),
});

/** What a group of an answer counts. */
export const callsOf = ({ requests, unrated, cost }: Spend): Sum => ({
  requests,
  unrated,
  cost,
});

/** Calls that have to carry something, and the part of them that does not. */
export interface Coverage {
  readonly all: Sum;
  readonly missing: Sum;
}

/** Nothing to cover. */
export const NO_COVERAGE: Coverage = { all: NO_CALLS, missing: NO_CALLS };

/** What does carry it. */
export const covered = ({ all, missing }: Coverage): Sum => ({
  requests: all.requests - missing.requests,
  unrated: all.unrated - missing.unrated,
  cost: money(all.cost - missing.cost),
});

/** Coverage with a group of calls more. */
const withCalls = ({ all, missing }: Coverage, calls: Sum, lacks: boolean): Coverage => ({
  all: added(all, calls),
  missing: lacks ? added(missing, calls) : missing,
});

/** Whether at least `percent` of the spend is covered; `undefined` where there is none to judge by. */
export const reaches = (coverage: Coverage, { digits, scale }: Decimal): boolean | undefined =>
  coverage.all.cost > 0n
    ? covered(coverage).cost * 100n * 10n ** BigInt(scale) >= coverage.all.cost * digits
    : undefined;

/** Coverage of calls by each required tag, by all of them together, and by all of them week after week. */
export interface TagCoverage {
  readonly keys: ReadonlyMap<string, Coverage>;
  readonly together: Coverage;
  /** By the first instant of a week, milliseconds UTC; null for calls without a time. */
  readonly weeks: ReadonlyMap<number | null, Coverage>;
}

/** Holds the groups of an answer, asked for by `by` and by weeks, against a policy. */
export function tagCoverage(
  rows: Iterable<SpendRow>,
  by: readonly Dimension[],
  policy: TagPolicy,
): TagCoverage {
  const keys = new Map<string, Coverage>(requiredKeys(policy).map((key) => [key, NO_COVERAGE]));
  const weeks = new Map<number | null, Coverage>();
  let together = NO_COVERAGE;
  for (const row of rows) {
    const calls = callsOf(row);
    const { required, missing } = judgeTags(policy, valuesOf(by, row.key));
    for (const key of required)
      keys.set(key, withCalls(keys.get(key) ?? NO_COVERAGE, calls, missing.includes(key)));
    const lacks = missing.length > 0;
    together = withCalls(together, calls, lacks);
    const week = row.step ?? null;
    weeks.set(week, withCalls(weeks.get(week) ?? NO_COVERAGE, calls, lacks));
  }
  return { keys, together, weeks };
}
