import { money, type Money, ZERO } from './money.ts';
import type { CardIdentity } from './rate-card.ts';

/** Length of the steps that time is grouped in; days, weeks and months are those of the asked zone. */
export const GRAINS = ['hour', 'day', 'week', 'month'] as const;
/** One of GRAINS. */
export type Grain = (typeof GRAINS)[number];

/** What every event knows, whether tagged or not. Anything else that is asked for is a tag. */
export const FACTS = [
  'provider',
  'model',
  'request_model',
  'operation',
  'service_tier',
  'region',
  'status',
  'count_source',
  'format',
] as const;
/** One of FACTS. */
export type Fact = (typeof FACTS)[number];

/** Something to group or filter by. */
export type Dimension =
  | { readonly kind: 'fact'; readonly name: Fact }
  | { readonly kind: 'tag'; readonly name: string };

/** A condition on one dimension. `*` in `pattern` stands for any text; '' means "has none". */
export interface Filter {
  readonly dimension: Dimension;
  readonly negated: boolean;
  readonly pattern: string;
}

/** Half-open span of time, milliseconds UTC: `start` is in it, `end` is not. Absent means without bound. */
export interface Span {
  readonly start?: number;
  readonly end?: number;
}

/** A question about spend: all that a report may ask of whatever keeps the events. */
export interface SpendQuery {
  readonly span: Span;
  readonly by: readonly Dimension[];
  readonly grain?: Grain;
  /** IANA zone whose hours and days are meant. */
  readonly timeZone: string;
  readonly where: readonly Filter[];
  /** Ask also what contracts and own hardware make of the usage. */
  readonly negotiated?: boolean;
  /** Ask each row also for its part of what an answer says as a whole, so that rows can be folded into others. */
  readonly itemized?: boolean;
}

/** Whatever answers questions about spend: a ledger, or rules laid over one. */
export type AskSpend = (query: SpendQuery) => SpendAnswer;

/** A question about how many calls there are, whatever they cost. */
export interface CountQuery {
  /** `undated` for calls without a time; a span without bounds holds them too. */
  readonly span: Span | 'undated';
  readonly by: readonly Dimension[];
  readonly where: readonly Filter[];
}

/** How many calls one group has. */
export interface CallCount {
  /** Values in the order of `by`; null where the calls have none. */
  readonly key: readonly (string | null)[];
  readonly requests: bigint;
}

/** Whatever counts calls. */
export type CountCalls = (query: CountQuery) => readonly CallCount[];

/** Which cost is meant (FOCUS ListCost, ContractedCost, EffectiveCost). */
export const COST_KINDS = ['list', 'contracted', 'effective'] as const;
/** One of COST_KINDS. */
export type CostKind = (typeof COST_KINDS)[number];

/** Sums of one group. Requests and tokens count everything; cost covers what has a price. */
export interface Spend {
  readonly requests: bigint;
  readonly errors: bigint;
  readonly input: bigint;
  readonly cacheRead: bigint;
  readonly cacheWrite: bigint;
  readonly output: bigint;
  readonly reasoning: bigint;
  readonly cost: Money;
  /** The part of `cost` that rests on price rows of status observed, single-source or disputed. */
  readonly weaklyPriced: Money;
  /** The same usage at list prices; differs from `cost` where contracted or effective cost was asked for. */
  readonly list: Money;
  /** Requests that are in `cost` and have no list price, since they ran on own hardware. */
  readonly unlisted: bigint;
  /** Requests that have a price. The rest is either unrated or not charged by the source's own word. */
  readonly rated: bigint;
  /**
   * Requests that `cost` leaves out, because they have usage and no price. Never below 0: a correction that
   * prices calls of a closed month lowers only what the same sum counts of them.
   */
  readonly unrated: bigint;
  /** Requests priced at a base price although a longer prompt may have cost more. */
  readonly lowerBound: bigint;
  /** What the sources themselves said, where they said something. */
  readonly reported: Money;
  readonly reportedRequests: bigint;
}

/** No calls at all. */
export const NO_SPEND: Spend = {
  requests: 0n,
  errors: 0n,
  input: 0n,
  cacheRead: 0n,
  cacheWrite: 0n,
  output: 0n,
  reasoning: 0n,
  cost: ZERO,
  weaklyPriced: ZERO,
  list: ZERO,
  unlisted: 0n,
  rated: 0n,
  unrated: 0n,
  lowerBound: 0n,
  reported: ZERO,
  reportedRequests: 0n,
};

/** Usage whose cost depends on more than its own prices: on a pool of money, or on a commitment. */
export interface Position {
  readonly pool: string | undefined;
  readonly commit: string | undefined;
  readonly requests: bigint;
  readonly tokens: bigint;
  readonly list: Money;
  /** At contracted unit prices; what the pool pays for is not in it. */
  readonly contracted: Money;
  /** What the usage weighs in its pool. */
  readonly weight: bigint;
  /** It has no list price, since it runs on own hardware. */
  readonly unlisted: boolean;
}

/** What contracts make of a group's usage. */
export interface NegotiatedSpend {
  /** Cost at contracted prices of all usage that is in no position. */
  readonly contracted: Money;
  readonly positions: readonly Position[];
}

/** One group of the answer. */
export interface SpendRow extends Spend {
  /** Values in the order of `by`; null where the events have no such value. */
  readonly key: readonly (string | null)[];
  /** First instant of the step of time, milliseconds UTC; null for events without a time; absent without a grain. */
  readonly step?: number | null;
  /** When the query asked for it. */
  readonly negotiated?: NegotiatedSpend;
  /** When the query was to be itemized. */
  readonly items?: SpendItems;
  /**
   * Millionths of certainty of what was inferred, added up over its requests; absent where nothing was. Over the
   * requests of a group that was all inferred it is how sure they are on average.
   */
  readonly certainty?: bigint;
  /** What of it is in its group by inference only; absent where nothing is, and where nobody told them apart. */
  readonly inferred?: InferredSpend;
}

/** What of a group is there by inference. */
export interface InferredSpend {
  readonly requests: bigint;
  readonly cost: Money;
  /** As in SpendRow. */
  readonly certainty: bigint;
}

/** One row's part of what an answer says as a whole. */
export interface SpendItems {
  /** Below 0 where a correction prices calls of a closed month. */
  readonly reasons: readonly UnratedReason[];
  readonly corrections: readonly Correction[];
}

/** Why usage has no price, and how much of it. */
export interface UnratedReason {
  readonly code: string;
  readonly message: string;
  readonly requests: bigint;
}

/** Reasons that anything is left of, most requests first. */
export const commonFirst = (reasons: readonly UnratedReason[]): readonly UnratedReason[] =>
  reasons
    .filter(({ requests }) => requests > 0n)
    .sort((a, b) =>
      a.requests === b.requests
        ? a.message < b.message
          ? -1
          : 1
        : a.requests > b.requests
          ? -1
          : 1,
    );

/** A card whose prices stand in an answer. */
export interface CardUsed extends CardIdentity {
  /** The closed month that was priced by it; absent for the card in force. */
  readonly closedMonth?: string;
}

/** What has changed in a closed month since, as far as an answer holds it; signed. */
export interface Correction {
  /** `2026-10`. */
  readonly month: string;
  readonly requests: bigint;
  /** At list prices. */
  readonly cost: Money;
  /** At contracted unit prices; what pools and commitments make of it is not in it. */
  readonly contracted: Money;
}

/** Adds a correction to those of its month. */
export function addCorrection(months: Map<string, Correction>, correction: Correction): void {
  const { month, requests, cost, contracted } = correction;
  const sum = months.get(month);
  months.set(
    month,
    sum === undefined
      ? correction
      : {
          month,
          requests: sum.requests + requests,
          cost: money(sum.cost + cost),
          contracted: money(sum.contracted + contracted),
        },
  );
}

/** One correction a month, oldest first. */
export function sumOfCorrections(corrections: Iterable<Correction>): readonly Correction[] {
  const months = new Map<string, Correction>();
  for (const correction of corrections) addCorrection(months, correction);
  return [...months.values()].sort((one, other) => (one.month < other.month ? -1 : 1));
}

/** What has been booked between two looks at all corrections; months without a difference are left out. */
export function correctionsSince(
  before: readonly Correction[],
  after: readonly Correction[],
): readonly Correction[] {
  return after
    .map(({ month, requests, cost, contracted }) => {
      const earlier = before.find((each) => each.month === month);
      return {
        month,
        requests: requests - (earlier?.requests ?? 0n),
        cost: money(cost - (earlier?.cost ?? ZERO)),
        contracted: money(contracted - (earlier?.contracted ?? ZERO)),
      };
    })
    .filter(
      ({ requests, cost, contracted }) => requests !== 0n || cost !== ZERO || contracted !== ZERO,
    );
}

/** How an answer stands to the closed months of the ledger. */
export interface Books {
  /** Closed months that the span touches, oldest first. */
  readonly closed: readonly string[];
  /** Corrections booked within the span, oldest month first. */
  readonly corrections: readonly Correction[];
  /**
   * Closed months that have usage in the answer which shares a pool of money or a commitment: its list cost is
   * fixed, its part of what is shared still follows all usage.
   */
  readonly shared: readonly string[];
  /** Closed months that the answer passes over, being counted from calls as they are now. */
  readonly unfrozen: readonly string[];
}

/** The answer to a SpendQuery. Rows come in no particular order. */
export interface SpendAnswer {
  readonly rows: readonly SpendRow[];
  /** Over all rows, most requests first. */
  readonly unratedReasons: readonly UnratedReason[];
  /** Requests without a time, left out because the span has a bound. */
  readonly undatedLeftOut: bigint;
  /** The cards whose prices stand in the rows, by provider. */
  readonly cards: readonly CardUsed[];
  readonly books: Books;
}
