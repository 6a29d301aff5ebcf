import { createHash } from 'node:crypto';
import type { ProjectSettings } from '../../domain/project-settings.ts';
import type { CardIdentity } from '../../domain/rate-card.ts';
import { describedPrices } from './price-words.ts';

/** Says in a few characters which prices hold: changes with any card, with the day that is asked for and with own names of models. */
export function pricesDigest(cards: readonly CardIdentity[], settings: ProjectSettings): string {
  const names = [...settings.deployments].map(([provider, own]) => [provider, ...own]);
  return createHash('sha256')
    .update(JSON.stringify([cards, describedPrices(settings), names]))
    .digest('hex')
    .slice(0, 16);
}
