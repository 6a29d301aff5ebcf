import { dimensionNamed, parseFilter } from '../domain/filter-text.ts';
import { knownFields } from '../domain/known-fields.ts';
import { linearRegex, type LinearRegex } from '../domain/linear-regex.ts';
import { nearest } from '../domain/nearest.ts';
import { RegexProblem } from '../domain/regex-syntax.ts';
import type { Filter } from '../domain/spend.ts';
import { type InForce, SOURCE_DIMENSION } from '../domain/tag-rules.ts';
import { parseDay, startOfLocalDay } from '../domain/time-zone.ts';
import { parseUtcTime } from '../domain/utc-time.ts';
import { type ValuePattern, valuePattern } from '../domain/value-pattern.ts';
import { quote } from '../errors.ts';
import type { Entry, Located, TreeReader } from './yaml-tree.ts';

/** Fields of a map, as TreeReader hands them over. */
export type Fields = ReadonlyMap<string, Entry>;

const OF_ONE_CALL = ['run', 'session', 'step'];

/** A tag that rules may give, under its usual name. `undefined` when missing or, reported, not one. */
export function tagAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): string | undefined {
  const text = read.text(value, path);
  return value === undefined || text === undefined
    ? undefined
    : tagNamed(read, { origin: value.origin, text }, path);
}

/** The same for a name that stands elsewhere, such as a key. */
export function tagNamed(
  read: TreeReader,
  { origin, text }: Pick<Extract<Located, { kind: 'scalar' }>, 'origin' | 'text'>,
  path: string,
): string | undefined {
  const { kind, name } = dimensionNamed(text);
  if (kind === 'fact')
    read.error(origin, `${path}: expected a tag, found "${name}", which is a fact of every call`);
  else if (name === SOURCE_DIMENSION || name === '')
    read.error(origin, `${path}: expected a tag, found ${quote(text)}`);
  else if (OF_ONE_CALL.includes(name))
    read.error(origin, `${path}: expected a tag that many calls share, found "${name}"`);
  else return name;
  return undefined;
}

/** Tags of a list, under their usual names. */
export const tagsAt = (
  read: TreeReader,
  value: Located | undefined,
  path: string,
): readonly string[] =>
  (value?.kind === 'scalar' ? [value] : read.list(value, path)).flatMap(
    (item) => tagAt(read, item, path) ?? [],
  );

/** Conditions such as `env=prod`, all of which have to hold. */
export const filtersAt = (
  read: TreeReader,
  value: Located | undefined,
  path: string,
): readonly Filter[] =>
  (value?.kind === 'scalar' ? [value] : read.list(value, path)).flatMap((item) => {
    const text = read.text(item, path);
    if (text === undefined) return [];
    const filter = parseFilter(text);
    if (filter === undefined)
      read.error(
        item.origin,
        `${path}: expected a condition like env=prod or "model!=gpt-*", found ${quote(text)}`,
      );
    return filter ?? [];
  });

/** Values as rules name them: texts, globs, and expressions between slashes. */
export const patternsAt = (
  read: TreeReader,
  value: Located | undefined,
  path: string,
): readonly ValuePattern[] =>
  (value?.kind === 'scalar' ? [value] : read.list(value, path)).flatMap((item) => {
    const text = read.text(item, path);
    if (text === undefined) return [];
    const [, source, flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(text) ?? [];
    if (source === undefined) return valuePattern(text);
    const regex = regexAt(read, item, { source, flags }, path);
    return regex === undefined ? [] : valuePattern(text, regex);
  });

function regexAt(
  read: TreeReader,
  { origin }: Located,
  { source, flags }: { readonly source: string; readonly flags: string },
  path: string,
): LinearRegex | undefined {
  if (!/^i?$/.test(flags)) {
    read.error(origin, `${path}: expected no flag but i after the expression, found "${flags}"`);
    return undefined;
  }
  try {
    return linearRegex(source, { ignoreCase: flags === 'i' });
  } catch (cause) {
    if (!(cause instanceof RegexProblem)) throw cause;
    read.error(origin, `${path}: /${quote(source).slice(1, -1)}/ ${cause.message}`);
    return undefined;
  }
}

/** One of a few words. `undefined` when, reported, it is none of them. */
export function oneOf<Word extends string>(
  read: TreeReader,
  value: Located,
  path: string,
  words: readonly Word[],
): Word | undefined {
  const text = read.text(value, path);
  if (text === undefined) return undefined;
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  const close = nearest(text, words);
  read.error(
    value.origin,
    `${path}: expected ${words.join(', ')}, found ${quote(text)}${close === undefined ? '' : `; did you mean "${close}"?`}`,
  );
  return undefined;
}

/** When a rule holds: `since` and `until` as days of a zone, or as times that name theirs. */
export function inForceAt(
  read: TreeReader,
  fields: Fields,
  path: string,
  timeZone: string,
): InForce {
  const instant = (key: 'since' | 'until'): number | undefined => {
    const value = fields.get(key)?.value;
    const text = read.text(value, `${path}.${key}`);
    if (value === undefined || text === undefined) return undefined;
    const time = instantOf(text, timeZone);
    if (time === undefined)
      read.error(
        value.origin,
        `${path}.${key}: expected a day like 2026-10-01 or a time like 2026-10-01T09:00:00Z, found ${quote(text)}`,
      );
    return time;
  };
  const [since, until] = [instant('since'), instant('until')];
  const end = fields.get('until');
  if (since !== undefined && until !== undefined && until <= since && end !== undefined)
    read.error(
      end.value.origin,
      `${path}.until: is not after since; it is the first moment at which the rule no longer holds`,
    );
  return knownFields({ since, until });
}

function instantOf(text: string, timeZone: string): number | undefined {
  const day = parseDay(text);
  if (day !== undefined) return startOfLocalDay(timeZone, day);
  return /T.*(Z|[+-]\d{2}:\d{2})$/.test(text) ? parseUtcTime(text) : undefined;
}

/** Reports keys that a map lacks. */
export function requireKeys(
  read: TreeReader,
  item: Located,
  path: string,
  keys: readonly string[],
): void {
  if (item.kind !== 'map') return;
  for (const key of keys)
    if (!item.entries.has(key)) read.error(item.origin, `${path}: missing key "${key}"`);
}
