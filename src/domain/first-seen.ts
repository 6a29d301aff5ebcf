import type { Span, SpendRow } from './spend.ts';

/** Days on which a value was seen, as their first instants, milliseconds UTC. */
export interface SeenDays {
  readonly first: number;
  readonly last: number;
}

/** First and last day of every value, from an answer by one dimension and days. Calls without a time show no day. */
export function seenDays(rows: Iterable<SpendRow>): ReadonlyMap<string, SeenDays> {
  const seen = new Map<string, SeenDays>();
  for (const { key, step } of rows) {
    const [value] = key;
    if (value === null || value === undefined || step === null || step === undefined) continue;
    const before = seen.get(value);
    seen.set(value, {
      first: Math.min(before?.first ?? step, step),
      last: Math.max(before?.last ?? step, step),
    });
  }
  return seen;
}

/** Values whose first day lies in a window, so that each is new once and not again the next day. */
export const firstSeenIn = (
  seen: ReadonlyMap<string, SeenDays>,
  { start, end }: Required<Span>,
): readonly string[] =>
  [...seen].flatMap(([value, { first }]) => (first >= start && first < end ? [value] : []));
