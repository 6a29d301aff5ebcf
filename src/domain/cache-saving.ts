import { charge, costOf } from './charge.ts';
import type { Fraction } from './fraction.ts';
import { cacheWriteMeter, type UsageTotals } from './meters.ts';
import { type Money, money } from './money.ts';
import type { Prices } from './rate-card.ts';
import type { Part } from './usage.ts';

/** What providers charge for keeping a cache, in token hours (FOCUS draft, its second example of prompt caching). */
const STORAGE = 'cache_storage_token_hour';

const FRESH_PART: Readonly<Partial<Record<Part, Part>>> = {
  audio_cache_read: 'audio_input',
  image_cache_read: 'image_input',
  video_cache_read: 'video_input',
};

/** The same usage as if there were no prompt cache: all of the prompt is fresh input, and nothing is kept. */
export function uncached(usage: UsageTotals): UsageTotals {
  let input = usage.input + usage.cacheRead;
  for (const written of usage.cacheWrite.values()) input += written;
  const parts = new Map<Part, bigint>();
  for (const [part, quantity] of usage.parts) {
    const fresh = FRESH_PART[part] ?? part;
    parts.set(fresh, (parts.get(fresh) ?? 0n) + quantity);
  }
  const fees = new Map([...usage.fees].filter(([name]) => name !== STORAGE));
  return { ...usage, input, cacheRead: 0n, cacheWrite: new Map(), parts, fees };
}

/** Whether usage read from a prompt cache, wrote to one or paid for keeping one. */
export const usesCache = ({ cacheRead, cacheWrite, fees }: UsageTotals): boolean =>
  cacheRead > 0n || cacheWrite.size > 0 || fees.has(STORAGE);

/**
 * What prompt caching has saved on usage, less than nothing where writing and keeping cost more than reading
 * saved: all of its prompt at the price of input, less what was paid, storage included. `undefined` where a
 * price is missing.
 */
export function realisedSaving(
  usage: UsageTotals,
  prices: Prices,
  requests: bigint,
): Money | undefined {
  const without = costOf(uncached(usage), prices, requests);
  const paid = charge(usage, prices, requests).cost;
  return without === undefined || paid === undefined ? undefined : money(without - paid);
}

/**
 * How often a token written to a cache has to be read until caching is cheaper than not caching: what writing
 * costs more than input, over what reading costs less. `undefined` where a price is missing, or reading is
 * no cheaper.
 */
export function breakEvenReads(prices: Prices, ttl: string): Fraction | undefined {
  const [input, read, written] = [
    prices.get('input')?.amount,
    prices.get('cache_read')?.amount,
    prices.get(cacheWriteMeter(ttl))?.amount,
  ];
  if (input === undefined || read === undefined || read >= input) return undefined;
  return { part: (written ?? input) - input, over: input - read };
}
