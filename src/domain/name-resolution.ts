import { readName, REMEDIES } from './billed-names.ts';
import { type DeploymentIndex, type Deployments, indexDeployments } from './deployments.ts';
import { indexModels, type Meaning, type ModelIndex } from './model-lookup.ts';
import { lostDeploymentReason, outsideReason, unlistedReason } from './name-reasons.ts';
import { providerOfModel } from './provider-names.ts';
import type { RateCard } from './rate-card.ts';
import type { Unrated } from './rating.ts';

/** What a name at a provider means. Reasons are worked out when they are read: hints look at every name of a card. */
export type Resolution =
  | {
      readonly kind: 'known';
      readonly card: RateCard;
      /** One, or several that a moving alias meant over time, oldest first. */
      readonly meanings: readonly Meaning[];
      /** A region that the name itself tells. */
      readonly region: string | undefined;
      /** Why a call outside the time of every meaning has no price. */
      readonly outside: Unrated;
    }
  | {
      readonly kind: 'unknown';
      readonly why: Unrated;
      /** The model that deployments name for it, which the card does not have either. */
      readonly deployment: string | undefined;
    };

/** Finds what a name means at a provider. Answers are remembered. */
export type ResolveName = (provider: string, name: string) => Resolution;

/** Answers remembered per provider. More different names than this are no models but noise. */
const REMEMBERED = 50_000;

/**
 * Opens cards and the account's own names for lookups; indexes are built on first use per provider. The
 * order: a deployment by its whole name, an exact name of the card, a deployment by pattern, then for every
 * spelling that the host's rules give exact name and declared glob (rates/README.md, "How a price is found").
 */
export function createNameResolver(
  cards: ReadonlyMap<string, RateCard>,
  deployments: Deployments,
): ResolveName {
  const indexes = new Map<string, ModelIndex>();
  const indexOf = (card: RateCard): ModelIndex =>
    remembered(indexes, card.provider, () => indexModels(card));
  const ownNames = new Map<string, DeploymentIndex>();
  let providers: ReadonlyMap<string, readonly string[]> | undefined;
  const elsewhere = (provider: string, names: readonly string[]): readonly string[] => {
    providers ??= providersByName(cards.values());
    const found = names.flatMap((name) => providers?.get(name) ?? []);
    const maker = providerOfModel(names.at(-1) ?? '');
    // The maker of the model is the likeliest.
    return [...new Set(found)]
      .filter((other) => other !== provider)
      .sort(
        (one, other) => Number(other === maker) - Number(one === maker) || (one < other ? -1 : 1),
      );
  };

  const resolve: ResolveName = (provider, written) => {
    const card = cards.get(provider);
    if (card === undefined)
      return unknown(
        'unknown-provider',
        () => `no rate card for provider ${JSON.stringify(provider)}`,
      );
    const { exact, first, near } = indexOf(card);
    const own = remembered(ownNames, provider, () =>
      indexDeployments(provider, deployments.get(provider) ?? new Map<string, string>()),
    );
    const { names, region, never } = readName(provider, written);
    const listed = exact(names[0] ?? '').length > 0;
    const deployment = own.exact(names) ?? (listed ? undefined : own.glob(names));
    if (deployment !== undefined) {
      const target = readName(provider, deployment);
      const meanings = first(target.names);
      return meanings.length > 0
        ? known(card, written, meanings, target.region ?? region)
        : unknown(
            'unknown-model',
            () => lostDeploymentReason({ provider, written, near: near(deployment) }, deployment),
            deployment,
          );
    }
    const meanings = first(names);
    if (meanings.length > 0) return known(card, written, meanings, region);
    return unknown('unknown-model', () =>
      unlistedReason({
        provider,
        written,
        never,
        elsewhere: never === undefined ? elsewhere(provider, names) : [],
        remedy: REMEDIES.get(provider),
        near: never === undefined ? near(names[0] ?? '') : [],
      }),
    );
  };

  const answers = new Map<string, Map<string, Resolution>>();
  return (provider, name) => {
    const ofProvider = remembered(answers, provider, () => new Map<string, Resolution>());
    if (ofProvider.size >= REMEMBERED) ofProvider.clear();
    return remembered(ofProvider, name, () => resolve(provider, name));
  };
}

/** Which providers list a lower-case name. */
function providersByName(cards: Iterable<RateCard>): ReadonlyMap<string, readonly string[]> {
  const providers = new Map<string, string[]>();
  for (const { provider, models } of cards)
    for (const { id, aliases } of models)
      for (const { name } of [{ name: id }, ...aliases])
        remembered(providers, name.toLowerCase(), () => []).push(provider);
  return providers;
}

const known = (
  card: RateCard,
  written: string,
  meanings: readonly Meaning[],
  region: string | undefined,
): Resolution => ({
  kind: 'known',
  card,
  meanings,
  region,
  outside: lazily('unknown-model', () => outsideReason(card.provider, written, meanings)),
});

const unknown = (
  code: Unrated['code'],
  message: () => string,
  deployment?: string,
): Resolution => ({ kind: 'unknown', why: lazily(code, message), deployment });

function lazily(code: Unrated['code'], message: () => string): Unrated {
  let text: string | undefined;
  return {
    code,
    get message() {
      text ??= message();
      return text;
    },
  };
}

function remembered<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const present = known.get(key);
  if (present !== undefined) return present;
  const made = make();
  known.set(key, made);
  return made;
}
