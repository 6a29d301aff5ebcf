import { exactSum, type ExactSum } from '../domain/exact-sum.ts';
import { type Fraction, times } from '../domain/fraction.ts';
import { divideHalfEven } from '../domain/money.ts';

/** Requests and what they cost now. */
export interface Sums {
  requests: bigint;
  unpriced: bigint;
  before: bigint;
}

/** The same of parts of requests: of what a rule takes 30 % of, say. */
export interface Weighted {
  readonly requests: ExactSum;
  readonly unpriced: ExactSum;
  readonly before: ExactSum;
}

/** All of it. */
export const ONE: Fraction = { part: 1n, over: 1n };

/** Nothing yet. */
export const sums = (): Sums => ({ requests: 0n, unpriced: 0n, before: 0n });
/** Nothing yet, of which parts can be added. */
export const weighted = (): Weighted => ({
  requests: exactSum(),
  unpriced: exactSum(),
  before: exactSum(),
});
/** Part of a whole number. */
export const shareOf = (whole: bigint, { part, over }: Fraction): Fraction => ({
  part: whole * part,
  over,
});

/** Part of a sum. */
export const scaled = (sum: ExactSum, { part, over }: Fraction): Fraction =>
  times(sum.total(), part, over);

/** A fraction as a whole number, rounded half to even. */
export const rounded = ({ part, over }: Fraction): bigint => divideHalfEven(part, over);

/** Orders the larger first. */
export const descending = (a: bigint, b: bigint): number => (a === b ? 0 : a > b ? -1 : 1);

/** What is known under a key, made when it is new. */
export function found<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const present = known.get(key);
  if (present !== undefined) return present;
  const made = make();
  known.set(key, made);
  return made;
}
