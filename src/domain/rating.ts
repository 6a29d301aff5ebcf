import { grouped } from './words.ts';
import { contextTierFor, inForce, matchesHours, rowAt } from './price-row.ts';
import { layRegion, publishedFor, regionalGap, regionBlockOf } from './region-prices.ts';
import { surchargesOf } from './surcharges.ts';
import type { Meter } from './meters.ts';
import { overlay, scale } from './price-layers.ts';
import type { Decimal } from './money.ts';
import type { PoolShare } from './pool.ts';
import type {
  Covers,
  ModelCard,
  PriceRow,
  Prices,
  RateCard,
  RegionBlock,
  RowStatus,
  ServiceBlock,
  ServiceTier,
} from './rate-card.ts';
import type { UnitPrice } from './unit-price.ts';

/** All that decides which prices a call has. */
export interface RateRequest {
  readonly time: number;
  readonly serviceTier: string | undefined;
  readonly region: string | undefined;
  readonly inferenceGeo: string | undefined;
  /** The prompt by the counts that a context tier may look at. */
  readonly prompt: Readonly<Record<'input' | 'cache_read' | 'cache_write', number>>;
  /** Counts summed over many calls: no context tier can be proved, so the base price is a lower bound. */
  readonly aggregated: boolean;
}

/** The prices that cover a call, and which lines of which card they come from. */
export interface Rate {
  /** Names the choice: equal keys mean equal prices of one card. */
  readonly key: string;
  readonly provider: string;
  /** The card's model id. */
  readonly model: string;
  readonly from: string;
  readonly status: RowStatus;
  readonly sources: readonly string[];
  readonly file: string;
  readonly line: number;
  readonly prices: Prices;
  /** What was applied, in order: `flex: published`, `prompt above 272,000`, `surcharge regional x1.1`. */
  readonly steps: readonly string[];
  readonly lowerBound: boolean;
  /** Prices after negotiated terms; absent where no term changes the list prices. */
  readonly contracted?: Prices;
  /** Names of the terms that made `contracted`, and of those that share out a pool. */
  readonly terms?: readonly string[];
  /** The pool of money that pays for the tokens, beside `contracted`. */
  readonly pool?: PoolShare;
  /** The commitment that the usage draws down, with its period. */
  readonly commit?: string;
}

/** Why usage has no price. `code` is stable. */
export interface Unrated {
  readonly code:
    | 'no-time'
    | 'usage-missing'
    | 'unknown-provider'
    | 'unknown-model'
    | 'before-first-price'
    | 'after-last-price'
    | 'no-tier-price'
    | 'no-meter-price'
    | 'own-hardware'
    | 'rate-lost';
  readonly message: string;
}

/** Either prices or the reason why there are none. */
export type Rating =
  | { readonly kind: 'rated'; readonly rate: Rate }
  | {
      readonly kind: 'unrated';
      readonly why: Unrated;
      /** Own hardware that the usage runs on: it has no list price, but an effective cost. */
      readonly pool?: PoolShare;
    };

const unrated = (code: Unrated['code'], message: string): Rating => ({
  kind: 'unrated',
  why: { code, message },
});

const BASE_TIERS: ReadonlySet<string> = new Set([
  '',
  'default',
  'standard',
  'auto',
  'on_demand',
  'on-demand',
  'standard_only',
  'not_available',
]);

/** Whether a written tier says "no special tier". */
export const isBaseTier = (written: string): boolean => BASE_TIERS.has(written.toLowerCase());

/** The service tier as priced; `undefined` for the ways of saying "no special tier". */
function pricedTier(card: RateCard, written: string | undefined): string | undefined {
  const name = (written ?? '').toLowerCase();
  if (BASE_TIERS.has(name)) return undefined;
  for (const [tier, { aliases }] of card.serviceTiers) if (aliases.includes(name)) return tier;
  return name;
}

/**
 * Finds the prices that cover a call of a model: row by time, region, service tier (published numbers before
 * multipliers), context tier for the whole request, hours, surcharges. A published service block uses
 * its own context tiers only; a multiplier comes after the row's. In a region with prices of its own the
 * row's tiers, service blocks and hours do not hold (rates/README.md, "How a price is found").
 */
export function rateFor(card: RateCard, model: ModelCard, request: RateRequest): Rating {
  const where = `${card.provider}/${model.id}`;
  const row = rowFor(where, model.rows, request.time);
  if ('kind' in row) return row;
  const tierName = pricedTier(card, request.serviceTier);
  const place = regionBlockOf(row, request.region);
  const size = request.aggregated ? undefined : promptSize(card, request);
  const gap =
    place === undefined
      ? undefined
      : regionalGap({ row, place, tier: tierName, time: request.time, promptTokens: size });
  if (gap !== undefined)
    return unrated('no-tier-price', `${where} has no price for ${gap} in ${request.region}`);
  const local = place ?? row;
  const service =
    tierName === undefined
      ? NO_SERVICE
      : serviceFor(card, model, { row, local, tier: tierName, time: request.time });
  if (typeof service === 'string') return unrated('no-tier-price', service);
  const steps: string[] = [];
  const prices = new Map<Meter, UnitPrice>(row.prices);
  for (const [meter, price] of feePrices(card, request.time))
    if (!prices.has(meter)) prices.set(meter, price);
  const surcharges = surchargesOf(card, model, request);
  if (place !== undefined)
    steps.push(...layRegion(prices, { place, region: request.region, surcharges }));
  overlay(prices, service.block?.prices);
  steps.push(...service.steps);
  const tiers = (service.block ?? local).tiers;
  const tier = size === undefined ? undefined : contextTierFor(tiers, size);
  overlay(prices, tier?.prices);
  if (tier !== undefined)
    steps.push(
      `prompt ${tier.bound === 'above' ? 'above' : 'of at least'} ${grouped(tier.tokens)} tokens`,
    );
  const hours = row.hours.findIndex((block) => matchesHours(block, request.time));
  if (hours >= 0) {
    overlay(prices, row.hours[hours]?.prices, service.block?.prices);
    steps.push('hours with a price of their own');
  }
  spreadTextPrices(card, prices);
  if (service.multiply !== undefined) scale(prices, service.multiply, service.covers);
  for (const { name, surcharge, regional } of surcharges) {
    if (regional && place !== undefined) continue;
    scale(prices, surcharge.multiply, surcharge.covers);
    steps.push(`surcharge ${name}`);
  }
  const reachable = place === undefined ? tiers : [...tiers, ...row.tiers];
  const lowerBound = request.aggregated && reachable.length > 0;
  return {
    kind: 'rated',
    rate: {
      key: [`${where}@${row.fromText}`, ...steps, ...(lowerBound ? ['lower bound'] : [])].join(
        ' · ',
      ),
      provider: card.provider,
      model: model.id,
      from: row.fromText,
      status: place?.status ?? row.status,
      sources: place === undefined || place.sources.length === 0 ? row.sources : place.sources,
      file: model.file,
      line: row.line,
      prices,
      steps,
      lowerBound,
    },
  };
}

/** The row in force, or why there is none. */
function rowFor(where: string, rows: readonly PriceRow[], time: number): PriceRow | Rating {
  const row = rowAt(rows, time);
  if (row === undefined)
    return unrated(
      'before-first-price',
      `${where} has no price before ${rows[0]?.fromText ?? 'any date'}`,
    );
  return row.until !== undefined && time >= row.until
    ? unrated('after-last-price', `${where} has no price after its last row ended`)
    : row;
}

interface ServiceChoice {
  readonly block?: ServiceBlock;
  readonly multiply?: Decimal;
  readonly covers: Covers;
  readonly steps: readonly string[];
}
const NO_SERVICE: ServiceChoice = { covers: 'tokens', steps: [] };

/** The tier's prices, or in words why it has none. */
function serviceFor(
  card: RateCard,
  model: ModelCard,
  {
    row,
    local,
    tier: name,
    time,
  }: {
    readonly row: PriceRow;
    /** The row, or its block of the call's region. */
    readonly local: PriceRow | RegionBlock;
    readonly tier: string;
    readonly time: number;
  },
): ServiceChoice | string {
  const published = publishedFor(local, name, time);
  if (published !== undefined)
    return { block: published, covers: 'tokens', steps: [`${name}: published price`] };
  const tier: ServiceTier | undefined = card.serviceTiers.get(name);
  const where = `${card.provider}/${model.id}`;
  if (tier === undefined) return `${where} has no price for service tier ${name}`;
  const block = row.service.get(name);
  const listed = (block !== undefined && inForce(block, time)) || model.serviceTiers.includes(name);
  if (tier.multiply === undefined || (tier.onlyListedModels && !listed))
    return `${where} publishes no ${name} price`;
  return { multiply: tier.multiply, covers: tier.covers, steps: [`${name}: multiplier`] };
}

function* feePrices(card: RateCard, time: number): Generator<[Meter, UnitPrice]> {
  for (const [name, dated] of card.fees) {
    const current = dated.findLast(({ from }) => from <= time);
    if (current !== undefined) yield [`fee:${name}`, current.price];
  }
}

const ALL_COUNTS = ['input', 'cache_read', 'cache_write'];

/** The size of a prompt by the counts that the card looks at. */
export const promptSize = (card: RateCard, { prompt }: Pick<RateRequest, 'prompt'>): number =>
  (card.promptSize.length === 0 ? ALL_COUNTS : card.promptSize).reduce(
    (size, count) => size + (prompt[count as keyof typeof prompt] ?? 0),
    0,
  );

/** Lets usage without a time to live find its price, and modalities that cost what text costs. */
function spreadTextPrices(card: RateCard, prices: Map<Meter, UnitPrice>): void {
  const written = prices.get(`cache_write@${card.cacheWriteDefault ?? 'default'}`);
  if (written !== undefined) prices.set('cache_write@default', written);
  for (const modality of card.atTextPrice) {
    for (const count of ['input', 'cache_read']) {
      const text = prices.get(count);
      const meter = `${count}_${modality}`;
      if (text !== undefined && !prices.has(meter)) prices.set(meter, text);
    }
  }
}
