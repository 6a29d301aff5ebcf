import type { Decimal } from './money.ts';
import type { Meter } from './meters.ts';
import type { CacheFacts, Dated, ModelFacts } from './model-facts.ts';
import type { UnitPrice } from './unit-price.ts';

/** Prices by meter. A meter that is not listed has no price, which is not a price of zero. */
export type Prices = ReadonlyMap<Meter, UnitPrice>;

/** How well a price row is known; `verified` by the vendor's page or two independent sources. */
export const ROW_STATUSES = [
  'verified',
  'observed',
  'single-source',
  'disputed',
  'promotional',
  'announced',
] as const;
/** One of ROW_STATUSES. */
export type RowStatus = (typeof ROW_STATUSES)[number];

/** Statuses of prices that rest on one source, on conflicting ones, or on a date that was inferred. */
export const WEAK_STATUSES: readonly RowStatus[] = ['observed', 'single-source', 'disputed'];

/** What a multiplier or a discount applies to: every token meter, or the counts named. */
export type Covers = 'tokens' | readonly string[];

/** Prices that replace the row's for the whole request once its prompt is long enough. */
export interface ContextTier {
  /** `above` excludes the boundary, `at_least` includes it. */
  readonly bound: 'above' | 'at_least';
  readonly tokens: number;
  readonly prices: Prices;
}

/** Prices of certain hours of certain days, UTC. */
export interface HoursBlock {
  /** Minutes of the day, half-open; a window may pass midnight (`end` <= `start`). */
  readonly windows: readonly { readonly start: number; readonly end: number }[];
  /** Days of the week, 0 is Sunday; all when empty. */
  readonly days: readonly number[];
  /** Days that do not count, `2026-10-01`. */
  readonly except: ReadonlySet<string>;
  readonly prices: Prices;
}

/** Published prices of one service tier. */
export interface ServiceBlock {
  readonly prices: Prices;
  readonly tiers: readonly ContextTier[];
  /** The tier ends at this instant, milliseconds UTC. */
  readonly until?: number;
}

/** Prices of a row in certain regions. The row's own tiers, service blocks and hours do not hold there. */
export interface RegionBlock {
  /** Lower case. */
  readonly regions: readonly string[];
  /** Replace the row's, meter by meter; the rest keeps the row's price. */
  readonly prices: Prices;
  readonly tiers: readonly ContextTier[];
  readonly service: ReadonlyMap<string, ServiceBlock>;
  /** Names of the card's sources; the row's when empty. */
  readonly sources: readonly string[];
  /** The row's when absent. */
  readonly status?: RowStatus;
}

/** What a source says that differs from the card. */
export interface OtherPrice {
  /** Name of one of the card's sources. */
  readonly source: string;
  readonly prices: Prices;
  /** Why it is not believed, where that is known. */
  readonly why?: string;
}

/** A model's complete prices from one instant until the next row begins. Never edited once published. */
export interface PriceRow {
  /** First instant, milliseconds UTC. */
  readonly from: number;
  /** `from` as the card writes it. */
  readonly fromText: string;
  /** Where the model's prices end without a successor. */
  readonly until?: number;
  readonly status: RowStatus;
  /** Day by which somebody has to look again, `2026-11-21`. */
  readonly checkBy?: string;
  readonly note?: string;
  /** Meters whose price looks odd and is what is published; lint does not ask about them. */
  readonly asPublished: readonly string[];
  /** What other sources say of these prices. */
  readonly othersSay: readonly OtherPrice[];
  /** Names of the card's sources. */
  readonly sources: readonly string[];
  readonly prices: Prices;
  readonly tiers: readonly ContextTier[];
  readonly service: ReadonlyMap<string, ServiceBlock>;
  readonly hours: readonly HoursBlock[];
  /** No region stands in two of them. */
  readonly regions: readonly RegionBlock[];
  /** Line of the card, from 1. */
  readonly line: number;
}

/** Another name of a model, for all time or for a half-open span, milliseconds UTC. */
export interface Alias {
  readonly name: string;
  /** First instant at which the name means the model; always has when absent. */
  readonly from?: number;
  /** Instant from which it no longer does; still does when absent. */
  readonly until?: number;
}

/** A model of a card with its whole price history, oldest row first. */
export interface ModelCard extends ModelFacts {
  readonly id: string;
  readonly aliases: readonly Alias[];
  /** One glob (`ft:gpt-4o-2024-*`), tried only when no exact name fits. */
  readonly match?: string;
  readonly kind: string;
  /** Surcharges that this model is listed for. */
  readonly surcharges: readonly string[];
  /** Service tiers that it has by multiplier although the tier covers listed models only. */
  readonly serviceTiers: readonly string[];
  readonly rows: readonly PriceRow[];
  /** Where the entry stands. */
  readonly file: string;
  readonly line: number;
}

/** What a service tier does to prices where a row publishes none of its own. */
export interface ServiceTier {
  readonly aliases: readonly string[];
  /** `undefined`: prices must be published per model. */
  readonly multiply?: Decimal;
  readonly covers: Covers;
  readonly onlyListedModels: boolean;
}

/** A multiplier on prices of calls from certain regions. */
export interface Surcharge {
  readonly when: { readonly region: readonly string[]; readonly inferenceGeo: readonly string[] };
  readonly multiply: Decimal;
  readonly covers: Covers;
  readonly onlyListedModels: boolean;
}

/** A dated price of a paid thing that is not tokens. */
export interface FeePrice {
  readonly from: number;
  readonly fromText: string;
  readonly price: UnitPrice;
  readonly sources: readonly string[];
  /** Promised, not yet in force when it was written down. */
  readonly announced: boolean;
}

/** Where a price was read: a page or a description, and the day. */
export interface PriceSource {
  readonly url?: string;
  readonly note?: string;
  readonly read: string;
}

/** Which card a provider's prices come from. */
export interface CardIdentity {
  readonly provider: string;
  /** Last day somebody checked the whole card, `2026-11-21`. */
  readonly asOf: string;
  /** Changes with any byte of the card; of a user's own card over a shipped one, with any of both. */
  readonly digest: string;
}

/** One provider's list prices. */
export interface RateCard {
  readonly file: string;
  readonly provider: string;
  /** Last day somebody checked the whole file, `2026-11-21`. */
  readonly asOf: string;
  readonly sources: ReadonlyMap<string, PriceSource>;
  /** Counts that make up the size of a prompt: of `input`, `cache_read`, `cache_write`; all when empty. */
  readonly promptSize: readonly string[];
  /** Time to live of cache writes whose usage does not say. */
  readonly cacheWriteDefault?: string;
  /** How prompt caches work, for models that have a price for reading them and say nothing themselves. */
  readonly cache: readonly Dated<CacheFacts>[];
  /** Modalities whose input and cached input cost what text costs unless a row lists them. */
  readonly atTextPrice: readonly string[];
  readonly serviceTiers: ReadonlyMap<string, ServiceTier>;
  readonly surcharges: ReadonlyMap<string, Surcharge>;
  readonly fees: ReadonlyMap<string, readonly FeePrice[]>;
  readonly models: readonly ModelCard[];
}
