import type { LongAnswer, LongAnswersQuery } from './long-answer.ts';
import type { OrderedCall, OrderQuery } from './ordered-call.ts';
import type { UsageTotals } from './meters.ts';
import type { Prices, HoursBlock, RowStatus } from './rate-card.ts';
import type { Filter, Dimension, Span } from './spend.ts';
import type { CountSource, Status } from './usage.ts';

/** The counts of a call that add up: `cache_write` over all times to live, reasoning inside `output`. */
export const COUNTS = ['input', 'cache_read', 'cache_write', 'output'] as const;
/** One of COUNTS. */
export type Count = (typeof COUNTS)[number];

/** What tokens a prompt is made of. */
export const PROMPT = ['input', 'cache_read', 'cache_write'] as const satisfies readonly Count[];

/**
 * Where requests of one kind have to be told apart: by time, by the sum of some of their counts, by hours of the
 * week. Requests on the same side of every cut are priced alike, so that their sums are all that is asked for.
 */
export type Cut =
  /** Milliseconds UTC; an instant belongs to what begins with it. */
  | { readonly kind: 'time'; readonly instants: readonly number[] }
  /** Whole numbers of tokens; a sum that is equal to one lies below it. */
  | { readonly kind: 'size'; readonly of: readonly Count[]; readonly above: readonly number[] }
  /** The first of these blocks that an instant falls into, or none. */
  | { readonly kind: 'hours'; readonly blocks: readonly HoursBlock[] }
  /** Whether all of these conditions hold. */
  | { readonly kind: 'where'; readonly filters: readonly Filter[] };

/** A question about single requests, answered by sums: which ones, in which groups, told apart where. */
export interface ReplayQuery {
  readonly span: Span;
  readonly where: readonly Filter[];
  readonly by: readonly Dimension[];
  readonly cuts: readonly Cut[];
}

/** What was called and how: all that decides a price besides time and sizes. Absent means that the source does not say. */
export interface CalledSku {
  readonly provider: string;
  readonly model: string;
  readonly requestModel: string | undefined;
  readonly operation: string;
  readonly serviceTier: string | undefined;
  readonly region: string | undefined;
  readonly inferenceGeo: string | undefined;
  readonly billable: boolean;
  readonly countSource: CountSource;
}

/** What the ledger prices a call by, or why it does not. */
export type RateInForce =
  | {
      readonly kind: 'rated';
      readonly provider: string;
      /** The card's model id. */
      readonly model: string;
      readonly from: string;
      readonly status: RowStatus;
      readonly lowerBound: boolean;
      readonly prices: Prices;
    }
  | { readonly kind: 'unrated'; readonly code: string; readonly message: string }
  | { readonly kind: 'not-billable' };

/**
 * Requests of one group, sku, rate and status that lie on the same side of every cut and use the same kinds of
 * quantities. What a price depends on is alike for all of them, and `sample` is one of them for each.
 */
export interface RequestClass {
  /** Values in the order of the question's `by`; null where the requests have no such value. */
  readonly key: readonly (string | null)[];
  readonly sku: CalledSku;
  readonly rate: RateInForce;
  readonly status: Status;
  readonly requests: bigint;
  readonly usage: UsageTotals;
  readonly sample: ClassSample;
}

/** What the requests of a class have in common as far as the cuts of the question tell. */
export interface ClassSample {
  /** The earliest of the requests; `undefined` where they have no time. */
  readonly time: number | undefined;
  /** The smallest sum of these counts that a request of the class may have. Throws for a sum that the question does not cut by. */
  readonly size: (of: readonly Count[]) => number;
  /** Whether all of these conditions hold for its requests. Throws for conditions that the question does not cut by. */
  readonly holds: (filters: readonly Filter[]) => boolean;
}

/** Answers about requests, beside those about spend. */
export interface ReplayLedger {
  readonly replay: (query: ReplayQuery) => Iterable<RequestClass>;
  /** Single events in the order of time, for what no sum can tell. */
  readonly calls: (query: OrderQuery) => Iterable<OrderedCall>;
  /** The dearest calls with longer answers than a limit, dearest first. */
  readonly longAnswers: (query: LongAnswersQuery) => readonly LongAnswer[];
  /** Everything that was ever called, whatever the span. */
  readonly skus: () => readonly CalledSku[];
  /** First and last instant of the hours in which calls were made, milliseconds UTC; `undefined` without any that has a time. */
  readonly extent: () => { readonly first: number; readonly last: number } | undefined;
}

const sizeNames = new WeakMap<readonly Count[], string>();

/** A sum of counts by its name, whatever their order. Asked of every class, so that names of a list are kept. */
export function sizeName(of: readonly Count[]): string {
  const known = sizeNames.get(of);
  if (known !== undefined) return known;
  const name = COUNTS.filter((count) => of.includes(count)).join('+');
  sizeNames.set(of, name);
  return name;
}

/** Conditions by their name. */
export const filtersName = (filters: readonly Filter[]): string =>
  JSON.stringify(
    filters.map(({ dimension, negated, pattern }) => [
      dimension.kind,
      dimension.name,
      negated,
      pattern,
    ]),
  );

/** Cuts of several questions as the cuts of one, which tells apart all that any of them does. */
export function mergeCuts(cuts: readonly Cut[]): readonly Cut[] {
  const instants = new Set<number>();
  const sizes = new Map<string, { of: readonly Count[]; above: Set<number> }>();
  const others = new Map<string, Cut>();
  for (const cut of cuts) {
    if (cut.kind === 'time') for (const instant of cut.instants) instants.add(instant);
    else if (cut.kind === 'hours') {
      if (cut.blocks.length > 0) others.set(hoursName(cut.blocks), cut);
    } else if (cut.kind === 'where') others.set(filtersName(cut.filters), cut);
    else {
      const name = sizeName(cut.of);
      const known = sizes.get(name) ?? { of: cut.of, above: new Set<number>() };
      sizes.set(name, known);
      for (const size of cut.above) known.above.add(size);
    }
  }
  const ascending = (numbers: Iterable<number>): readonly number[] =>
    [...numbers].sort((a, b) => a - b);
  return [
    ...(instants.size === 0 ? [] : [{ kind: 'time', instants: ascending(instants) } satisfies Cut]),
    ...[...sizes.values()].map(({ of, above }): Cut => ({
      kind: 'size',
      of,
      above: ascending(above),
    })),
    ...others.values(),
  ];
}

const hoursName = (blocks: readonly HoursBlock[]): string =>
  JSON.stringify(blocks.map(({ windows, days, except }) => [windows, days, [...except]]));
