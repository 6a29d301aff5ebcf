type Kept<K extends string> = string extends K
  ? Record<string, number>
  : Partial<Record<K, number>>;

/** Keeps the counts above 0, so that a part, fee or time to live of 0 and an absent one are the same event. */
export function positiveCounts<K extends string>(
  counts: Readonly<Record<K, number | undefined>>,
): Kept<K> {
  const kept: [string, number][] = [];
  for (const name in counts) {
    const count = counts[name];
    if (count !== undefined && count > 0) kept.push([name, count]);
  }
  // Nearly always nothing is left.
  return (kept.length === 0 ? {} : Object.fromEntries(kept)) as Kept<K>;
}
