import { parsePeriod } from '../domain/period.ts';
import type { WatchedSpan } from './snapshot.ts';

/** An hour in milliseconds. */
export const HOUR_MS = 3_600_000;
/** A minute in milliseconds. */
export const MINUTE_MS = 60_000;

/** The time that a span means at an instant. It has no end: what is logged with a clock ahead is not left out. */
export function spanAt(
  name: WatchedSpan,
  now: number,
  timeZone: string,
): { readonly start: number } {
  switch (name) {
    case 'hour':
      // Whole hours are sums that the ledger keeps; the last 60 minutes would be counted call by call.
      return { start: Math.floor(now / HOUR_MS) * HOUR_MS };
    case 'today':
      return { start: periodStart('today', now, timeZone) };
    case 'week':
      return { start: Math.floor(now / HOUR_MS) * HOUR_MS - 7 * 24 * HOUR_MS };
    case 'month':
      return { start: periodStart('this-month', now, timeZone) };
  }
}

const periodStart = (name: string, now: number, timeZone: string): number =>
  parsePeriod(name, { now, timeZone })?.start ?? now;

/** The first instant of the next month in a zone. */
export const monthEndAt = (now: number, timeZone: string): number =>
  parsePeriod('this-month', { now, timeZone })?.end ?? now;
