import type { Saving } from '../domain/combined-savings.ts';
import type { Money } from '../domain/money.ts';
import type { LeverTry, Touches } from './lever-contract/ranking.ts';
import type { MoneyRange, RunResult } from './run-result.ts';

/** A line of spend as it is. */
export interface RankedItem {
  readonly name: string;
  readonly feature: string | null;
  readonly provider: string;
  readonly model: string;
  readonly requests: bigint;
  readonly before: Money;
}

/** What one lever, tried with some flags, would save of one line item. */
export interface RankedSaving extends Saving {
  readonly flags: LeverTry;
  readonly touches: Touches;
  readonly of: RankedItem;
  readonly range: MoneyRange;
  /** Requests of the item that it changes. */
  readonly changed: bigint;
  /** The run that it was found in, over all requests. */
  readonly run: RunResult;
}

/** All that rank found. */
export interface Ranking {
  /** Dearest first, those alone that reach the floor. */
  readonly items: readonly RankedItem[];
  /** Line items below the floor, and those behind the first ones that were asked for. */
  readonly belowFloor: { readonly items: number; readonly before: Money };
  readonly notLookedAt: { readonly items: number; readonly before: Money };
  /** Largest saving first. */
  readonly savings: readonly RankedSaving[];
  /** Levers that were not tried, since they need a number or a file. */
  readonly notTried: readonly string[];
  /** Levers that were not tried, since no call has any of the facts that they look at. */
  readonly lacking: readonly { readonly lever: string; readonly facts: readonly string[] }[];
}
