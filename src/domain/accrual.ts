import { divideHalfEven, type Money, money, ZERO } from './money.ts';
import type { Span } from './spend.ts';
import { stepsIn, wholeStepAt } from './steps.ts';
import { parseDay, startOfLocalDay } from './time-zone.ts';

/** A day or an instant as somebody wrote it. A day begins where the asked time zone says so. */
export interface WrittenTime {
  readonly text: string;
  /** Milliseconds UTC; of a day, its beginning in UTC. */
  readonly time: number;
}

/** An amount that is owed for a stretch of time, spread evenly over its clock. */
export interface Accrual {
  /** What people call it: `github business, 12 seats`. */
  readonly label: string;
  /** For the whole stretch, or for each calendar month of it; below 0 for a credit. */
  readonly amount: Money;
  readonly every: 'once' | 'month';
  readonly from: WrittenTime;
  /** Half-open; without it a monthly amount goes on. */
  readonly until?: WrittenTime;
}

/** The instant that a written time means in a zone. */
export function instantOf({ text, time }: WrittenTime, zone: string): number {
  const day = parseDay(text);
  return day === undefined ? time : startOfLocalDay(zone, day);
}

/**
 * What an accrual comes to in a span. Counted from the beginning of its stretch or month, so that what spans which
 * follow one another come to adds up to the amount: 30.00 a month is 30.00 over its thirty days.
 */
export function accrued(accrual: Accrual, span: Required<Span>, zone: string): Money {
  const { amount, every } = accrual;
  const from = instantOf(accrual.from, zone);
  const until =
    accrual.until === undefined ? Number.POSITIVE_INFINITY : instantOf(accrual.until, zone);
  const start = Math.max(span.start, from);
  const end = Math.min(span.end, until);
  if (end <= start) return ZERO;
  if (every === 'once') return stretchOf(amount, { start: from, end: until }, { start, end });
  let total = 0n;
  for (const month of stepsIn('month', zone, { start, end }))
    total += stretchOf(amount, wholeStepAt('month', zone, month.step), month.span);
  return money(total);
}

/** The part of an amount that belongs to a part of its stretch. */
function stretchOf(amount: Money, whole: Required<Span>, part: Required<Span>): Money {
  const length = BigInt(whole.end - whole.start);
  const upTo = (time: number): bigint =>
    divideHalfEven(amount * BigInt(time - whole.start), length);
  return money(upTo(part.end) - upTo(part.start));
}
