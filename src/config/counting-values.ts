import { nearest } from '../domain/nearest.ts';
import type { Band, RuleScope } from '../domain/counting-rules.ts';
import { dateAt, undeclaredSource } from './card-values.ts';
import type { Entry, Located, TreeReader } from './yaml-tree.ts';

/** Names that rules of the file may refer to. */
export interface Declared {
  readonly sources: ReadonlyMap<string, unknown>;
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

/** One rule of a list: its fields, and how messages name it. */
export interface RuleFields {
  readonly origin: Located;
  readonly path: string;
  readonly at: (key: string) => Located | undefined;
}

/** The keys that every rule may have. */
const SCOPE_KEYS = ['models', 'providers', 'from', 'band', 'assumed', 'note', 'source', 'sources'];

/** The rules of a list, each with the keys it may have besides SCOPE_KEYS. */
export function rulesAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
  keys: readonly string[],
): readonly RuleFields[] {
  return read.list(value, path).map((item) => {
    const fields: ReadonlyMap<string, Entry> = read.map(item, path, [...SCOPE_KEYS, ...keys]);
    return { origin: item, path, at: (key) => fields.get(key)?.value };
  });
}

/** What every rule says. Reports models and sources that are missing or not declared. */
export function scopeOf(
  read: TreeReader,
  { origin, path, at }: RuleFields,
  { sources, groups }: Declared,
): RuleScope {
  const models = read
    .texts(at('models'), `${path}.models`)
    .flatMap((name) => membersOf(read, at('models'), name, groups));
  if (models.length === 0)
    read.error(origin.origin, `${path}: needs models:, names or patterns such as "gpt-4o*"`);
  const named = [...read.texts(at('source'), `${path}.source`), ...read.texts(at('sources'), path)];
  if (named.length === 0) read.error(origin.origin, `${path}: needs source:, who says so`);
  for (const name of named)
    if (!sources.has(name))
      read.error(
        (at('source') ?? at('sources') ?? origin).origin,
        `${path}: ${undeclaredSource(name, sources)}`,
      );
  const from = dateAt(read, at('from'), `${path}.from`);
  const band = bandAt(read, at('band'), `${path}.band`);
  const assumed = read.text(at('assumed'), `${path}.assumed`);
  const note = read.text(at('note'), `${path}.note`);
  return {
    models,
    providers: read.texts(at('providers'), `${path}.providers`),
    ...(from === undefined ? {} : { from: from.text.slice(0, 10) }),
    ...(band === undefined ? {} : { band }),
    ...(assumed === undefined ? {} : { assumed }),
    ...(note === undefined ? {} : { note }),
    sources: named,
  };
}

/** The patterns behind a name in `models`: a group's when it begins with `$`, else itself. */
function membersOf(
  read: TreeReader,
  value: Located | undefined,
  name: string,
  groups: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  if (!name.startsWith('$')) return [name.toLowerCase()];
  const members = groups.get(name.slice(1));
  if (members !== undefined) return members;
  const close = nearest(name.slice(1), groups.keys());
  if (value !== undefined)
    read.error(
      value.origin,
      `no group "${name.slice(1)}" under groups${close === undefined ? '' : `; did you mean "$${close}"?`}`,
    );
  return [];
}

/** How far off an estimate may be, in percent of it. `undefined` when missing. */
export function bandAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): Band | undefined {
  if (value === undefined) return undefined;
  const fields = read.map(value, path, ['below', 'above']);
  const percent = (key: string): number => {
    const found = read.count(fields.get(key)?.value, `${path}.${key}`);
    if (fields.get(key) === undefined)
      read.error(value.origin, `${path}: needs ${key}:, percent of the estimate`);
    return found ?? 0;
  };
  const [below, above] = [percent('below'), percent('above')];
  if (below > 100) read.error(value.origin, `${path}.below: nothing is less than 100 % below`);
  return { below, above };
}

/** A plain decimal number. Used for estimates of tokens only, never for money. `undefined` when missing. */
export function numberAt(
  read: TreeReader,
  value: Located | undefined,
  path: string,
): number | undefined {
  const text = read.text(value, path);
  if (value === undefined || text === undefined) return undefined;
  if (/^-?\d{1,9}(\.\d{1,6})?$/.test(text)) return Number(text);
  read.error(value.origin, `${path}: expected a number like 1.017, found "${text}"`);
  return undefined;
}

/** A count that has to be there. */
export function neededCount(
  read: TreeReader,
  { origin, at }: RuleFields,
  key: string,
  path: string,
): number {
  const value = at(key);
  if (value === undefined) {
    read.error(origin.origin, `${path}: needs ${key}:`);
    return 0;
  }
  return read.count(value, `${path}.${key}`) ?? 0;
}

/** One of a few words, which has to be there. */
export function oneOf<Word extends string>(
  read: TreeReader,
  { origin, at }: RuleFields,
  key: string,
  words: readonly [Word, ...Word[]],
  path: string,
): Word {
  const value = at(key);
  const text = read.text(value, `${path}.${key}`);
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  const close = text === undefined ? undefined : nearest(text, words);
  read.error(
    (value ?? origin).origin,
    `${path}: expected ${key}: ${words.join(' or ')}${text === undefined ? '' : `, found "${text}"`}${close === undefined ? '' : `; did you mean "${close}"?`}`,
  );
  return words[0];
}
