import { globMatcher } from '../../domain/globs.ts';
import { indexModels } from '../../domain/model-lookup.ts';
import { nearest } from '../../domain/nearest.ts';
import { providerName, providerOfModel } from '../../domain/provider-names.ts';
import type { RateCard } from '../../domain/rate-card.ts';
import type { RequestClass } from '../../domain/replay-question.ts';
import { UserError } from '../../errors.ts';
import type { LeverWorld } from './lever.ts';
import { type CardModel, modelsCalled } from './models-called.ts';
import type { TargetModel } from './target-model.ts';

/** Requests as `--from` names them: by how they are written or priced, with or without provider, `*` for any text. */
export interface NamedRequests {
  readonly holds: (requests: RequestClass) => boolean;
  /** Models of cards that the requests may be priced by, whatever the time. */
  readonly models: readonly CardModel[];
  /** Providers that are called for them. */
  readonly providers: readonly string[];
}

/** The requests of a model; all of them without a name. Throws UserError when the ledger has no call of it. */
export function requestsNamed(text: string | undefined, world: LeverWorld): NamedRequests {
  const called = modelsCalled(world);
  const skus = world.ledger.skus();
  if (text === undefined) return { holds: () => true, models: called, providers: distinct(skus) };
  const fits = globMatcher(text.toLowerCase());
  const spelled = (provider: string, name: string): boolean =>
    fits(name.toLowerCase()) || fits(`${provider}/${name}`.toLowerCase());
  const means = ({ provider, model }: CardModel): boolean => {
    const found = world.resolve(provider, bareName(text, provider));
    return found.kind === 'known' && found.meanings.some(({ model: { id } }) => id === model);
  };
  const meant = called.filter((each) => spelled(each.provider, each.model) || means(each));
  const names = new Set(meant.map(({ provider, model }) => `${provider}/${model}`));
  const written = skus.filter(({ provider, model }) => spelled(provider, model));
  if (meant.length + written.length === 0) throw noneCalled(text, world);
  return {
    models: [...meant, ...modelsCalled({ ...world, skus: written })],
    providers: distinct([...meant, ...written]),
    holds: ({ sku, rate }) =>
      spelled(sku.provider, sku.model) ||
      (rate.kind === 'rated' && names.has(`${rate.provider}/${rate.model}`)),
  };
}

const distinct = (all: readonly { readonly provider: string }[]): readonly string[] => [
  ...new Set(all.map(({ provider }) => provider)),
];

/** A name without the provider in front of it, at that provider. */
function bareName(text: string, provider: string): string {
  const slash = text.indexOf('/');
  if (slash < 1) return text;
  const head = text.slice(0, slash).toLowerCase();
  return head === provider || providerName(head) === provider ? text.slice(slash + 1) : text;
}

function noneCalled(text: string, world: LeverWorld): UserError {
  const called = [
    ...modelsCalled(world).flatMap(({ provider, model }) => [model, `${provider}/${model}`]),
    ...world.ledger.skus().map(({ model }) => model),
  ];
  const close = nearest(text, called);
  const known = [
    ...new Set(world.ledger.skus().map(({ provider, model }) => `${provider}/${model}`)),
  ];
  const there =
    known.length === 0
      ? 'It has no calls at all; aicost ingest reads some.'
      : `It has calls of ${listed(known)}.`;
  return new UserError(`--from: the ledger has no call of "${text}"`, {
    hint:
      close === undefined
        ? there
        : `Did you mean ${close}? aicost report --by provider,model lists them all.`,
  });
}

/** The model that a flag names, at one provider. Throws UserError when no card has it, or several do. */
export function targetNamed(
  flag: string,
  text: string,
  { cards, book, resolve }: LeverWorld,
  /** Providers that are called now, whose models are meant first. */
  preferred: readonly string[] = [],
): TargetModel {
  const open = (provider: string, name: string): TargetModel | undefined => {
    const card = cards.get(provider);
    const found = card === undefined ? undefined : resolve(provider, name);
    return card === undefined || found?.kind !== 'known'
      ? undefined
      : { provider, name, card, meanings: found.meanings, book };
  };
  const slash = text.indexOf('/');
  const head = slash < 1 ? undefined : providerName(text.slice(0, slash));
  if (head !== undefined && cards.has(head)) {
    const found = open(head, text.slice(slash + 1));
    if (found !== undefined) return found;
  }
  const sellers = [...cards.keys()].flatMap((provider) => open(provider, text) ?? []);
  const [only, another] = sellers;
  if (only === undefined) throw noneSold(flag, text, head, cards);
  if (another === undefined) return only;
  // Who is called for all of them is meant before the maker; where several are, nobody can tell.
  const called = sellers.find(({ provider }) => preferred.every((each) => each === provider));
  const maker = sellers.find(({ provider }) => provider === providerOfModel(text));
  const meant = (preferred.length === 0 ? undefined : called) ?? maker;
  if (meant !== undefined) return meant;
  throw new UserError(
    `${flag}: ${listed(sellers.map(({ provider }) => provider))} sell "${text}"`,
    {
      hint: `Name one of them, as in ${only.provider}/${text}.`,
    },
  );
}

function noneSold(
  flag: string,
  text: string,
  head: string | undefined,
  cards: ReadonlyMap<string, RateCard>,
): UserError {
  const own = head === undefined ? undefined : cards.get(head);
  const rest = own === undefined ? text : text.slice(text.indexOf('/') + 1);
  const near = (own === undefined ? [...cards.values()] : [own]).flatMap((card) =>
    indexModels(card)
      .near(rest)
      .map((name) => ({ name, said: own === undefined ? name : `${card.provider}/${name}` })),
  );
  const close =
    nearest(
      rest,
      near.map(({ name }) => name),
    ) ?? near[0]?.name;
  const said = near.find(({ name }) => name === close)?.said;
  return new UserError(
    own === undefined
      ? `${flag}: no rate card has a model "${text}"`
      : `${flag}: the rate card of ${own.provider} has no model "${rest}"`,
    {
      hint:
        said === undefined
          ? 'aicost rates list shows all of them; own models need a card, --rates FILE.'
          : `Did you mean ${said}? aicost rates list shows all of them.`,
    },
  );
}

const LISTED = 8;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, LISTED);
  return names.length > LISTED
    ? `${shown.join(', ')} and ${names.length - LISTED} more`
    : shown.join(', ');
}
