import { added, NO_CALLS, type Sum, callsOf } from './coverage.ts';
import type { SpendRow } from './spend.ts';

/** A key that calls of several features go through. */
export interface SharedKey {
  readonly key: string;
  /** Features by name. */
  readonly features: readonly string[];
  readonly calls: Sum;
  /** Calls that name no feature: what nobody can split. */
  readonly unsplittable: Sum;
}

/** Keys of an answer by key and feature that at least `fewest` features share, those with most that cannot be split first. */
export function sharedKeys(rows: Iterable<SpendRow>, fewest: number): readonly SharedKey[] {
  const keys = new Map<string, SharedKey>();
  for (const row of rows) {
    const [key, feature] = row.key;
    if (key === null || key === undefined) continue;
    const before = keys.get(key) ?? { key, features: [], calls: NO_CALLS, unsplittable: NO_CALLS };
    const calls = callsOf(row);
    const named = feature !== null && feature !== undefined;
    keys.set(key, {
      key,
      features: named ? [...before.features, feature] : before.features,
      calls: added(before.calls, calls),
      unsplittable: named ? before.unsplittable : added(before.unsplittable, calls),
    });
  }
  return [...keys.values()]
    .filter(({ features }) => features.length >= fewest)
    .map((shared) => ({ ...shared, features: shared.features.toSorted() }))
    .sort(
      (a, b) =>
        compare(b.unsplittable.cost, a.unsplittable.cost) ||
        compare(b.unsplittable.requests, a.unsplittable.requests) ||
        compare(b.calls.cost, a.calls.cost) ||
        (a.key < b.key ? -1 : 1),
    );
}

const compare = (a: bigint, b: bigint): number => (a === b ? 0 : a < b ? -1 : 1);
