import { divideHalfEven, MONEY_DECIMALS } from '../domain/money.ts';
import type { Money } from '../domain/money.ts';
import { grouped } from '../domain/words.ts';

const USD = 10n ** BigInt(MONEY_DECIMALS);

/**
 * Digits after the point that a column of these amounts is shown with, so that the points line up.
 * From $100 up cents are enough. From $1 up four digits, if small amounts stand beside it. Below, three
 * significant digits of the smallest amount, six digits at most (ten where the largest needs them).
 */
export function moneyDecimals(amounts: readonly Money[]): number {
  const sizes = amounts.map(size).filter((each) => each > 0n);
  const [first] = sizes;
  if (first === undefined) return 2;
  let largest = first;
  let smallest = first;
  for (const each of sizes) {
    if (each > largest) largest = each;
    if (each < smallest) smallest = each;
  }
  return withoutZeros(sizes, wantedDecimals(smallest, largest));
}

/** Money as people read it, rounded half to even; never $0.00 for an amount that is not zero. */
export function moneyDisplay(amount: Money, decimals: number): string {
  const units = roundTo(size(amount), decimals);
  const sign = amount < 0n ? '-' : '';
  if (units > 0n || amount === 0n) return `${sign}$${fixed(units, decimals)}`;
  return `${amount < 0n ? '>' : '<'}${sign}$${fixed(1n, decimals)}`;
}

function wantedDecimals(smallest: bigint, largest: bigint): number {
  if (largest >= 100n * USD) return 2;
  // Two significant digits of ten cents and up are cents.
  if (largest >= USD) return smallest * 10n >= USD ? 2 : 4;
  const most = Math.max(6, significantDecimals(largest));
  return Math.min(10, most, significantDecimals(smallest));
}

/** Digits after the point that show three significant ones of an amount below a dollar. */
const significantDecimals = (amount: bigint): number =>
  Math.max(2, MONEY_DECIMALS + 3 - amount.toString().length);

/** Fewer decimals, down to cents, as long as they would only show zeros behind every amount. */
function withoutZeros(sizes: readonly bigint[], decimals: number): number {
  const spare = (left: number): boolean =>
    sizes.every((each) => {
      const units = roundTo(each, left);
      // An amount that rounds to nothing is shown as less than the last digit, so that digit counts.
      return units > 0n && units % 10n === 0n;
    });
  let left = decimals;
  while (left > 2 && spare(left)) left -= 1;
  return left;
}

const size = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

const roundTo = (attodollars: bigint, decimals: number): bigint =>
  divideHalfEven(attodollars, 10n ** BigInt(MONEY_DECIMALS - decimals));

function fixed(units: bigint, decimals: number): string {
  const scale = 10n ** BigInt(decimals);
  return `${grouped(units / scale)}.${(units % scale).toString().padStart(decimals, '0')}`;
}
