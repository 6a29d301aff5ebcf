import { money, type Money, ZERO } from '../domain/money.ts';
import type { Spend } from '../domain/spend.ts';

/** What calls used and cost. */
export interface Amount {
  /** At list prices, of what has a price. */
  readonly cost: Money;
  readonly requests: bigint;
  /** Of these, requests that have usage and no price: `cost` is too low by theirs. */
  readonly unrated: bigint;
  /** Prompt and answer together. */
  readonly tokens: bigint;
}

/** No calls. */
export const NOTHING: Amount = { cost: ZERO, requests: 0n, unrated: 0n, tokens: 0n };

/** What the screen can count in. */
export const UNITS = ['cost', 'tokens', 'requests'] as const;
/** One of UNITS. */
export type Unit = (typeof UNITS)[number];

/** The amount in one unit: attodollars, tokens or requests. */
export const inUnit = (amount: Amount, unit: Unit): bigint => amount[unit];

/** The sums of a row of the ledger's answer. */
export const amountOf = ({
  cost,
  requests,
  unrated,
  input,
  cacheRead,
  cacheWrite,
  output,
}: Spend): Amount => ({
  cost,
  requests,
  unrated,
  tokens: input + cacheRead + cacheWrite + output,
});

/** All of them together. */
export function total(amounts: Iterable<Amount>): Amount {
  let [cost, requests, unrated, tokens] = [0n, 0n, 0n, 0n];
  for (const each of amounts) {
    cost += each.cost;
    requests += each.requests;
    unrated += each.unrated;
    tokens += each.tokens;
  }
  return { cost: money(cost), requests, unrated, tokens };
}

/** A part of an amount, `part` of `whole`; rounded down, since it stands for what is usual. */
export const partOf = (amount: Amount, part: bigint, whole: bigint): Amount => ({
  cost: money((amount.cost * part) / whole),
  requests: (amount.requests * part) / whole,
  unrated: (amount.unrated * part) / whole,
  tokens: (amount.tokens * part) / whole,
});
