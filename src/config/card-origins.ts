import type { ModelCard, PriceRow } from '../domain/rate-card.ts';
import type { Origin } from '../errors.ts';

// Beside the cards and not in them: a place decides no price, and what is kept of a card for later need not hold it.
const places = new WeakMap<object, Origin>();

/** Remembers where a part of a card stands, to the column. */
export function placed<Part extends object>(part: Part, origin: Origin): Part {
  places.set(part, origin);
  return part;
}

/** Where a model or a row stands: to the column when it was just read from YAML, else to the line. */
export const placeOf = (part: ModelCard | PriceRow, file: string): Origin =>
  places.get(part) ?? { file, line: part.line };
