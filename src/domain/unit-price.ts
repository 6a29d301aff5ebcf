import {
  type Decimal,
  decimalText,
  divideHalfEven,
  type Money,
  money,
  MONEY_DECIMALS,
  rescale,
} from './money.ts';

/**
 * What one unit of a meter costs: `amount` attodollars for `per` units. `per` is 1 for tokens and calls;
 * an hour of audio is metered in milliseconds, so its price is for 3,600,000 of them.
 */
export interface UnitPrice {
  readonly amount: bigint;
  readonly per: number;
}

/** Units that a published price is quoted for, by how the card quotes it. */
export const QUOTED_FOR = {
  million: 1_000_000n,
  thousand: 1_000n,
  one: 1n,
} as const;

/**
 * A published price as a price per unit. Exact while the price has no more than 12 decimals per million;
 * the card's own limit is 8 (reference: rates/README.md).
 */
export const unitPrice = (published: Decimal, quotedFor: bigint, per = 1): UnitPrice => ({
  amount: divideHalfEven(rescale(published, MONEY_DECIMALS + 6), quotedFor * 1_000_000n),
  per,
});

/** The price times an exact factor, rounded half to even to a whole attodollar per unit, once. */
export const multiply = ({ amount, per }: UnitPrice, factor: Decimal): UnitPrice => ({
  amount: divideHalfEven(amount * factor.digits, 10n ** BigInt(factor.scale)),
  per,
});

/** What a quantity costs at a price. Exact where `per` is 1. */
export const priceOf = (quantity: bigint, { amount, per }: UnitPrice): Money =>
  money(per === 1 ? quantity * amount : divideHalfEven(quantity * amount, BigInt(per)));

/** A price of tokens as cards write it, per million with at least two decimals: `2.50`, `0.003625`. */
export function priceDecimal({ amount }: UnitPrice): string {
  // 1e-18 dollars a token are 1e-12 dollars a million.
  const text = decimalText(amount, MONEY_DECIMALS - 6);
  const [whole = '0', fraction = ''] = text.split('.');
  return `${whole}.${fraction.padEnd(2, '0')}`;
}
