import { distinctDimensions, fitsAll, type ValueOf, valuesOf } from './filter-match.ts';
import { added, NO_CALLS, type Sum, callsOf } from './coverage.ts';
import type { Dimension, SpendRow } from './spend.ts';
import type { OwnerRule } from './tag-rules.ts';

/** What has to be known of calls to find their owner. */
export const ownedBy = (rules: readonly OwnerRule[]): readonly Dimension[] =>
  distinctDimensions(rules.flatMap(({ where }) => where.map(({ dimension }) => dimension)));

/** The owner of calls; `undefined` where no rule fits. */
export const ownerOf = (rules: readonly OwnerRule[], valueOf: ValueOf): string | undefined =>
  rules.find(({ where }) => fitsAll(where, valueOf))?.owner;

/** Something that calls go through or come from, such as a key or a model, and who answers for it. */
export interface Holding {
  readonly value: string;
  readonly calls: Sum;
  /** Calls that no rule gives an owner. */
  readonly ownerless: Sum;
  /** Owners by name. */
  readonly owners: readonly string[];
}

/**
 * Gathers the groups of an answer, asked for by `of` and ownedBy(rules), by the values of `of`.
 * Calls without a value are nobody's holding and are left out.
 */
export function holdings(
  rows: Iterable<SpendRow>,
  by: readonly Dimension[],
  of: Dimension,
  rules: readonly OwnerRule[],
): readonly Holding[] {
  const found = new Map<string, Holding>();
  for (const row of rows) {
    const valueOf = valuesOf(by, row.key);
    const value = valueOf(of);
    if (value === null) continue;
    const before = found.get(value) ?? { value, calls: NO_CALLS, ownerless: NO_CALLS, owners: [] };
    found.set(value, withRow(before, row, ownerOf(rules, valueOf)));
  }
  return [...found.values()];
}

function withRow(before: Holding, row: SpendRow, owner: string | undefined): Holding {
  const calls = callsOf(row);
  const known = owner === undefined || before.owners.includes(owner);
  return {
    ...before,
    calls: added(before.calls, calls),
    ownerless: owner === undefined ? added(before.ownerless, calls) : before.ownerless,
    owners: known ? before.owners : [...before.owners, owner].toSorted(),
  };
}
