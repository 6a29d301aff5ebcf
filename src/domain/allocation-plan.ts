import type { Accrual, WrittenTime } from './accrual.ts';
import type { Fraction } from './fraction.ts';
import type { Origin } from './origin.ts';
import type { Dimension, Filter } from './spend.ts';

/** The parts that the fully loaded cost of an inference has, in the order they are shown. */
export const COST_PARTS = [
  'model',
  'retrieval',
  'orchestration',
  'infrastructure',
  'overhead',
] as const;
/** One of COST_PARTS. */
export type CostPart = (typeof COST_PARTS)[number];

/** A condition on a line of a bill, by the names of `aicost bills show --where`. */
export interface BillCondition {
  readonly name: string;
  readonly negated: boolean;
  readonly pattern: string;
}

/** Where the money of a pool comes from. */
export type PoolSource =
  /** Lines of bills, each in the period in which its charge period begins. */
  | { readonly kind: 'bill'; readonly where: readonly BillCondition[] }
  /** All clock hours of machines of rates/infrastructure, busy or not. */
  | { readonly kind: 'hardware'; readonly name: string }
  /** Provisioned capacity of a contract, by its term. */
  | { readonly kind: 'capacity'; readonly term: string }
  /** Seats and other amounts with dates. */
  | { readonly kind: 'accrued'; readonly accruals: readonly Accrual[] }
  /** Calls of the ledger that fit all filters; nobody is charged for them directly. */
  | { readonly kind: 'spend'; readonly where: readonly Filter[] }
  /** Capacity and what commitments lack, as far as no call carries it and no other pool takes it. */
  | { readonly kind: 'charges' }
  /** What another pool's rule leaves idle. */
  | { readonly kind: 'idle-of'; readonly pool: string };

/** A shared cost under a name. */
export interface PoolPlan {
  readonly name: string;
  readonly part: CostPart;
  readonly source: PoolSource;
  readonly origin: Origin;
}

/** The tags of somebody who carries a cost, in the order of a rule's `by`; null for what has no such tag. */
export type ConsumerKey = readonly (string | null)[];

/** A signal that a rule asks for; `where` narrows signals of the ledger. */
export interface AskedSignal {
  readonly name: string;
  readonly where: readonly Filter[];
}

/** What a consumer is given by name, while it lasts. */
export interface DatedQuantity {
  readonly key: ConsumerKey;
  /** In the unit of the rule's signal; a plain number for weights. */
  readonly quantity: Fraction;
  readonly since?: WrittenTime;
  readonly until?: WrittenTime;
}

/** How a rule weighs consumers. */
export type Method =
  /**
   * All of it to one consumer; each line of a bill to whom its own tags name where `to` is absent. With a signal,
   * others' use of it is told.
   */
  | { readonly kind: 'direct'; readonly to?: ConsumerKey; readonly signal?: AskedSignal }
  /** Alike among those named, or among all that made calls. */
  | { readonly kind: 'even'; readonly among?: readonly ConsumerKey[] }
  /** By a fixed table. */
  | { readonly kind: 'weighted'; readonly table: readonly DatedQuantity[] }
  /** By direct spend. */
  | { readonly kind: 'proportional' }
  | { readonly kind: 'usage'; readonly signal: AskedSignal }
  /** By what was reserved or used, whichever is more; what is left of the capacity is idle. */
  | {
      readonly kind: 'reserved';
      readonly signal: AskedSignal;
      readonly reserved: readonly DatedQuantity[];
      /** In the signal's unit for a whole step; of machines it is known: their clock time. */
      readonly capacity?: Fraction;
    }
  /** Over the pools named, by their own cost; their rules carry it on. */
  | { readonly kind: 'overhead'; readonly over: readonly string[] };

/** Steps of time in which a rule may split. */
export const RULE_GRAINS = ['month', 'week', 'day'] as const;
/** One of RULE_GRAINS. */
export type RuleGrain = (typeof RULE_GRAINS)[number];

/** A rule that splits one pool, and who answers for it. */
export interface RulePlan {
  readonly name: string;
  readonly pool: string;
  /** The tags that tell consumers apart. Empty for overhead, which goes to pools. */
  readonly by: readonly Dimension[];
  readonly grain: RuleGrain;
  readonly method: Method;
  readonly owner: string;
  readonly reviewEvery: { readonly text: string; readonly days: number; readonly months: number };
  /** Milliseconds UTC of a day. */
  readonly lastReviewed: number;
  /** Where the rule was agreed and its numbers come from, as somebody wrote it. */
  readonly evidence: readonly string[];
  readonly origin: Origin;
}

/** A file of metered usage; which signal it holds is in its rows where `signal` is absent. */
export interface SignalFile {
  readonly signal: string | undefined;
  /** Absolute path. */
  readonly path: string;
}

/** `allocation:` of aicost.yaml. */
export interface AllocationPlan {
  readonly pools: readonly PoolPlan[];
  readonly signals: readonly SignalFile[];
  /** In the order in which overhead is spread. At most one for each pool. */
  readonly rules: readonly RulePlan[];
}

/** Something about an allocation that somebody has to look at. */
export interface AllocationFinding {
  readonly code: string;
  /** The rule or pool it is about. What is found of it in several steps of time is told once. */
  readonly about: string;
  readonly message: string;
  /** It kept a cost from being split as its rule says. */
  readonly failed: boolean;
}
