import { type Decimal, divideHalfEven, type Money, money } from './money.ts';

/** An exact quotient of whole numbers; `over` is above 0. Hours of a month rarely divide a price evenly. */
export interface Fraction {
  readonly part: bigint;
  readonly over: bigint;
}

/** Nothing. */
export const NOTHING: Fraction = { part: 0n, over: 1n };

/** The exact sum of two fractions. */
export const plus = (a: Fraction, b: Fraction): Fraction => ({
  part: a.part * b.over + b.part * a.over,
  over: a.over * b.over,
});

/** The exact product of a fraction and a quotient of whole numbers. */
export const times = (a: Fraction, part: bigint, over = 1n): Fraction => ({
  part: a.part * part,
  over: a.over * over,
});

/** The exact product of a fraction and a decimal. */
export const timesDecimal = (a: Fraction, { digits, scale }: Decimal): Fraction =>
  times(a, digits, 10n ** BigInt(scale));

/** A decimal as a fraction. */
export const fractionOf = ({ digits, scale }: Decimal): Fraction => ({
  part: digits,
  over: 10n ** BigInt(scale),
});

/** The exact difference of two fractions. */
export const minus = (a: Fraction, b: Fraction): Fraction => plus(a, times(b, -1n));

/** The exact quotient of two fractions; the divisor is above 0. */
export const dividedBy = (a: Fraction, divisor: Fraction): Fraction =>
  times(a, divisor.over, divisor.part);

/** The least whole number that is not below the fraction. */
export const ceilingOf = ({ part, over }: Fraction): bigint => -floorDivide(-part, over);

/** The fraction as a decimal of so many digits after the point, rounded half to even. */
export const decimalOf = ({ part, over }: Fraction, scale: number): Decimal => ({
  digits: divideHalfEven(part * 10n ** BigInt(scale), over),
  scale,
});

/** A fraction of attodollars as Money, rounded half to even, once. */
export const asMoney = ({ part, over }: Fraction): Money => money(divideHalfEven(part, over));

/**
 * Splits a whole amount by weights so that the parts add up to it exactly: what rounding leaves over goes
 * to the largest remainders, the earlier first. Corrections may weigh less than nothing. When the weights
 * sum to nothing, so does every part.
 */
export function apportion(whole: bigint, weights: readonly bigint[]): readonly bigint[] {
  const sum = weights.reduce((total, weight) => total + weight, 0n);
  if (sum === 0n) return weights.map(() => 0n);
  const sign = sum < 0n ? -1n : 1n;
  const shares = weights.map((weight, index) => {
    const exact = whole * weight * sign;
    const part = floorDivide(exact, sum * sign);
    return { index, part, rest: exact - part * sum * sign };
  });
  let left = whole - shares.reduce((total, { part }) => total + part, 0n);
  const parts = shares.map(({ part }) => part);
  const byRest = [...shares].sort((a, b) =>
    a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1,
  );
  for (const { index } of byRest) {
    if (left === 0n) break;
    parts[index] = (parts[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return parts;
}

/** Division rounded towards minus infinity, for a positive divisor. */
const floorDivide = (dividend: bigint, divisor: bigint): bigint =>
  dividend >= 0n ? dividend / divisor : -((-dividend + divisor - 1n) / divisor);
