import type { Sample } from '../prompt.ts';
import type { GivenValue, Values } from '../rendering/values.ts';
import { itemsAt, type Located, templateValue } from './located.ts';

/** Values of variables that a map of a file gives, each with its place. */
export function valuesOf(map: Located | undefined, file: string): Values {
  const entries = map?.kind === 'map' ? [...map.entries] : [];
  return new Map(
    entries.map(([name, value]): [string, GivenValue] => [
      name,
      { value: templateValue(value), origin: { file, line: value.line, column: value.column } },
    ]),
  );
}

/** Each map of a list as a sample, named by its number. */
export const samplesOf = (list: Located | undefined, file: string): readonly Sample[] =>
  itemsAt(list).map((row, index) => ({ name: String(index + 1), values: valuesOf(row, file) }));
