import type { Value } from '../rendering/values.ts';

/** Where a value begins in its file. Lines and columns count from 1. */
interface Place {
  readonly line: number;
  readonly column: number;
}

/** A value of a YAML or JSON file with its place. Maps have no prototype, so that no key means more than a name. */
export type Located = Place &
  (
    | {
        readonly kind: 'text';
        readonly value: string;
        /** Line that the text itself begins in: a block of YAML begins one below its key. */
        readonly textLine: number;
        /** Its line breaks are not those of the file: it is quoted, folded or in JSON. */
        readonly escaped: boolean;
      }
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'flag'; readonly value: boolean }
    | { readonly kind: 'nothing' }
    | { readonly kind: 'list'; readonly items: readonly Located[] }
    | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, Located> }
  );

/** The value under keys of maps, or numbers of items; `undefined` where one is not there. */
export function at(
  value: Located | undefined,
  ...path: readonly (string | number)[]
): Located | undefined {
  let found = value;
  for (const step of path) {
    if (found === undefined) return undefined;
    if (typeof step === 'number') found = found.kind === 'list' ? found.items[step] : undefined;
    else found = found.kind === 'map' ? found.entries.get(step) : undefined;
  }
  return found;
}

/** The text there, if there is one. Numbers and flags are read as they are written. */
export function textAt(
  value: Located | undefined,
  ...path: readonly (string | number)[]
): string | undefined {
  const found = at(value, ...path);
  if (found?.kind === 'number' || found?.kind === 'flag') return String(found.value);
  return found?.kind === 'text' ? found.value : undefined;
}

/** The whole number there, 0 or more; `undefined` for anything else. */
export function countAt(
  value: Located | undefined,
  ...path: readonly (string | number)[]
): number | undefined {
  const found = at(value, ...path);
  return found?.kind === 'number' && Number.isSafeInteger(found.value) && found.value >= 0
    ? found.value
    : undefined;
}

/** The items of a list, or nothing. */
export const itemsAt = (
  value: Located | undefined,
  ...path: readonly (string | number)[]
): readonly Located[] => {
  const found = at(value, ...path);
  return found?.kind === 'list' ? found.items : [];
};

/** The entries of a map, or nothing. */
export const entriesAt = (
  value: Located | undefined,
  ...path: readonly (string | number)[]
): ReadonlyMap<string, Located> => {
  const found = at(value, ...path);
  return found?.kind === 'map' ? found.entries : new Map();
};

/** The value as JSON data, for schemas. */
export function dataOf(value: Located): unknown {
  switch (value.kind) {
    case 'text':
    case 'number':
    case 'flag':
      return value.value;
    case 'nothing':
      return null;
    case 'list':
      return value.items.map(dataOf);
    case 'map':
      // Object.fromEntries defines `__proto__` as a key like any other, where an assignment would not.
      return Object.fromEntries([...value.entries].map(([key, item]) => [key, dataOf(item)]));
  }
}

/** The value as templates see it. */
export function templateValue(value: Located): Value {
  switch (value.kind) {
    case 'text':
    case 'number':
    case 'flag':
      return value.value;
    case 'nothing':
      return null;
    case 'list':
      return value.items.map(templateValue);
    case 'map':
      return new Map([...value.entries].map(([key, item]) => [key, templateValue(item)]));
  }
}
