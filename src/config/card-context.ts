import type { PriceSource } from '../domain/rate-card.ts';
import type { TreeReader } from './yaml-tree.ts';

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
