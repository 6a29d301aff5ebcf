import type { ContextTier, HoursBlock, ModelCard, RateCard } from './rate-card.ts';

/** The sizes at which prices of a model may change, so sorted that who reaches one reaches all before it. */
export function thresholdsOf({ rows }: ModelCard): readonly ContextTier[] {
  const tiers = rows
    .flatMap((row) => [row, ...row.regions])
    .flatMap((prices) => [
      ...prices.tiers,
      ...[...prices.service.values()].flatMap((block) => block.tiers),
    ]);
  const order = ({ tokens, bound }: ContextTier): number => tokens + (bound === 'above' ? 0.5 : 0);
  const distinct = new Map(tiers.map((tier) => [order(tier), tier]));
  return [...distinct.values()].sort((a, b) => order(a) - order(b));
}

/** Every instant at which a price of the model, or a fee of its card, begins or ends; ascending. */
export function instantsOfChange(card: RateCard, model: ModelCard): readonly number[] {
  const instants = new Set<number>();
  for (const row of model.rows) {
    instants.add(row.from);
    if (row.until !== undefined) instants.add(row.until);
    for (const { service } of [row, ...row.regions])
      for (const { until } of service.values()) if (until !== undefined) instants.add(until);
  }
  for (const fees of card.fees.values()) for (const { from } of fees) instants.add(from);
  return [...instants].sort((a, b) => a - b);
}

/** The hours with prices of their own, a list for each row that has some. */
export const hoursOf = ({ rows }: ModelCard): readonly (readonly HoursBlock[])[] =>
  rows.map(({ hours }) => hours).filter((hours) => hours.length > 0);
