import { charge, costOf } from './charge.ts';
import type { UsageTotals } from './meters.ts';
import { type Money, money, ZERO } from './money.ts';
import { type PoolShare, weightOf } from './pool.ts';
import type { Prices } from './rate-card.ts';
import type { Position } from './spend.ts';

/** What decides the negotiated cost of usage: prices with and without terms, and what it takes part in. */
export interface NegotiatedRate {
  /** List prices; absent for usage of own hardware. */
  readonly prices?: Prices;
  /** Prices after terms, where they differ from list prices. */
  readonly contracted?: Prices | undefined;
  readonly pool?: PoolShare | undefined;
  readonly commit?: string | undefined;
}

/** What usage costs at prices that cover all of it. Throws when they do not: no ledger stores such a rate. */
export function costAt(prices: Prices, usage: UsageTotals, requests: bigint): Money {
  const cost = costOf(usage, prices, requests);
  if (cost !== undefined) return cost;
  const { missing } = charge(usage, prices, requests);
  throw new Error(`a rate covers events with ${missing.join(', ')}, which it does not price`);
}

/** Usage under a rate as a position; without pool and commitment, `contracted` is all that it costs. */
export function positionOf(
  { prices, contracted, pool, commit }: NegotiatedRate,
  usage: UsageTotals,
  requests: bigint,
): Position {
  const list = prices === undefined ? ZERO : costAt(prices, usage, requests);
  return {
    pool: pool?.id,
    commit,
    requests,
    tokens: tokensOf(usage),
    list,
    contracted: contracted === undefined ? list : costAt(contracted, usage, requests),
    weight: pool === undefined ? 0n : weightOf(usage, pool.weights),
    unlisted: prices === undefined,
  };
}

const tokensOf = ({ input, cacheRead, cacheWrite, output }: UsageTotals): bigint =>
  [...cacheWrite.values()].reduce((sum, tokens) => sum + tokens, input + cacheRead + output);

/** Adds usage to the position of its pool and commitment. */
export function addPosition(positions: Map<string, Position>, one: Position): void {
  const key = JSON.stringify([one.pool, one.commit]);
  const present = positions.get(key);
  positions.set(key, present === undefined ? one : together(present, one));
}

const together = (a: Position, b: Position): Position => ({
  ...a,
  requests: a.requests + b.requests,
  tokens: a.tokens + b.tokens,
  list: money(a.list + b.list),
  contracted: money(a.contracted + b.contracted),
  weight: a.weight + b.weight,
});
