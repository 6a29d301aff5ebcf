import type { CountingRules } from '../../domain/counting-rules.ts';
import type { ResolveName } from '../../domain/name-resolution.ts';
import type { Fraction } from '../../domain/fraction.ts';
import type { RateBook } from '../../domain/rate-book.ts';
import type { RateCard } from '../../domain/rate-card.ts';
import type { Cut, ReplayLedger, RequestClass } from '../../domain/replay-question.ts';
import type { RoutePolicy } from '../../domain/route-policy.ts';
import type { Dimension, Filter, Span } from '../../domain/spend.ts';
import type { LeverRanking } from './ranking.ts';

/** A flag of a lever, as help shows it: `--to <model>`. */
export interface LeverFlag {
  readonly flag: string;
  readonly description: string;
  /** May be given several times. */
  readonly repeated?: boolean;
}

/** What the user wrote for a lever's own flags, by the name of the flag without dashes, `token-ratio`. */
export interface LeverAsked {
  /** The last value; `undefined` where the flag was not given. */
  readonly value: (name: string) => string | undefined;
  /** All values of a repeated flag, in order. */
  readonly values: (name: string) => readonly string[];
  /** Whether a flag without a value was given. */
  readonly given: (name: string) => boolean;
  /** Words behind the lever's name that are no flags: files. */
  readonly words: readonly string[];
}

/** Cards opened for lookups. */
export interface ListPrices {
  readonly cards: ReadonlyMap<string, RateCard>;
  readonly book: RateBook;
  readonly resolve: ResolveName;
}

/** All that a lever may look at while it makes its plan: list prices in force, the ledger, what the user asked. Nothing of it reads the network or the clock. */
export interface LeverWorld extends ListPrices {
  readonly countingRules: () => Promise<CountingRules>;
  readonly ledger: ReplayLedger;
  readonly span: Span;
  readonly where: readonly Filter[];
  /** The time of asking, milliseconds UTC. */
  readonly now: number;
  /** Prices of the cards at a path that the user named, over those in force. Throws UserError. */
  readonly pricesAt: (path: string) => Promise<ListPrices>;
  /** Rules of routing in a file that the user named. Throws UserError, located. */
  readonly routesAt: (path: string) => Promise<RoutePolicy>;
}

/** A number that a saving rests on. */
export interface Assumption {
  readonly name: string;
  readonly value: string;
  /** From the ledger or a measurement; said by the user or a card; or taken because nobody said. */
  readonly source: 'measured' | 'declared' | 'assumed';
  readonly note: string;
}

/** Why requests are left as they are, or what is not known of them. `code` is stable. */
export interface Reason {
  readonly code: string;
  readonly message: string;
}

/** A cost under the least, the likely and the most favourable behaviour; equal where nothing is assumed. */
export interface CostRange {
  /** Least saving, so the highest cost. */
  readonly low: Fraction;
  readonly mid: Fraction;
  readonly high: Fraction;
}

/** What a lever makes of a class of requests. */
export type Verdict =
  | PlainVerdict
  /** So much of every kind of request each; the rest is untouched. */
  | {
      readonly kind: 'split';
      readonly parts: readonly { readonly share: Fraction; readonly verdict: PlainVerdict }[];
    };

/** What a lever makes of requests that all fare alike. */
export type PlainVerdict =
  /** The lever is not about them. */
  | { readonly kind: 'untouched' }
  /** They were meant, and stay as they are. */
  | { readonly kind: 'excluded'; readonly reason: Reason }
  | {
      readonly kind: 'changed';
      /** What all requests of the class cost then, attodollars. */
      readonly after: CostRange;
      /** What would have to be known to be sure that they can be changed; they are counted as changed all the same. */
      readonly doubts: readonly Reason[];
      /** Requests that are at risk although they are changed, such as answers that would be cut off. */
      readonly risks?: readonly Reason[];
      /** Where they go, for levers that name several places. */
      readonly to?: string;
      /** How many of the requests are no longer made at all, for caches; none when absent. */
      readonly saved?: bigint;
    };

/**
 * A lever with its flags understood. `judge` is asked once for each class of requests and may rely on `cuts`: a
 * class lies on one side of each. It is pure, so that plans can be asked together and their factors multiplied.
 */
export interface LeverPlan {
  /** What is imagined, as the end of "What if ...": `gpt-4o ran on openai/gpt-4o-mini`. */
  readonly title: string;
  readonly cuts: readonly Cut[];
  /**
   * Classes that the lever makes itself of the world's requests, in the groups that are asked for; it judges these
   * and no others. For what depends on single calls or on their order; the ledger's classes when absent.
   */
  readonly classes?: (by: readonly Dimension[]) => Iterable<RequestClass>;
  readonly judge: (requests: RequestClass) => Verdict;
  /** Asked after all classes were judged, so that it may tell what was met. */
  readonly assumptions: () => readonly Assumption[];
  /** One sentence on what the numbers cannot show. */
  readonly caveat: string;
}

/** A what-if. One file of `levers/` each, found by the folder; the file is named for it. */
export interface Lever {
  readonly name: string;
  /** A few words for the list of levers. */
  readonly summary: string;
  /** What it needs of logs or flags, for the list of levers. */
  readonly needs: string;
  readonly flags: readonly LeverFlag[];
  /** Whole command lines that run. */
  readonly examples: readonly string[];
  /** What words behind the name mean, such as `<policy>`; none are taken when absent. */
  readonly words?: string;
  /** How `whatif rank` may try it; absent where it needs what only a person can say. */
  readonly ranking?: LeverRanking;
  /** Understands the flags. Throws UserError for what does not fit. */
  readonly plan: (asked: LeverAsked, world: LeverWorld) => Promise<LeverPlan>;
}

/** The caveat of every lever that sends requests to another model. */
export const QUALITY_NOT_MEASURED =
  'quality not measured: answers may differ; supply an eval score or read the saving as an upper bound';
