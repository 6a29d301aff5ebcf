import type { Dimension, SpendRow } from '../domain/spend.ts';
import type { RawValues } from './resolver.ts';

/** Reads values of rows by the names of what they were grouped by; null for what they were not. */
export function rowReader(by: readonly Dimension[]): (key: SpendRow['key']) => RawValues {
  const places = new Map(by.map(({ name }, index) => [name, index]));
  return (key) => (name) => {
    const place = places.get(name);
    return place === undefined ? null : (key[place] ?? null);
  };
}
