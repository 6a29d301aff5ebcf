import { type Money, parseMoney, toPicodollars } from '../../domain/money.ts';
import { isDate } from '../../domain/utc-time.ts';
import { tagKey } from '../../domain/tags.ts';
import { DecodeError } from './decode-error.ts';

/** A JSON object of unknown shape. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object: no list, no null. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value behind a path of keys; `undefined` as soon as a step is missing, null or no object. */
export const at = (value: unknown, ...path: readonly string[]): unknown => valueAt(value, path);

/** As `at`, whose path is not copied once more: this is asked twenty times a record. */
function valueAt(value: unknown, path: readonly string[]): unknown {
  let here = value;
  for (let step = 0; step < path.length; step += 1) {
    const key = path[step] ?? '';
    if (!isFields(here)) return undefined;
    here = ownField(here, key);
  }
  return here ?? undefined;
}

/** A field of a record. What records inherit are functions and `__proto__`, which no record holds by itself. */
function ownField(fields: Fields, key: string): unknown {
  const found = fields[key];
  if (typeof found === 'function') return undefined;
  return key === '__proto__' && !Object.hasOwn(fields, key) ? undefined : found;
}

/** The object behind a path, or an empty one. */
export function fieldsAt(value: unknown, ...path: readonly string[]): Fields {
  const found = valueAt(value, path);
  return isFields(found) ? found : {};
}

/** The list behind a path, or an empty one. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found : [];
}

/** An object that may arrive as JSON text, as database dumps write it; an empty one when it is neither. */
export function fieldsOrJson(value: unknown): Fields {
  const found = typeof value === 'string' ? parseJson(value) : value;
  return isFields(found) ? found : {};
}

/** A list that may arrive as JSON text; empty when it is neither. */
export function listOrJson(value: unknown): readonly unknown[] {
  const found = typeof value === 'string' ? parseJson(value) : value;
  return Array.isArray(found) ? found : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Text that is not empty; numbers and booleans become text; anything else is `undefined`. */
export const textAt = (value: unknown, ...path: readonly string[]): string | undefined =>
  textIn(value, path);

function textIn(value: unknown, path: readonly string[]): string | undefined {
  const found = valueAt(value, path);
  if (typeof found === 'string') return found === '' ? undefined : found;
  if (typeof found === 'number' || typeof found === 'boolean') return String(found);
  return undefined;
}

/** Text as textAt has it, or a list of texts and numbers joined by blanks; `undefined` for anything else. */
export function wordsAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, path);
  if (!Array.isArray(found)) return textIn(value, path);
  const words = found.map((each: unknown) => textIn(each, []));
  return words.length === 0 || words.includes(undefined) ? undefined : words.join(' ');
}

/** Text that must be there. Throws DecodeError. */
export function requiredText(value: unknown, ...path: readonly string[]): string {
  const found = textIn(value, path);
  if (found === undefined) throw new DecodeError(path.join('.'), 'text', valueAt(value, path));
  return found;
}

/**
 * A whole number, 0 or more: as a number, as text, or written `10.0`. Missing, null and blank are
 * `undefined`, which is not 0. Throws DecodeError for anything else.
 */
export function countAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = valueAt(value, path);
  if (found === undefined) return undefined;
  if (typeof found === 'string' && found.trim() === '') return undefined;
  const number =
    typeof found === 'string' && /^\d+(\.0*)?$/.test(found.trim()) ? Number(found) : found;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0)
    throw new DecodeError(path.join('.'), 'a whole number, 0 or more', found);
  return number;
}

/** Whole milliseconds from a duration in milliseconds, fractions rounded, negatives dropped. */
export function millisecondsAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = Number(valueAt(value, path) ?? Number.NaN);
  return Number.isFinite(found) && found >= 0 ? Math.round(found) : undefined;
}

/** US dollars from a number or text, exact to its own digits; `undefined` when there is no number. */
export function dollarsAt(value: unknown, ...path: readonly string[]): Money | undefined {
  const text = textIn(value, path);
  const amount = text === undefined ? undefined : parseMoney(text);
  // As exact as the ledger keeps it, so that a record equals its stored copy.
  return amount === undefined ? undefined : toPicodollars(amount);
}

const ZONED = /(Z|[+-]\d{2}:?\d{2})$/i;
const ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2}|UTC)?$/i;

/**
 * An ISO 8601 time as milliseconds UTC; one without a zone is read as UTC, digits past the millisecond
 * are cut. `undefined` when missing or blank. Throws DecodeError when it is no time.
 */
export function isoTimeAt(value: unknown, ...path: readonly string[]): number | undefined {
  const text = textIn(value, path)?.trim();
  if (text === undefined || text === '') return undefined;
  const time = parseIsoTime(text);
  if (time === undefined)
    throw new DecodeError(path.join('.'), 'a time like 2026-11-01T09:00:00Z', text);
  return time;
}

/** As isoTimeAt, on the text itself; `undefined` when it is no time. */
export function parseIsoTime(text: string): number | undefined {
  const usual = usualTime(text);
  if (usual !== undefined) return usual;
  if (
    !ISO.test(text) ||
    !isDate(Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10)))
  )
    return undefined;
  const plain = text
    .replace(/\s*UTC$/i, 'Z')
    .replace(' ', 'T')
    .replace(',', '.')
    .replace(/(\.\d{3})\d+/, '$1');
  const time = Date.parse(ZONED.test(plain) || plain.length === 10 ? plain : `${plain}Z`);
  return Number.isNaN(time) ? undefined : time;
}

const ZERO = 48;

/** Two digits of a text as a number; NaN when they are none. */
function twoDigits(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - ZERO, text.charCodeAt(at + 1) - ZERO];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

// Logs go by days: the last one is remembered, as its text and its first millisecond.
let lastDay = '';
let lastDayStart = 0;

/** The spelling that nearly every log uses, `2026-11-01T09:00:00.000Z` or without the fraction; else `undefined`. */
function usualTime(text: string): number | undefined {
  const { length } = text;
  if ((length !== 24 && length !== 20) || text[length - 1] !== 'Z' || text[10] !== 'T')
    return undefined;
  if (text[13] !== ':' || text[16] !== ':' || (length === 24 && text[19] !== '.')) return undefined;
  const day = text.slice(0, 10);
  if (day !== lastDay) {
    const start = ISO.test(day) ? Date.parse(day) : Number.NaN;
    if (
      Number.isNaN(start) ||
      !isDate(Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8)))
    )
      return undefined;
    [lastDay, lastDayStart] = [day, start];
  }
  const [hours, minutes, seconds] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)];
  const milliseconds = length === 20 ? 0 : twoDigits(text, 20) * 10 + (twoDigits(text, 21) % 10);
  // Written so that NaN is refused; 24:00 and leap seconds are left to the careful way.
  const plain = hours < 24 && minutes < 60 && seconds < 60 && milliseconds < 1000;
  return plain
    ? lastDayStart + ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds
    : undefined;
}

// Seconds of the year 2001 to the year 5138: outside it, the number is in another unit.
const SECONDS_MIN = 1e9;
const SECONDS_MAX = 1e11;

/** Seconds since 1970, whole or with a fraction, as milliseconds. Throws DecodeError. */
export function epochSecondsAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = valueAt(value, path);
  if (found === undefined || found === '') return undefined;
  const seconds = Number(found);
  if (!(seconds >= SECONDS_MIN && seconds < SECONDS_MAX))
    throw new DecodeError(path.join('.'), 'seconds since 1970', found);
  return Math.round(seconds * 1000);
}

const OWN = { configurable: true, enumerable: true, writable: true } as const;

/** Entries of an object as tags: usual spellings unified, blanks and nested values left out. */
export function tagsFrom(value: unknown): Record<string, string> {
  const tags: Record<string, string> = {};
  if (!isFields(value)) return tags;
  for (const key of Object.keys(value)) {
    const text = textAt(value[key])?.trim();
    if (text === undefined || text === '' || key.trim() === '') continue;
    const name = tagKey(key);
    // Assigned, it would become the object's prototype.
    if (name === '__proto__') Object.defineProperty(tags, name, { ...OWN, value: text });
    else tags[name] = text;
  }
  return tags;
}

/** Drops the keys whose value is `undefined`, so that structured fields can be listed plainly. */
export const presentTags = (
  tags: Readonly<Record<string, string | undefined>>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tags).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
