import type { UsageEvent } from '../domain/usage.ts';
import type { Database } from './database.ts';
import { createDictionary, newRow } from './dictionary.ts';

/** What was called and how: everything that decides a price besides time and prompt size. */
export type SkuFacts = Pick<
  UsageEvent,
  | 'provider'
  | 'model'
  | 'requestModel'
  | 'operation'
  | 'serviceTier'
  | 'region'
  | 'inferenceGeo'
  | 'billable'
  | 'countSource'
>;

/** Opens the skus: the id of what was called and how, made when it is new. `cardEntry` says what prices a model. */
export function openSkus(
  database: Database,
  cardEntry: (provider: string, model: string) => string,
): (event: SkuFacts, format: string) => number {
  const insert = database.prepare(`
    INSERT OR IGNORE INTO sku (key, provider, model, request_model, operation, service_tier, region, inference_geo, billable, count_source, format, card_entry)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const skus = createDictionary<readonly unknown[]>(database, 'sku', (key, facts) =>
    newRow(insert.run(key, ...facts)),
  );
  const known = new Map<string, KnownSku[]>();
  const idOf = (event: SkuFacts, format: string): number => {
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
const factsOf = (event: SkuFacts): Omit<SkuFacts, 'model'> => ({
  provider: event.provider,
  requestModel: event.requestModel,
  serviceTier: event.serviceTier,
  region: event.region,
  inferenceGeo: event.inferenceGeo,
  operation: event.operation,
  billable: event.billable,
  countSource: event.countSource,
});

const isOfSku = (event: SkuFacts, format: string, sku: KnownSku): boolean =>
  event.provider === sku.facts.provider &&
  event.requestModel === sku.facts.requestModel &&
  event.serviceTier === sku.facts.serviceTier &&
  event.region === sku.facts.region &&
  event.inferenceGeo === sku.facts.inferenceGeo &&
  event.operation === sku.facts.operation &&
  event.billable === sku.facts.billable &&
  event.countSource === sku.facts.countSource &&
  format === sku.format;
