import {
  cacheWriteMeter,
  decompose,
  feeMeter,
  type Meter,
  meterName,
  totalsOf,
  type UsageTotals,
} from './meters.ts';
import { type Money, money, sum } from './money.ts';
import type { Prices } from './rate-card.ts';
import { priceOf, type UnitPrice } from './unit-price.ts';
import type { Usage } from './usage.ts';

const PER_REQUEST = feeMeter('request');

/** What one meter of a call costs. `price` is `undefined` where the row lists none. */
export interface ChargeLine {
  readonly meter: Meter;
  readonly quantity: bigint;
  readonly price: UnitPrice | undefined;
  readonly cost: Money | undefined;
}

/** The lines of a call, and their sum; `cost` is `undefined` as soon as one line has no price. */
export interface Charge {
  readonly lines: readonly ChargeLine[];
  readonly cost: Money | undefined;
  /** Names of the meters that were used and have no price. */
  readonly missing: readonly string[];
}

/**
 * Prices the usage of `requests` calls, meter by meter. A meter without a price leaves all of it
 * without a cost. Where the row has a price per request, each call is charged that too.
 */
export function charge(usage: UsageTotals, prices: Prices, requests: bigint): Charge {
  const metered = [...decompose(usage, prices.has('reasoning'))];
  if (prices.has(PER_REQUEST)) metered.push({ meter: PER_REQUEST, quantity: requests });
  const lines = metered.map(({ meter, quantity }): ChargeLine => {
    const price = prices.get(meter);
    return {
      meter,
      quantity,
      price,
      cost: price === undefined ? undefined : priceOf(quantity, price),
    };
  });
  const missing = lines
    .filter(({ price }) => price === undefined)
    .map(({ meter }) => meterName(meter));
  const costs = lines.flatMap(({ cost }) => (cost === undefined ? [] : [cost]));
  return { lines, cost: missing.length === 0 ? sum(costs) : undefined, missing };
}

/**
 * What `charge` says a usage costs, without building lines where nothing but the common meters was used: a
 * report asks this for thousands of sums.
 */
export function costOf(usage: UsageTotals, prices: Prices, requests: bigint): Money | undefined {
  if (usage.parts.size + usage.fees.size > 0 || prices.has('reasoning') || prices.has(PER_REQUEST))
    return charge(usage, prices, requests).cost;
  let cost = 0n;
  const add = (meter: Meter, quantity: bigint): boolean => {
    if (quantity === 0n) return true;
    const price = prices.get(meter);
    if (price === undefined) return false;
    cost += priceOf(quantity, price);
    return true;
  };
  for (const [ttl, quantity] of usage.cacheWrite)
    if (!add(cacheWriteMeter(ttl), quantity)) return undefined;
  return add('input', usage.input) &&
    add('cache_read', usage.cacheRead) &&
    add('output', usage.output)
    ? money(cost)
    : undefined;
}

/**
 * The first meter of a single call that was used and has no price; `undefined` when all have one.
 * As `charge`, without building lines: ingest asks this for every event.
 */
export function unpricedMeter(usage: Usage, prices: Prices): string | undefined {
  const plain = isEmpty(usage.parts) && isEmpty(usage.fees);
  if (!plain) return charge(totalsOf(usage), prices, 1n).missing[0];
  if (usage.input > 0 && !prices.has('input')) return 'input';
  if (usage.cacheRead > 0 && !prices.has('cache_read')) return 'cache_read';
  if (usage.output > 0 && !prices.has('output')) return 'output';
  for (const ttl in usage.cacheWrite)
    if ((usage.cacheWrite[ttl] ?? 0) > 0 && !prices.has(cacheWriteMeter(ttl)))
      return cacheWriteMeter(ttl);
  return undefined;
}

/** Whether an object has no fields, without listing them. */
function isEmpty(counts: object): boolean {
  for (const _name in counts) return false;
  return true;
}
