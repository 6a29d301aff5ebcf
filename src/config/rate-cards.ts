import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { CardIdentity, RateCard } from '../domain/rate-card.ts';
import { showOrigin, UserError } from '../errors.ts';
import { type CardFile, shownCardPath } from './card-files.ts';
import { decodeRateCard } from './rate-card-file.ts';
import { lintRateCard } from './rate-card-lint.ts';
import type { Problem } from './yaml-tree.ts';

/** Reads one card and every problem in it. Throws UserError when the file is no YAML. */
export function readCard(
  { file }: CardFile,
  now: number,
): { readonly card: RateCard; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const card = decodeRateCard(readFileSync(file, 'utf8'), shownCardPath(file), (problem) =>
    problems.push(problem),
  );
  lintRateCard(card, now, (problem) => problems.push(problem));
  return { card, problems };
}

/**
 * Reads all cards, one per provider. A user's card for a provider that has one already replaces the
 * models it names and adds the others. Throws UserError at the first error of any card.
 */
export function readCards(files: readonly CardFile[], now: number): ReadonlyMap<string, RateCard> {
  const cards = new Map<string, RateCard>();
  for (const file of files) {
    const { card, problems } = readCard(file, now);
    const errors = problems.filter(({ severity }) => severity === 'error');
    const [first] = errors;
    if (first !== undefined)
      throw new UserError(first.message, {
        origin: first.origin,
        hint:
          errors.length > 1
            ? `${errors.length - 1} more: run aicost rates lint ${showOrigin({ file: first.origin.file })}`
            : 'Mend it, then run aicost rates lint.',
      });
    const present = cards.get(card.provider);
    cards.set(card.provider, present === undefined ? card : mergeCards(present, card));
  }
  return cards;
}

const newer = (one: string, other: string): string => (one > other ? one : other);

/** What a ledger remembers of the cards that its rates come from; `digest` is that of all their bytes. */
export const identifyCards = (
  cards: ReadonlyMap<string, RateCard>,
  digest: string,
): {
  readonly digest: string;
  /** The newest day on which one of them was checked. */
  readonly asOf: string;
  readonly byProvider: readonly CardIdentity[];
} => ({
  digest,
  asOf: [...cards.values()].reduce((newest, card) => newer(newest, card.asOf), ''),
  byProvider: [...cards.values()].map((card) => ({
    provider: card.provider,
    asOf: card.asOf,
    digest: card.digest,
  })),
});

/** The own card's models in front of the shipped ones; everything else it declares is added. */
function mergeCards(base: RateCard, own: RateCard): RateCard {
  const named = new Set(
    own.models.flatMap(({ id, aliases }) => [id, ...aliases].map((name) => name.toLowerCase())),
  );
  const kept = base.models
    .filter(({ id }) => !named.has(id.toLowerCase()))
    .map((model) => ({
      ...model,
      aliases: model.aliases.filter((alias) => !named.has(alias.toLowerCase())),
    }));
  return {
    ...base,
    ...own,
    promptSize: own.promptSize.length === 0 ? base.promptSize : own.promptSize,
    cache: own.cache.length === 0 ? base.cache : own.cache,
    atTextPrice: [...new Set([...base.atTextPrice, ...own.atTextPrice])],
    file: own.file,
    asOf: newer(own.asOf, base.asOf),
    digest: createHash('sha256').update(`${base.digest} ${own.digest}`).digest('hex').slice(0, 16),
    sources: new Map([...base.sources, ...own.sources]),
    serviceTiers: new Map([...base.serviceTiers, ...own.serviceTiers]),
    surcharges: new Map([...base.surcharges, ...own.surcharges]),
    fees: new Map([...base.fees, ...own.fees]),
    models: [...own.models, ...kept],
  };
}
