import type { RateBook } from '../domain/rate-book.ts';
import { cacheWriteTotal, type UsageEvent } from '../domain/usage.ts';
import type { Database } from './database.ts';
import { createDictionary } from './dictionary.ts';
import { extraOf, identifiersText, picodollars } from './event-row.ts';
import type { PlacedEvent } from './placed-event.ts';
import { createRateAssignment } from './rate-assignment.ts';
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
  /** To be called when other tags than before have become identifiers. */
  readonly forgetTagSets: () => void;
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
  return { place, forgetTagSets: tagSets.forget };
}

function openSkus(
  database: Database,
  cardEntry: (provider: string, model: string) => string,
): (event: UsageEvent, format: string) => number {
  const insert = database.prepare(`
    INSERT INTO sku (key, provider, model, request_model, operation, service_tier, region, inference_geo, billable, count_source, format, card_entry)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const skus = createDictionary<readonly unknown[]>(database, 'sku', (key, facts) =>
    Number(insert.run(key, ...facts).lastInsertRowid),
  );
  const known = new Map<string, KnownSku[]>();
  const idOf = (event: UsageEvent, format: string): number => {
    const facts = [
      event.provider,
      event.model,
      event.requestModel ?? null,
      event.operation,
      event.serviceTier ?? null,
      event.region ?? null,
      event.inferenceGeo ?? null,
      event.billable ? 1 : 0,
      event.countSource,
      format,
    ];
    return skus.id(JSON.stringify(facts), () => [...facts, cardEntry(event.provider, event.model)]);
  };
  return (event, format) => {
    let ofModel = known.get(event.model);
    const present = ofModel?.find((sku) => isOfSku(event, format, sku));
    if (present !== undefined) return present.id;
    const id = idOf(event, format);
    if (ofModel === undefined || ofModel.length >= SKUS_OF_A_MODEL) {
      if (known.size >= REMEMBERED) known.clear();
      known.set(event.model, (ofModel = []));
    }
    ofModel.push({ facts: factsOf(event), format, id });
    return id;
  };
}

interface KnownSku {
  readonly facts: ReturnType<typeof factsOf>;
  readonly format: string;
  readonly id: number;
}

/** Most skus of one model that are looked through for a known one. */
const SKUS_OF_A_MODEL = 64;
/** Most models that are remembered here before the dictionary is asked again. */
const REMEMBERED = 20_000;

/** What decides a sku beside its model; an event itself would keep its tags in memory. */
const factsOf = (event: UsageEvent) => ({
  provider: event.provider,
  requestModel: event.requestModel,
  serviceTier: event.serviceTier,
  region: event.region,
  inferenceGeo: event.inferenceGeo,
  operation: event.operation,
  billable: event.billable,
  countSource: event.countSource,
});

const isOfSku = (event: UsageEvent, format: string, sku: KnownSku): boolean =>
  event.provider === sku.facts.provider &&
  event.requestModel === sku.facts.requestModel &&
  event.serviceTier === sku.facts.serviceTier &&
  event.region === sku.facts.region &&
  event.inferenceGeo === sku.facts.inferenceGeo &&
  event.operation === sku.facts.operation &&
  event.billable === sku.facts.billable &&
  event.countSource === sku.facts.countSource &&
  format === sku.format;
