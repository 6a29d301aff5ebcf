import type { Dimension } from '../domain/spend.ts';
import { isCallTag } from '../domain/tags.ts';
import type { Database } from './database.ts';
import { readingOf, type Sql } from './dimension-sql.ts';

/** Tag sets by what a question groups by, as numbers in a table of this connection: to sort by one is cheaper than by names. */
export interface TagGroups {
  /** Dimensions that the numbers stand for. */
  readonly of: readonly Dimension[];
  readonly count: number;
  /** Their values, in the order of `of`; null where a tag set has none. */
  readonly valuesOf: (group: number) => readonly (string | null)[];
  /** The number of a tag set; 0 for one that is not there. */
  readonly groupOf: (tagSet: number) => number;
}

/** SQL: the number of an event's tag set. */
export const TAG_GROUP: Sql = {
  text: '(SELECT number FROM temp.tag_group WHERE tag_set_id = s.tag_set_id)',
  values: [],
};

/** Numbers the tag sets by those dimensions that are tags of theirs; `undefined` when none is. */
export function groupTags(
  database: Database,
  by: readonly Dimension[],
  identifiers: ReadonlySet<string>,
): TagGroups | undefined {
  const of = by.filter(
    ({ kind, name }) => kind === 'tag' && !isCallTag(name) && !identifiers.has(name),
  );
  if (of.length === 0) return undefined;
  database.exec(`
    DROP TABLE IF EXISTS temp.tag_group;
    CREATE TEMP TABLE tag_group (tag_set_id INTEGER PRIMARY KEY, number INTEGER NOT NULL) STRICT`);
  const insert = database.prepare('INSERT INTO temp.tag_group (tag_set_id, number) VALUES (?, ?)');
  const numbers = new Map<string, number>();
  const keys: (readonly (string | null)[])[] = [];
  const byTagSet = new Map<number, number>();
  const { values, joins } = readingOf(of, 'c', () => undefined);
  const read = `SELECT c.tag_set_id, ${values.join(', ')}
    FROM (SELECT id AS tag_set_id FROM tag_set) c ${joins.text}`;
  const rows = database
    .prepare<unknown[], readonly [number, ...(string | null)[]]>(read)
    .raw()
    .all(...joins.values);
  for (const [tagSet, ...key] of rows) {
    const name = JSON.stringify(key);
    const number = numbers.get(name) ?? keys.length;
    if (number === keys.length) {
      numbers.set(name, number);
      keys.push(key);
    }
    insert.run(tagSet, number);
    byTagSet.set(tagSet, number);
  }
  return {
    of,
    count: keys.length,
    valuesOf: (group) => keys[group] ?? [],
    groupOf: (tagSet) => byTagSet.get(tagSet) ?? 0,
  };
}
