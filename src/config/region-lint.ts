import { isFee } from '../domain/meters.ts';
import type { PriceRow } from '../domain/rate-card.ts';

/** How far a region's price may lie from the row's before somebody is asked to look. */
const FAR = 5n;

/** What is wrong with the regions of a row, or looks like a slip. */
export function* lintRegions({
  regions: blocks,
  prices,
  asPublished,
}: Pick<PriceRow, 'regions' | 'prices' | 'asPublished'>): Generator<{
  readonly severity: 'error' | 'warning';
  readonly message: string;
}> {
  const seen = new Set<string>();
  for (const { regions, prices: own, tiers, service } of blocks) {
    const shown = regions.join(', ');
    for (const region of regions) {
      if (seen.has(region))
        yield {
          severity: 'error',
          message: `regions: ${region} stands there twice; keep one of them`,
        };
      seen.add(region);
    }
    for (const list of [tiers, ...[...service.values()].map((block) => block.tiers)])
      if (list.some((tier, index) => tier.tokens <= (list[index - 1]?.tokens ?? -1)))
        yield { severity: 'error', message: `regions ${shown}: tiers go by ascending size` };
    for (const meter of prices.keys())
      if (!isFee(meter) && !own.has(meter) && !asPublished.includes(meter))
        yield {
          severity: 'warning',
          message: `regions ${shown}: ${meter} is not listed, which keeps the base price`,
        };
    for (const [meter, { amount, per }] of own) {
      const base = prices.get(meter);
      if (base === undefined || asPublished.includes(meter)) continue;
      const [here, there] = [amount * BigInt(base.per), base.amount * BigInt(per)];
      if (there > 0n && (here > there * FAR || here * FAR < there))
        yield {
          severity: 'warning',
          message: `regions ${shown}: ${meter} is more than five times dearer or cheaper than elsewhere; is it a slip of the unit?`,
        };
    }
  }
}
