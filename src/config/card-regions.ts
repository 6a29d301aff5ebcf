import type { RegionBlock } from '../domain/rate-card.ts';
import type { CardContext } from './card-context.ts';
import { undeclaredSource } from './card-values.ts';
import { PRICE_KEYS, pricesOf } from './price-keys.ts';
import { serviceOf, statusOf, tiersOf } from './row-blocks.ts';
import type { Located } from './yaml-tree.ts';

const REGION_KEYS = ['in', 'source', 'status', 'tiers', 'service', ...PRICE_KEYS];

/** Decodes `regions:` of a price row: `{in: [ap-northeast-1], input: 0.072, ...}`, each with prices of its own. */
export function regionsOf(
  value: Located | undefined,
  row: string,
  context: CardContext,
): RegionBlock[] {
  const { read, sources } = context;
  const path = `${row}.regions`;
  return read.list(value, path).map((block): RegionBlock => {
    const fields = read.map(block, path, REGION_KEYS);
    const at = (name: string): Located | undefined => fields.get(name)?.value;
    const regions = read.texts(at('in'), `${path}.in`).map((region) => region.toLowerCase());
    if (regions.length === 0)
      read.error(block.origin, `${path}: needs "in:", the regions whose prices these are`);
    const names = read.texts(at('source'), `${path}.source`);
    for (const name of names)
      if (!sources.has(name))
        read.error(
          at('source')?.origin ?? block.origin,
          `${path}: ${undeclaredSource(name, sources)}`,
        );
    const prices = pricesOf(fields, path, context);
    if (prices.size === 0) read.error(block.origin, `${path}: lists no price`);
    const status = statusOf(at('status'), path, context);
    return {
      regions,
      prices,
      tiers: tiersOf(at('tiers'), path, context),
      service: serviceOf(at('service'), path, context),
      sources: names,
      ...(status === undefined ? {} : { status }),
    };
  });
}
