import { grouped } from './words.ts';
import { contextTierFor, inForce, matchesHours } from './price-row.ts';
import type { Meter } from './meters.ts';
import { covers, overlay, scale } from './price-layers.ts';
import type { PriceRow, RateCard, RegionBlock, ServiceBlock } from './rate-card.ts';
import type { Borne } from './surcharges.ts';
import type { UnitPrice } from './unit-price.ts';

/** A row's prices of a region; `undefined` where the region has none of its own. Written in any case. */
export function regionBlockOf(row: PriceRow, region: string | undefined): RegionBlock | undefined {
  const asked = region?.toLowerCase();
  return asked === undefined
    ? undefined
    : row.regions.find(({ regions }) => regions.includes(asked));
}

/** Whether a card knows a region or an inference geography by prices or a surcharge of its own. */
export function knowsPlace({ models, surcharges }: RateCard, place: string): boolean {
  const asked = place.toLowerCase();
  const borne = [...surcharges.values()].some(
    ({ when }) => when.region.includes(asked) || when.inferenceGeo.includes(asked),
  );
  return (
    borne || models.some(({ rows }) => rows.some((row) => regionBlockOf(row, asked) !== undefined))
  );
}

/** The numbers that a row or a region publishes for a service tier at an instant; `undefined` for none. */
export function publishedFor(
  { service }: Pick<PriceRow, 'service'>,
  tier: string,
  time: number,
): ServiceBlock | undefined {
  const block = service.get(tier);
  return block !== undefined && inForce(block, time) && block.prices.size + block.tiers.length > 0
    ? block
    : undefined;
}

/** A call in a region with prices of its own, by what may have prices beside the plain ones. */
export interface RegionalCall {
  readonly row: PriceRow;
  readonly place: RegionBlock;
  /** The service tier, where the row publishes it. */
  readonly tier: string | undefined;
  readonly time: number;
  /** `undefined` for counts summed over many calls, which reach no context tier. */
  readonly promptTokens: number | undefined;
}

/**
 * What the row prices apart and the region does not, in words: the number of the row is another region's,
 * so that the call has no price. `undefined` when the region prices all that the call needs.
 */
export function regionalGap({
  row,
  place,
  tier,
  time,
  promptTokens,
}: RegionalCall): string | undefined {
  const published = tier === undefined ? undefined : publishedFor(row, tier, time);
  const own = tier === undefined ? undefined : publishedFor(place, tier, time);
  if (published !== undefined && own === undefined) return `service tier ${tier}`;
  const size = promptTokens ?? -1;
  const tokens = ({ tiers }: Pick<PriceRow, 'tiers'>): number =>
    contextTierFor(tiers, size)?.tokens ?? -1;
  if (tokens(published ?? row) > tokens(own ?? place))
    return `prompts of more than ${grouped(tokens(published ?? row))} tokens`;
  return row.hours.some((hours) => matchesHours(hours, time)) ? 'these hours' : undefined;
}

/**
 * Lays a region's prices over the row's and returns what was done. The region's own prices hold its
 * surcharge already; what it does not list is the row's and bears it.
 */
export function layRegion(
  prices: Map<Meter, UnitPrice>,
  {
    place,
    region = '',
    surcharges,
  }: {
    readonly place: RegionBlock;
    readonly region: string | undefined;
    readonly surcharges: readonly Borne[];
  },
): readonly string[] {
  const rest = [...prices.keys()].filter((meter) => !place.prices.has(meter));
  const borne = surcharges.filter(
    ({ regional, surcharge }) => regional && rest.some((meter) => covers(surcharge.covers, meter)),
  );
  for (const { surcharge } of borne) scale(prices, surcharge.multiply, surcharge.covers);
  overlay(prices, place.prices);
  return [
    ...borne.map(({ name }) => `surcharge ${name} on what the region does not list`),
    `region ${region.toLowerCase()}: published price`,
  ];
}
