type Kept<K extends string> = string extends K
  ? Record<string, number>
  : Partial<Record<K, number>>;

/** Keeps the counts above 0, so that a part, fee or time to live of 0 and an absent one are the same event. */
export const positiveCounts = <K extends string>(
  counts: Readonly<Record<K, number | undefined>>,
): Kept<K> =>
  Object.fromEntries(
    Object.entries<number | undefined>(counts).filter(
      ([, count]) => count !== undefined && count > 0,
    ),
  ) as Kept<K>;
