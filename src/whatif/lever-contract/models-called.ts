import type { LeverWorld } from './lever.ts';

/** A model of a card. */
export interface CardModel {
  readonly provider: string;
  /** The card's id. */
  readonly model: string;
}

/** Every model of a card that calls of the ledger may be priced by, whatever the time. */
export function modelsCalled({
  ledger,
  resolve,
}: Pick<LeverWorld, 'ledger' | 'resolve'>): readonly CardModel[] {
  const found = new Map<string, CardModel>();
  for (const { provider, model } of ledger.skus()) {
    const meant = resolve(provider, model);
    if (meant.kind === 'unknown') continue;
    for (const { model: entry } of meant.meanings)
      found.set(`${provider}/${entry.id}`, { provider, model: entry.id });
  }
  return [...found.values()];
}
