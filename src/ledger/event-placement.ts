import type { RateBook } from '../domain/rate-book.ts';
import type { UsageEvent } from '../domain/usage.ts';
import type { CubeChange } from './cube.ts';
import type { Database } from './database.ts';
import { createDictionary } from './dictionary.ts';
import { extraOf, identifiersText, picodollars, plainCounts } from './event-row.ts';
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

/** An event's values in the order of EVENT_COLUMNS, and what it adds to the cube. */
export interface Placed {
  readonly row: readonly unknown[];
  readonly change: CubeChange;
}

/** Columns of the event table that are written. */
export const EVENT_COLUMNS = [
  'key',
  'own_id',
  'replay',
  'time_ms',
  'sku_id',
  'rate_id',
  'tag_set_id',
  'status',
  'error_code',
  'latency_ms',
  'retry_count',
  'requests',
  'input',
  'cache_read',
  'cache_write',
  'output',
  'reasoning',
  'extra',
  'reported_picodollars',
  'run',
  'session',
  'user',
  'step',
  'identifiers',
  'file_id',
  'line',
];

/** Where events go: sku, tag set and rate, each made when it is new. */
export interface Placement {
  readonly place: (incoming: IncomingEvent, key: string) => Placed;
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
  const place = (incoming: IncomingEvent, key: string): Placed => {
    const apart = identifiers();
    const { event, format, fileId, line } = incoming;
    const skuId = skus(event, format);
    const rateId = rates.rateId(event, skuId);
    const tagSetId = tagSets.of(event);
    const counts = plainCounts(event.usage);
    const extra = extraOf(event.usage);
    const reported = picodollars(event.reportedCost);
    const row = [
      key,
      event.id === undefined ? 0 : 1,
      event.replay === true ? 1 : 0,
      event.time ?? null,
      skuId,
      rateId,
      tagSetId,
      event.status,
      event.errorCode ?? null,
      event.latencyMs ?? null,
      event.retryCount ?? null,
      event.requests,
      counts.input,
      counts.cacheRead,
      counts.cacheWrite,
      counts.output,
      counts.reasoning,
      extra === null ? null : JSON.stringify(extra),
      reported,
      event.tags['run'] ?? null,
      event.tags['session'] ?? null,
      event.tags['user'] ?? null,
      event.tags['step'] ?? null,
      apart.size === 0 ? null : identifiersText(event, apart),
      fileId,
      line,
    ];
    return {
      row,
      change: {
        time: event.time,
        skuId,
        rateId,
        tagSetId,
        status: event.status,
        requests: event.requests,
        counts,
        extra,
        reported,
      },
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
