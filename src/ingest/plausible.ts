import type { UsageEvent } from '../domain/usage.ts';

// No language model was billed by the token before; a time outside is a time in another unit.
const FIRST = Date.UTC(2000, 0, 1);
const LAST = Date.UTC(2100, 0, 1);

/** Attodollars of nine million dollars: past them SQLite's integers end, and so does belief. */
const DEAREST = 9_000_000n * 10n ** 18n;

/** Whether there were calls at a time, in milliseconds UTC; not where it is NaN. */
export const isPlausibleTime = (time: number): boolean => time >= FIRST && time < LAST;

/** Why no call can have been like this, or `undefined`: a number in another unit, or a hostile one. */
export function implausible({
  time,
  latencyMs,
  retryCount,
  requests,
  reportedCost,
}: UsageEvent): string | undefined {
  if (time !== undefined && !isPlausibleTime(time))
    return 'time: expected one from 2000 to 2099; is it in another unit?';
  if (latencyMs !== undefined && !Number.isSafeInteger(latencyMs)) return 'latency_ms: too large';
  if (retryCount !== undefined && !Number.isSafeInteger(retryCount))
    return 'retry_count: too large';
  if (!Number.isSafeInteger(requests) || requests < 1) return 'requests: expected 1 or more';
  if (reportedCost !== undefined && (reportedCost > DEAREST || reportedCost < -DEAREST))
    return 'reported cost: more than nine million dollars for one record';
  return undefined;
}
