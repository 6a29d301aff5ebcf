import { charge } from '../domain/charge.ts';
import type { UsageTotals } from '../domain/meters.ts';
import { type Money, money, ZERO } from '../domain/money.ts';
import { weightOf } from '../domain/pool.ts';
import type { Prices } from '../domain/rate-card.ts';
import type { NegotiatedSpend, Position } from '../domain/spend.ts';
import type { StoredRate } from './stored-rate.ts';

/** Gathers what contracts make of a group's usage, cell by cell of the cube. */
export interface Positions {
  readonly add: (rate: StoredRate, usage: UsageTotals, requests: bigint) => void;
  readonly total: () => NegotiatedSpend;
}

/** What usage costs at prices that cover all of it. Throws when they do not: the ledger never stores such a rate. */
export function costAt(prices: Prices, usage: UsageTotals, requests: bigint): Money {
  const { cost, missing } = charge(usage, prices, requests);
  if (cost === undefined)
    throw new Error(`a rate covers events with ${missing.join(', ')}, which it does not price`);
  return cost;
}

/** Opens the positions of one group. */
export function openPositions(): Positions {
  let contracted = 0n;
  const positions = new Map<string, { -readonly [Name in keyof Position]: Position[Name] }>();
  return {
    add(rate, usage, requests) {
      if (rate.kind === 'not-billable') return;
      const rated = rate.kind === 'rated' ? rate : undefined;
      const { pool } = rate;
      const commit = rated?.commit;
      const list = rated === undefined ? ZERO : costAt(rated.prices, usage, requests);
      const unit =
        rated?.contracted === undefined ? list : costAt(rated.contracted, usage, requests);
      if (pool === undefined && commit === undefined) {
        contracted += unit;
        return;
      }
      const key = `${pool?.id ?? ''}|${commit ?? ''}`;
      const present = positions.get(key) ?? {
        pool: pool?.id,
        commit,
        requests: 0n,
        tokens: 0n,
        list: ZERO,
        contracted: ZERO,
        weight: 0n,
        unlisted: rated === undefined,
      };
      positions.set(key, present);
      present.requests += requests;
      present.tokens += tokensOf(usage);
      present.list = money(present.list + list);
      present.contracted = money(present.contracted + unit);
      if (pool !== undefined) present.weight += weightOf(usage, pool.weights);
    },
    total: () => ({ contracted: money(contracted), positions: [...positions.values()] }),
  };
}

const tokensOf = ({ input, cacheRead, cacheWrite, output }: UsageTotals): bigint =>
  [...cacheWrite.values()].reduce((sum, tokens) => sum + tokens, input + cacheRead + output);
