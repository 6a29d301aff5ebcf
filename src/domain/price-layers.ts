import { direction, isFee, type Meter } from './meters.ts';
import type { Decimal } from './money.ts';
import type { Covers, Prices } from './rate-card.ts';
import { multiply, type UnitPrice } from './unit-price.ts';

/** Lays a block's prices over others, meter by meter; those that `keep` lists stay. */
export function overlay(
  prices: Map<Meter, UnitPrice>,
  block: Prices | undefined,
  keep?: Prices,
): void {
  if (block === undefined) return;
  for (const [meter, price] of block) if (keep?.has(meter) !== true) prices.set(meter, price);
}

/** Whether a multiplier with this cover reaches a meter. */
export const covers = (cover: Covers, meter: Meter): boolean =>
  cover === 'tokens' ? !isFee(meter) : cover.includes(direction(meter)) || cover.includes(meter);

/** Multiplies the prices that a cover reaches. */
export function scale(prices: Map<Meter, UnitPrice>, factor: Decimal, cover: Covers): void {
  for (const [meter, price] of prices)
    if (covers(cover, meter)) prices.set(meter, multiply(price, factor));
}
