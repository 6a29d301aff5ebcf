import type { ModelCard, RateCard, Surcharge } from './rate-card.ts';

/** A surcharge that a call bears. */
export interface Borne {
  readonly name: string;
  readonly surcharge: Surcharge;
  /** The call's region is why, not its inference geography. */
  readonly regional: boolean;
}

/** The surcharges that a call of a model bears, in the card's order. */
export function surchargesOf(
  card: RateCard,
  model: ModelCard,
  where: { readonly region: string | undefined; readonly inferenceGeo: string | undefined },
): readonly Borne[] {
  const region = where.region?.toLowerCase();
  const geo = where.inferenceGeo?.toLowerCase();
  return [...card.surcharges].flatMap(([name, surcharge]): Borne[] => {
    const { when, onlyListedModels } = surcharge;
    const regional = region !== undefined && when.region.includes(region);
    const borne =
      (!onlyListedModels || model.surcharges.includes(name)) &&
      (regional || (geo !== undefined && when.inferenceGeo.includes(geo)));
    return borne ? [{ name, surcharge, regional }] : [];
  });
}
