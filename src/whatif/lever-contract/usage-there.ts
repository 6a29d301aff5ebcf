import { uncached } from '../../domain/cache-saving.ts';
import { charge } from '../../domain/charge.ts';
import type { Fraction } from '../../domain/fraction.ts';
import { cacheWriteMeter, type UsageTotals } from '../../domain/meters.ts';
import type { Prices } from '../../domain/rate-card.ts';

/**
 * The same prompt where a cache of other rules keeps the same tokens. Writes have the price of their time to live,
 * else the usual one of the place; where writing has no price of its own, they are fresh input.
 */
export function cachedThere(usage: UsageTotals, prices: Prices): UsageTotals {
  if (!prices.has('cache_read')) return uncached(usage);
  let input = usage.input;
  const cacheWrite = new Map<string, bigint>();
  for (const [ttl, quantity] of usage.cacheWrite) {
    const there = [ttl, 'default'].find((name) => prices.has(cacheWriteMeter(name)));
    if (there === undefined) input += quantity;
    else cacheWrite.set(there, (cacheWrite.get(there) ?? 0n) + quantity);
  }
  return { ...usage, input, cacheWrite };
}

/** What usage costs, or the meters that have no price. */
export type CostThere =
  | { readonly kind: 'cost'; readonly cost: Fraction }
  | { readonly kind: 'unpriced'; readonly missing: readonly string[] };

/** What `ratio` times the tokens of a usage cost, exactly; what is not tokens stays as it is. */
export function costThere(
  usage: UsageTotals,
  prices: Prices,
  requests: bigint,
  { part, over }: Fraction,
): CostThere {
  const times = <Name>(counts: ReadonlyMap<Name, bigint>): ReadonlyMap<Name, bigint> =>
    new Map([...counts].map(([name, quantity]) => [name, quantity * part]));
  const tokens = charge(
    {
      input: usage.input * part,
      cacheRead: usage.cacheRead * part,
      cacheWrite: times(usage.cacheWrite),
      output: usage.output * part,
      reasoning: usage.reasoning * part,
      parts: times(usage.parts),
      fees: NOTHING,
    },
    prices,
    0n,
  );
  const fees = charge({ ...NO_TOKENS, fees: usage.fees }, prices, requests);
  if (tokens.cost === undefined || fees.cost === undefined)
    return { kind: 'unpriced', missing: [...tokens.missing, ...fees.missing] };
  return { kind: 'cost', cost: { part: tokens.cost + fees.cost * over, over } };
}

const NOTHING: ReadonlyMap<string, bigint> = new Map();
const NO_TOKENS: UsageTotals = {
  input: 0n,
  cacheRead: 0n,
  cacheWrite: NOTHING,
  output: 0n,
  reasoning: 0n,
  parts: new Map(),
  fees: NOTHING,
};
