import type { Money } from '../../domain/money.ts';
import type { Spend } from '../../domain/spend.ts';
import type { LeverWorld } from './lever.ts';

/** What a lever changes of what people get, the least first: a ranking takes what changes less before what changes more. */
export const TOUCHES = ['nothing', 'waiting', 'answers'] as const;
/** One of TOUCHES. */
export type Touches = (typeof TOUCHES)[number];

/** A line of spend that levers are tried on: one model of one feature. */
export interface LineItem {
  /** Null for calls without one. */
  readonly feature: string | null;
  readonly provider: string;
  /** As the calls name it. */
  readonly model: string;
  readonly spend: Spend;
  readonly cost: Money;
}

/** Flags that a lever is tried with, without dashes, as a command line would have them. */
export type LeverTry = Readonly<Record<string, string>>;

/** What a ranking may do with a lever by itself; a lever that needs a number which nobody has measured has none. */
export interface LeverRanking {
  readonly touches: Touches;
  /** Only line items with a feature: work that nobody has named is not said to bear it. */
  readonly named?: boolean;
  /** Tags of calls of which one at least has to be logged; nothing has to when absent. */
  readonly facts?: readonly string[];
  /** What is worth a try for these items, the smallest change first; a try may save nothing, and is not shown then. */
  readonly tries: (items: readonly LineItem[], world: LeverWorld) => readonly LeverTry[];
}
