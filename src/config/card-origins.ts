import type { ModelCard, PriceRow } from '../domain/rate-card.ts';
import type { Origin } from '../errors.ts';
import type { Located } from './yaml-tree.ts';

// Beside the cards and not in them: a place decides no price, and what is kept of a card for later need not hold it.
const places = new WeakMap<object, Origin>();
const aliasPlaces = new WeakMap<object, ReadonlyMap<string, Origin>>();

/** Remembers where a part of a card stands, to the column. */
export function placed<Part extends object>(part: Part, origin: Origin): Part {
  places.set(part, origin);
  return part;
}

/** Where a model or a row stands: to the column when it was just read from YAML, else to the line. */
export const placeOf = (part: ModelCard | PriceRow, file: string): Origin =>
  places.get(part) ?? { file, line: part.line };

/** Remembers where each alias of a model stands. */
export function placeAliases(model: ModelCard, aliases: Located | undefined): void {
  const items = aliases?.kind === 'list' ? aliases.items : aliases === undefined ? [] : [aliases];
  const named = items.flatMap((item): [string, Origin][] => {
    const name = item.kind === 'map' ? item.entries.get('name')?.value : item;
    return name?.kind === 'scalar' ? [[name.text.toLowerCase(), name.origin]] : [];
  });
  aliasPlaces.set(model, new Map(named));
}

/** Where a name of a model stands: the alias, or the model itself. */
export const placeOfName = (model: ModelCard, name: string): Origin =>
  aliasPlaces.get(model)?.get(name.toLowerCase()) ?? placeOf(model, model.file);
