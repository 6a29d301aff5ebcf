import type { Alias, PriceSource } from '../domain/rate-card.ts';
import type { TreeReader } from './yaml-tree.ts';

/** A name of a card that a model goes by, for all time or for a span. */
export interface NameClaim extends Alias {
  readonly model: string;
}

/** What a model entry may refer to in its card. */
export interface CardContext {
  readonly read: TreeReader;
  readonly sources: ReadonlyMap<string, PriceSource>;
  readonly calendars: ReadonlyMap<string, ReadonlySet<string>>;
  readonly serviceTiers: ReadonlyMap<string, unknown>;
  readonly surcharges: ReadonlyMap<string, unknown>;
  /** What each fee is quoted for. */
  readonly fees: ReadonlyMap<string, bigint>;
  readonly cacheWriteDefault?: string;
}

/** The same while a card's models are decoded one after another. */
export interface ModelContext extends CardContext {
  /** Who goes by which lower-case name so far. */
  readonly claims: Map<string, readonly NameClaim[]>;
}
