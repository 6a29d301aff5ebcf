import type { RateBook } from '../domain/rate-book.ts';
import { cacheWriteTotal, type UsageEvent } from '../domain/usage.ts';
import type { Tagged } from '../domain/tags.ts';
import type { Database } from './database.ts';
import { extraOf, identifiersText, isKeptApart, picodollars } from './event-row.ts';
import type { PlacedEvent } from './placed-event.ts';
import { createRateAssignment, type SkuRates } from './rate-assignment.ts';
import { openSkus, type SkuFacts } from './sku.ts';
import { openTagSets } from './tag-sets.ts';

/** An event with the place it was read from and the key that makes it one event. */
export interface IncomingEvent {
  readonly event: UsageEvent;
  /** The event's own id, or a hash of its record. */
  readonly key: string;
  /** The adapter that read it. */
  readonly format: string;
  readonly fileId: number | null;
  readonly line: number;
}

/** Where events go: sku, tag set and rate, each made when it is new. */
export interface Placement {
  readonly place: (incoming: IncomingEvent, key: string) => PlacedEvent;
  /** The sku of calls, and what finds their rates. */
  readonly skuOf: (facts: SkuFacts, format: string) => PlacedSku;
  /** The tag set of calls; `undefined` where some of its tags are kept with each call. */
  readonly tagSetOf: (tagged: Tagged) => number | undefined;
  /** To be called when other tags than before have become identifiers. */
  readonly forgetTagSets: () => void;
}

/** A sku and what rates its calls. */
export interface PlacedSku {
  readonly id: number;
  readonly rates: SkuRates;
}

/** Opens the places of events; `identifiers` gives the tags that are kept with each call. */
export function openPlacement(
  database: Database,
  book: RateBook,
  identifiers: () => ReadonlySet<string>,
): Placement {
  const rates = createRateAssignment(database, book);
  const skus = openSkus(database, rates.cardEntry);
  const tagSets = openTagSets(database, identifiers);
  const place = ({ event, format, fileId, line }: IncomingEvent, key: string): PlacedEvent => {
    const { usage, tags } = event;
    const skuId = skus(event, format);
    const apart = identifiers();
    return {
      key,
      ownId: event.id === undefined ? 0 : 1,
      replay: event.replay === true ? 1 : 0,
      time: event.time ?? null,
      skuId,
      rateId: rates.rateId(event, skuId),
      tagSetId: tagSets.of(event),
      status: event.status,
      errorCode: event.errorCode ?? null,
      latencyMs: event.latencyMs ?? null,
      retryCount: event.retryCount ?? null,
      requests: event.requests,
      input: usage.input,
      cacheRead: usage.cacheRead,
      cacheWrite: cacheWriteTotal(usage),
      output: usage.output,
      reasoning: usage.reasoning,
      extra: extraOf(usage),
      reported: picodollars(event.reportedCost),
      run: tags['run'] ?? null,
      session: tags['session'] ?? null,
      user: tags['user'] ?? null,
      step: tags['step'] ?? null,
      identifiers: apart.size === 0 ? null : identifiersText(event, apart),
      fileId,
      line,
    };
  };
  return {
    place,
    skuOf(facts, format) {
      const id = skus(facts, format);
      return { id, rates: rates.ofSku(facts, id) };
    },
    tagSetOf(tagged) {
      const apart = identifiers();
      for (const key in tagged.tags)
        if (isKeptApart(key, tagged.tags[key] ?? '', apart)) return undefined;
      return tagSets.of(tagged);
    },
    forgetTagSets: tagSets.forget,
  };
}
