import type { CalledSku } from '../../domain/replay-question.ts';
import type { LeverWorld } from './lever.ts';

/** A model of a card. */
export interface CardModel {
  readonly provider: string;
  /** The card's id. */
  readonly model: string;
}

/** Every model of a card that calls of the ledger, or of some skus of it, may be priced by, whatever the time. */
export function modelsCalled({
  ledger,
  resolve,
  skus = ledger.skus(),
}: Pick<LeverWorld, 'ledger' | 'resolve'> & {
  readonly skus?: readonly CalledSku[];
}): readonly CardModel[] {
  const found = new Map<string, CardModel>();
  for (const { provider, model } of skus) {
    const meant = resolve(provider, model);
    if (meant.kind === 'unknown') continue;
    for (const { model: entry } of meant.meanings)
      found.set(`${provider}/${entry.id}`, { provider, model: entry.id });
  }
  return [...found.values()];
}
