import { readName } from './billed-names.ts';
import { globMatcher } from './globs.ts';
import { indexNearNames } from './near-names.ts';
import type { ModelCard, RateCard } from './rate-card.ts';

/** A model that a name means, from an instant until another, where the name did not always mean it. */
export interface Meaning {
  readonly model: ModelCard;
  readonly from?: number;
  readonly until?: number;
}

/** A card's models by every name they are billed under. Build it once per card. Names are compared without regard to case. */
export interface ModelIndex {
  /** What exactly this lower-case name means over time, oldest first; empty when no id or alias is it. */
  readonly exact: (name: string) => readonly Meaning[];
  /** What the first of these lower-case names means that is an id, an alias or fits a glob. Never by prefix. */
  readonly first: (names: readonly string[]) => readonly Meaning[];
  /** The model that a name means at an instant, or last meant when none is given. */
  readonly find: (name: string, time?: number) => ModelCard | undefined;
  /** Up to three names, of different models, that a name which was not found may have meant; best first. */
  readonly near: (name: string) => readonly string[];
  /** The first of `near`. */
  readonly nearest: (name: string) => string | undefined;
}

const NOTHING: readonly Meaning[] = [];

/** Indexes a card's models. */
export function indexModels(card: RateCard): ModelIndex {
  const meanings = new Map<string, Meaning[]>();
  const globs: { readonly fits: (name: string) => boolean; readonly means: readonly Meaning[] }[] =
    [];
  for (const model of card.models) {
    for (const { name, ...span } of [{ name: model.id }, ...model.aliases])
      meanings.set(name.toLowerCase(), [
        ...(meanings.get(name.toLowerCase()) ?? []),
        { model, ...span },
      ]);
    if (model.match !== undefined)
      globs.push({ fits: globMatcher(model.match.toLowerCase()), means: [{ model }] });
  }
  for (const list of meanings.values())
    list.sort((one, other) => (one.from ?? -Infinity) - (other.from ?? -Infinity));
  const exact = (name: string): readonly Meaning[] => meanings.get(name) ?? NOTHING;
  const first = (names: readonly string[]): readonly Meaning[] => {
    for (const name of names) {
      const found = meanings.get(name) ?? globs.find(({ fits }) => fits(name))?.means;
      if (found !== undefined) return found;
    }
    return NOTHING;
  };
  let nearNames: ((wanted: string) => readonly string[]) | undefined;
  const near = (name: string): readonly string[] => {
    nearNames ??= indexNearNames(
      card.models.map(({ id, aliases }) => [id, ...aliases.map((alias) => alias.name)]),
    );
    return nearNames(name);
  };
  return {
    exact,
    first,
    find(name, time) {
      const found = first(readName(card.provider, name).names);
      return (time === undefined ? found.at(-1) : meaningAt(found, time))?.model;
    },
    near,
    nearest: (name) => near(name)[0],
  };
}

/** The one of a name's meanings that holds at an instant. */
export const meaningAt = <Dated extends Meaning>(
  meanings: readonly Dated[],
  time: number,
): Dated | undefined =>
  meanings.find(
    ({ from, until }) =>
      (from === undefined || from <= time) && (until === undefined || time < until),
  );
