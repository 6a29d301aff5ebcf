import type { Money } from '../domain/money.ts';
import type { Assumption, Reason } from './lever-contract/lever.ts';

/** An amount under the least, the likely and the most favourable behaviour: `low` is the least saving, so the highest cost. */
export interface MoneyRange {
  readonly low: Money;
  readonly mid: Money;
  readonly high: Money;
}

/** Sums of some requests before and after. Those without a price count in `requests` and `unpriced`, and in no cost. */
export interface Part {
  readonly requests: bigint;
  readonly unpriced: bigint;
  readonly before: Money;
  readonly after: MoneyRange;
}

/** Requests that stay as they are although they were meant. */
export interface ExcludedPart extends Part {
  readonly reason: Reason;
}

/** Something about requests that are changed all the same. */
export interface Remark {
  readonly reason: Reason;
  readonly requests: bigint;
  readonly before: Money;
}

/** A group of --by. */
export interface GroupResult extends Part {
  readonly key: readonly (string | null)[];
  /** Requests of the group that are changed. */
  readonly changed: bigint;
}

/** What a replay sums up. Changed, unchanged and excluded add up to the total, requests and money alike, and so do groups. */
export interface RunSums {
  readonly changed: Part;
  /** Requests that the lever is not about, or that the share leaves out. */
  readonly unchanged: Part;
  /** Most spend first. */
  readonly excluded: readonly ExcludedPart[];
  readonly total: Part;
  /** Largest saving first; one group without --by. */
  readonly groups: readonly GroupResult[];
  /** Changed requests by where they go, most first; for levers that send them somewhere. */
  readonly destinations: readonly { readonly to: string; readonly part: Part }[];
  /** What is not known of requests that were changed all the same. */
  readonly doubts: readonly Remark[];
  /** What may go wrong with requests that were changed. */
  readonly risks: readonly Remark[];
  /** Requests that are no longer made. */
  readonly saved: bigint;
  /** Requests priced now at base prices, although longer prompts among them may cost more. */
  readonly lowerBound: bigint;
}

/** A what-if at its end. */
export interface RunResult extends RunSums {
  /** What is imagined, as the end of "What if ...". */
  readonly title: string;
  readonly assumptions: readonly Assumption[];
  readonly caveat: string;
}
