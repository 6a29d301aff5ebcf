import { divideHalfEven, type Money, money } from './money.ts';

/** How long requests ran, to say what they are a month. */
export interface MonthScale {
  readonly milliseconds: bigint;
  /** The same in days, with two decimals at most, for people. */
  readonly days: string;
}

/** Days of a month as amounts are scaled to: a twelfth of 365.25. */
export const MONTH_DAYS = '30.4375';
/** Milliseconds of such a month. */
export const MONTH_MS = 2_629_800_000n;
const DAY_MS = 86_400_000;

/** A length of time to scale by; `undefined` below a day, of which no month is made. */
export function monthScale(milliseconds: number): MonthScale | undefined {
  if (milliseconds < DAY_MS) return undefined;
  const days = (milliseconds / DAY_MS).toFixed(2).replace(/\.?0+$/, '');
  return { milliseconds: BigInt(milliseconds), days };
}

/** An amount of that time as an amount a month, rounded half to even. */
export const perMonth = (amount: Money, { milliseconds }: MonthScale): Money =>
  money(divideHalfEven(amount * MONTH_MS, milliseconds));
