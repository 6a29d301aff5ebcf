import { money } from '../domain/money.ts';
import type { Amount } from './amount.ts';
import { HOUR_MS, MINUTE_MS } from './spans.ts';

/** How fast calls come in, by what the ledger held at earlier looks. */
export interface Pace {
  /** Begins anew: what was read before is no pace. */
  readonly reset: () => void;
  /** What an hour takes at the pace of the last minutes; `undefined` until half a minute was watched. */
  readonly at: (now: number, month: Amount) => Amount | undefined;
}

/** How far back the pace looks. */
const WINDOW_MS = 10 * MINUTE_MS;
/** Less says little. */
const SHORTEST_MS = 30_000;
/** Between two amounts that are remembered. */
const EVERY_MS = 5_000;

/** Measures the pace from the amount of the month so far, which grows but for corrections. */
export function measuredPace(): Pace {
  let samples: { readonly at: number; readonly amount: Amount }[] = [];
  return {
    reset() {
      samples = [];
    },
    at(now, amount) {
      // A new month begins at nothing.
      if (amount.requests < (samples.at(-1)?.amount.requests ?? 0n)) samples = [];
      const last = samples.at(-1);
      if (last === undefined || now - last.at >= EVERY_MS) samples.push({ at: now, amount });
      samples = samples.filter(({ at }) => at >= now - WINDOW_MS);
      const first = samples[0];
      if (first === undefined || now - first.at < SHORTEST_MS) return undefined;
      const took = BigInt(now - first.at);
      const hourly = (from: bigint, to: bigint): bigint =>
        to < from ? 0n : ((to - from) * BigInt(HOUR_MS)) / took;
      return {
        cost: money(hourly(first.amount.cost, amount.cost)),
        requests: hourly(first.amount.requests, amount.requests),
        unrated: hourly(first.amount.unrated, amount.unrated),
        tokens: hourly(first.amount.tokens, amount.tokens),
      };
    },
  };
}
