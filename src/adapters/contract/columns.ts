import { type Fields, isFields } from './fields.ts';

// A dozen formats in turn ask for the same record.
let last: { readonly record: unknown; readonly lower: Fields } = { record: undefined, lower: {} };

/** A record with its keys in lower case, for exports whose CSV headers vary; an empty one for anything else. */
export function lowerKeys(record: unknown): Fields {
  if (!isFields(record)) return {};
  if (record !== last.record) {
    const entries = Object.entries(record).map(([key, value]) => [key.trim().toLowerCase(), value]);
    last = { record, lower: Object.fromEntries(entries) };
  }
  return last.lower;
}

/** Whether a record has all of these keys, whatever their values. */
export const hasKeys = (record: unknown, ...keys: readonly string[]): boolean =>
  isFields(record) && keys.every((key) => Object.hasOwn(record, key));

/** Milliseconds from one time to another; `undefined` when either is missing or they are in the wrong order. */
export const between = (start: number | undefined, end: number | undefined): number | undefined =>
  start === undefined || end === undefined || end < start ? undefined : end - start;
