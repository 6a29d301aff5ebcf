import { TagSetMemo } from '../domain/tag-set-memo.ts';
import type { Tagged } from '../domain/tags.ts';
import type { Database } from './database.ts';
import { createDictionary, newRow } from './dictionary.ts';
import { isKeptApart, tagPairs, type TagPairs } from './event-row.ts';

/** The distinct combinations of tags of a ledger, each kept once under an id. */
export interface TagSets {
  /** The id of an event's tag set, made when it is new; identifiers are no part of it. */
  readonly of: (event: Tagged) => number;
  /** The id of a tag set by its sorted pairs. */
  readonly id: (pairs: TagPairs) => number;
  /** Forgets every id it knows: needed when other tags than before have become identifiers. */
  readonly forget: () => void;
}

/** Opens the tag sets; `identifiers` gives the keys that are kept with each call instead. */
export function openTagSets(database: Database, identifiers: () => ReadonlySet<string>): TagSets {
  const insert = database.prepare('INSERT OR IGNORE INTO tag_set (key) VALUES (?)');
  const insertTags = openTagInserts(database);
  const openSets = () =>
    createDictionary<TagPairs>(database, 'tag_set', (key, pairs) => {
      const id = newRow(insert.run(key));
      if (id !== undefined) insertTags(id, pairs);
      return id;
    });
  let sets = openSets();
  let memo = new TagSetMemo();
  const id = (pairs: TagPairs): number =>
    sets.id(pairs.length === 0 ? '[]' : JSON.stringify(pairs), () => pairs);
  return {
    id,
    of(event) {
      const apart = identifiers();
      const isApart = (key: string, value: string): boolean => isKeptApart(key, value, apart);
      const find = (): number => id(tagPairs(event, apart));
      return memo.idOf(event, find, apart.size === 0 ? undefined : isApart);
    },
    forget() {
      sets = openSets();
      memo = new TagSetMemo();
    },
  };
}

/** Most tags that one statement inserts. */
const TAGS_A_STATEMENT = 16;

/** Inserts the tags of new sets. A key that a set has twice, as labels may be, is kept once. */
function openTagInserts(database: Database): (id: number, pairs: TagPairs) => void {
  const inserting = (tags: number) =>
    database.prepare<unknown[]>(
      `INSERT OR IGNORE INTO tag (key, tag_set_id, value) VALUES ${Array<string>(tags).fill('(?, ?, ?)').join(', ')}`,
    );
  const prepared = new Map<number, ReturnType<typeof inserting>>();
  return (id, pairs) => {
    for (let from = 0; from < pairs.length; from += TAGS_A_STATEMENT) {
      const some = pairs.slice(from, from + TAGS_A_STATEMENT);
      const insert = prepared.get(some.length) ?? inserting(some.length);
      prepared.set(some.length, insert);
      insert.run(...some.flatMap(([key, value]) => [key, id, value]));
    }
  };
}
