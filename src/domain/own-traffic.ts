import { type Money, money } from './money.ts';
import type { OwnTraffic, TrafficHour } from './self-hosting.ts';
import type { Dimension, Span, SpendQuery, SpendRow } from './spend.ts';

const HOUR_MS = 3_600_000;

const facts: readonly Dimension[] = [
  { kind: 'fact', name: 'provider' },
  { kind: 'fact', name: 'model' },
];

/** The question whose answer ownTraffic reads: each model's calls by the hour. */
export const trafficQuery = (span: Span, where: SpendQuery['where']): SpendQuery => ({
  span,
  by: facts,
  grain: 'hour',
  timeZone: 'UTC',
  where,
});

/** Calls by the hour with the price that was paid for them, and what is left out of it. */
export interface Measured {
  readonly traffic: OwnTraffic;
  readonly requests: bigint;
  /** `openai/gpt-4o`, by name. */
  readonly models: readonly string[];
  /** Input that was read from a cache. */
  readonly cacheRead: bigint;
  /** Requests of models of which nothing has a price: in no sum here. */
  readonly unpriced: bigint;
  /** Requests without a price among those of models that have one: their tokens are in, their cost is not. */
  readonly partlyUnpriced: bigint;
}

/**
 * The traffic that rows of a trafficQuery show. A bound that was asked for counts all hours up to it, but none
 * after `now`; without one the traffic's own first and last hours are the ends. Calls without a time are in
 * no hour and left out. `undefined` where nothing with a price was called.
 */
export function ownTraffic(
  rows: readonly SpendRow[],
  asked: Span,
  now: number,
): Measured | undefined {
  const priced = new Set(rows.filter(({ rated }) => rated > 0n).map(nameOf));
  const kept = rows.filter(
    (row) => priced.has(nameOf(row)) && row.step !== undefined && row.step !== null,
  );
  const starts = kept.map(({ step }) => step ?? 0);
  if (starts.length === 0) return undefined;
  const first = starts.reduce((least, start) => Math.min(least, start));
  const last = starts.reduce((most, start) => Math.max(most, start)) + HOUR_MS;
  const reached = Math.max(last, Math.floor(now / HOUR_MS) * HOUR_MS);
  const wanted = asked.end ?? (asked.start === undefined ? last : reached);
  const span = {
    start: Math.floor((asked.start ?? first) / HOUR_MS) * HOUR_MS,
    end: Math.ceil(Math.min(wanted, reached) / HOUR_MS) * HOUR_MS,
  };
  return {
    traffic: { span, hours: hoursOf(kept), apiCost: total(kept.map(({ cost }) => cost)) },
    requests: count(kept.map(({ requests }) => requests)),
    models: [...new Set(kept.map(nameOf))].sort(),
    cacheRead: count(kept.map(({ cacheRead }) => cacheRead)),
    unpriced: count(rows.filter((row) => !priced.has(nameOf(row))).map(({ requests }) => requests)),
    partlyUnpriced: count(kept.map(({ unrated }) => unrated)),
  };
}

const nameOf = ({ key }: SpendRow): string => key.map((part) => part ?? '?').join('/');

function hoursOf(rows: readonly SpendRow[]): readonly TrafficHour[] {
  const hours = new Map<number, { input: bigint; output: bigint }>();
  for (const { step, input, cacheRead, cacheWrite, output } of rows) {
    const start = step ?? 0;
    const hour = hours.get(start) ?? { input: 0n, output: 0n };
    hour.input += input + cacheRead + cacheWrite;
    hour.output += output;
    hours.set(start, hour);
  }
  return [...hours].map(([start, sums]) => ({ start, ...sums })).sort((a, b) => a.start - b.start);
}

const count = (counts: readonly bigint[]): bigint => counts.reduce((sum, each) => sum + each, 0n);
const total = (costs: readonly Money[]): Money => money(count(costs));
