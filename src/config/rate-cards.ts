import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { CardIdentity, RateCard } from '../domain/rate-card.ts';
import { showOrigin, UserError } from '../errors.ts';
import { type CardFile, shownCardPath } from './card-files.ts';
import { type CardText, compiledCard } from './compiled-cards.ts';
import type { CompiledFiles } from './compiled-files.ts';
import { LazyMap } from './lazy-map.ts';
import { decodeRateCard } from './rate-card-file.ts';
import { lintRateCard } from './rate-card-lint.ts';
import type { Problem } from './yaml-tree.ts';

/** A card and every problem in it. */
export interface CheckedCard {
  readonly card: RateCard;
  readonly problems: readonly Problem[];
}

/** Reads one card and every problem in it. Throws UserError when the file is no YAML. */
export const readCard = ({ file }: CardFile, now: number): CheckedCard =>
  checkedCard({ shown: shownCardPath(file), text: readFileSync(file, 'utf8') }, now);

function checkedCard({ shown, text }: CardText, now: number): CheckedCard {
  const problems: Problem[] = [];
  const card = decodeRateCard(text, shown, (problem) => problems.push(problem));
  lintRateCard(card, now, (problem) => problems.push(problem));
  return { card, problems };
}

/** All cards in force by provider. A shipped one is read when its provider is first asked for. */
export interface CardsByProvider {
  readonly cards: ReadonlyMap<string, RateCard>;
  /** Newest day on which one of the cards was checked, `2026-11-21`; '' when there is no card. */
  readonly asOf: string;
  /** What tells each card from any other, without opening it. */
  readonly byProvider: readonly CardIdentity[];
}

/**
 * Opens all cards, one per provider. A user's card for a provider that has one already replaces the
 * models it names and adds the others. Throws UserError at the first error of a user's card; one of a
 * shipped card is thrown when its provider is asked for. `compiled` is where earlier runs kept theirs.
 */
export function openCards(
  files: readonly CardFile[],
  now: number,
  compiled?: CompiledFiles,
): CardsByProvider {
  const makers = new Map<string, () => RateCard>();
  const identities = new Map<string, CardIdentity>();
  for (const { file, shipped, text } of files) {
    const source = { shown: shownCardPath(file), text: text ?? readFileSync(file, 'utf8') };
    const open = (): RateCard => compiledCard(source, now, { compile: compileAt(now), compiled });
    const { provider, asOf } = (shipped ? headOf(source.text) : undefined) ?? open();
    const base = makers.get(provider);
    makers.set(provider, base === undefined ? open : () => mergeCards(base(), open()));
    const own: CardIdentity = { provider, asOf, digest: digestOf(source.text) };
    const under = identities.get(provider);
    identities.set(provider, under === undefined ? own : mergeIdentities(under, own));
  }
  const byProvider = [...identities.values()];
  return {
    cards: new LazyMap(makers),
    asOf: byProvider.reduce((newest, { asOf }) => newer(newest, asOf), ''),
    byProvider,
  };
}

const mergeIdentities = (base: CardIdentity, own: CardIdentity): CardIdentity => ({
  provider: own.provider,
  asOf: newer(own.asOf, base.asOf),
  digest: digestOf(`${base.digest} ${own.digest}`),
});

/** What a card says of itself at the left margin, where YAML allows keys of the whole file only. */
function headOf(text: string): { readonly provider: string; readonly asOf: string } | undefined {
  const provider = /^provider: ([a-z0-9_-]+)$/m.exec(text)?.[1];
  const asOf = /^as_of: (\d{4}-\d{2}-\d{2})$/m.exec(text)?.[1];
  return provider === undefined || asOf === undefined ? undefined : { provider, asOf };
}

const compileAt =
  (now: number) =>
  (source: CardText): RateCard => {
    const { card, problems } = checkedCard(source, now);
    const errors = problems.filter(({ severity }) => severity === 'error');
    const [first] = errors;
    if (first === undefined) return card;
    throw new UserError(first.message, {
      origin: first.origin,
      hint:
        errors.length > 1
          ? `${errors.length - 1} more: run aicost rates lint ${showOrigin({ file: first.origin.file })}`
          : 'Mend it, then run aicost rates lint.',
    });
  };

const newer = (one: string, other: string): string => (one > other ? one : other);

const digestOf = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 16);

/** The own card's models in front of the shipped ones; everything else it declares is added. */
function mergeCards(base: RateCard, own: RateCard): RateCard {
  const named = new Set(
    own.models.flatMap(({ id, aliases }) =>
      [{ name: id }, ...aliases].map(({ name }) => name.toLowerCase()),
    ),
  );
  const kept = base.models
    .filter(({ id }) => !named.has(id.toLowerCase()))
    .map((model) => ({
      ...model,
      aliases: model.aliases.filter((alias) => !named.has(alias.name.toLowerCase())),
    }));
  return {
    ...base,
    ...own,
    promptSize: own.promptSize.length === 0 ? base.promptSize : own.promptSize,
    cache: own.cache.length === 0 ? base.cache : own.cache,
    atTextPrice: [...new Set([...base.atTextPrice, ...own.atTextPrice])],
    file: own.file,
    asOf: newer(own.asOf, base.asOf),
    sources: new Map([...base.sources, ...own.sources]),
    serviceTiers: new Map([...base.serviceTiers, ...own.serviceTiers]),
    surcharges: new Map([...base.surcharges, ...own.surcharges]),
    fees: new Map([...base.fees, ...own.fees]),
    models: [...own.models, ...kept],
  };
}
