import type { ContextTier, HoursBlock, PriceRow } from './rate-card.ts';

/** The row in force at an instant: the last one that has begun. `undefined` before the first. */
export const rowAt = (rows: readonly PriceRow[], time: number): PriceRow | undefined =>
  rows.findLast(({ from }) => from <= time);

/** Whether a block that may end has not ended yet. */
export const inForce = ({ until }: { readonly until?: number }, time: number): boolean =>
  until === undefined || time < until;

/** The highest context tier that a prompt of this size reaches, for the whole request. */
export const contextTierFor = (
  tiers: readonly ContextTier[],
  promptTokens: number,
): ContextTier | undefined =>
  tiers.findLast(({ bound, tokens }) =>
    bound === 'above' ? promptTokens > tokens : promptTokens >= tokens,
  );

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Whether an instant falls into the block's hours, days and calendar, all UTC. */
export function matchesHours(block: HoursBlock, time: number): boolean {
  const minute = Math.floor((((time % DAY) + DAY) % DAY) / MINUTE);
  const inWindow = block.windows.some(({ start, end }) =>
    start < end ? minute >= start && minute < end : minute >= start || minute < end,
  );
  if (!inWindow) return false;
  const date = new Date(time);
  if (block.days.length > 0 && !block.days.includes(date.getUTCDay())) return false;
  return !block.except.has(date.toISOString().slice(0, 10));
}
