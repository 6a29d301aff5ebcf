import type { ContextTier } from './rate-card.ts';
import type { Meter } from './meters.ts';
import type { UnitPrice } from './unit-price.ts';

/** Prices as a foreign table lists them; `cache_write` without a time to live is the card's usual one. */
export type TablePrices = ReadonlyMap<Meter, UnitPrice>;

/** One model of a foreign price table, in our words. */
export interface TableRow {
  /** Who bills, as the table writes it, and under our name. */
  readonly writtenProvider: string;
  readonly provider: string;
  /** The model's id without the provider that some tables put before it. */
  readonly model: string;
  readonly prices: TablePrices;
  readonly tiers: readonly (Pick<ContextTier, 'bound' | 'tokens'> & {
    readonly prices: TablePrices;
  })[];
  /** What cannot be taken as it is written: `input: -1 is negative`. */
  readonly doubts: readonly string[];
  /** Why the row says nothing that a card could hold; absent when it does. */
  readonly passedOver?: 'no price per token' | 'only prices of 0' | 'price of one region';
}

/** Names of the tables that can be read. */
export const TABLE_FORMATS = ['litellm', 'models.dev', 'genai-prices', 'openrouter'] as const;
/** One of TABLE_FORMATS. */
export type TableFormat = (typeof TABLE_FORMATS)[number];

/** A foreign price table as it stood on a day. */
export interface PriceTable {
  readonly format: TableFormat;
  readonly rows: readonly TableRow[];
}
