import { decompose, direction, type Meter, type UsageTotals } from './meters.ts';
import { stretchOfMonths } from './calendar-months.ts';
import type { Span } from './spend.ts';

/**
 * What usage weighs in a pool of money that is shared out over it: weight of one unit by meter, or by the
 * count that contains the meter. A meter that is not listed weighs nothing.
 */
export type Weights = ReadonlyMap<Meter, bigint>;

/**
 * Usage that shares a pool: money that is not a price per token, such as hours of reserved capacity, or
 * a discount that grows with the volume of a month. `id` names the term and the period: the pool's money
 * and the weight of all its usage belong to that id.
 */
export interface PoolShare {
  readonly id: string;
  readonly weights: Weights;
}

/** How much usage weighs. */
export function weightOf(usage: UsageTotals, weights: Weights): bigint {
  let weight = 0n;
  for (const { meter, quantity } of decompose(usage, weights.has('reasoning')))
    weight += quantity * (weights.get(meter) ?? weights.get(direction(meter)) ?? 0n);
  return weight;
}

/** Months of a period that terms count in. */
export const PERIOD_MONTHS = { month: 1, quarter: 3, year: 12 } as const;
/** One of PERIOD_MONTHS. */
export type TermPeriod = keyof typeof PERIOD_MONTHS;

/** First of all days that periods are counted from when a contract has no beginning. */
const CALENDAR = Date.UTC(1970, 0, 1);

/** One period of a term, clipped to the contract's own span. */
export interface Instance {
  /** `Example 2026/ptu/2026-11-01`. */
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

/** The period of a term that an instant falls into, counted from the contract's first day. */
export function instanceAt(
  name: string,
  period: TermPeriod,
  { start, end }: Span,
  time: number,
): Instance {
  const stretch = stretchOfMonths(start ?? CALENDAR, PERIOD_MONTHS[period], time);
  return {
    id: `${name}/${new Date(stretch.start).toISOString().slice(0, 10)}`,
    start: Math.max(stretch.start, start ?? stretch.start),
    end: Math.min(stretch.end, end ?? stretch.end),
  };
}

/** Every period of a term that meets a span. Unbounded spans have to be bounded first. */
export function* instancesIn(
  name: string,
  period: TermPeriod,
  own: Span,
  wanted: Required<Span>,
): Generator<Instance> {
  const last = Math.min(wanted.end, own.end ?? wanted.end);
  let time = Math.max(wanted.start, own.start ?? wanted.start);
  while (time < last) {
    const instance = instanceAt(name, period, own, time);
    yield instance;
    time = instance.end;
  }
}
