import { isFactOfOneCall } from '../domain/call-facts.ts';
import { isCallTag, OWNER_TAGS } from '../domain/tags.ts';
import type { Database } from './database.ts';
import { LABEL } from './event-row.ts';
import { identifierKeys, type IdentifierTag } from './identifier-tags.ts';
import { foldTagSets } from './tag-set-folding.ts';

/** Which tags a user says are identifiers, and which are never to be taken for one. */
export interface IdentifierWishes {
  readonly always: readonly string[];
  readonly never: readonly string[];
}

/** What is known of identifiers while events are appended. */
export interface Identifiers {
  readonly keys: () => ReadonlySet<string>;
  /** Reads them anew, since another process may have found some; whether there are others than before. */
  readonly look: () => boolean;
  /** Whether there are so many tag sets that find() is worth its time. */
  readonly isDue: () => boolean;
  /** Looks for new ones in what the ledger holds; whether there are any. The cube has to be written before. */
  readonly find: () => boolean;
}

/** Fewer values do no harm, however few calls there are. */
const MANY_VALUES = 1_000;
/** A key with fewer calls a value than this is an identifier; a fact of one call is one however many share a value. */
const CALLS_A_VALUE = 4;
/** Tag sets at which they are first looked at; then again whenever they have doubled. */
const FIRST_LOOK = 2_048;

/**
 * Opens the identifiers for appending; all it does belongs to the caller's transactions. Tags with a meaning
 * of their own, customers among them, become identifiers only where that is wished for.
 */
export function openIdentifiers(
  database: Database,
  { always, never }: IdentifierWishes,
): Identifiers {
  const protectedKeys = new Set<string>([...OWNER_TAGS, ...never]);
  const newest = database.prepare<[], number | null>('SELECT max(id) FROM tag_set').pluck();
  const lookedAt = database
    .prepare<[], string>("SELECT value FROM meta WHERE key = 'tag_sets_looked_at'")
    .pluck();
  const remember = database.prepare(
    "INSERT OR REPLACE INTO meta (key, value) VALUES ('tag_sets_looked_at', ?)",
  );
  const keep = database.prepare(
    'INSERT OR IGNORE INTO identifier_tag (key, values_seen, requests_seen) VALUES (?, ?, ?)',
  );
  let keys: ReadonlySet<string> = new Set();
  let due = FIRST_LOOK;

  const read = (): boolean => {
    const before = keys;
    keys = identifierKeys(database);
    due = Math.max(FIRST_LOOK, 2 * Number(lookedAt.get() ?? 0));
    return keys.size !== before.size || [...keys].some((key) => !before.has(key));
  };
  const add = (found: readonly IdentifierTag[]): boolean => {
    if (found.length === 0) return false;
    for (const { key, seen } of found) keep.run(key, seen?.values ?? null, seen?.requests ?? null);
    foldTagSets(database, new Set(found.map(({ key }) => key)));
    return true;
  };

  return {
    keys: () => keys,
    look() {
      const changed = read();
      // A call's own tags, its run and the like, are kept with it anyway.
      const wished = always
        .filter((key) => !keys.has(key) && !isCallTag(key))
        .map((key) => ({ key, seen: null }));
      if (!add(wished)) return changed;
      return read();
    },
    isDue: () => (newest.get() ?? 0) >= due,
    find() {
      const found = add(
        tagKeys(database)
          .filter((key) => !protectedKeys.has(key) && !keys.has(key) && !key.startsWith(LABEL))
          .flatMap((key) => identifierAmong(database, key) ?? []),
      );
      remember.run(String(newest.get() ?? 0));
      read();
      return found;
    },
  };
}

/** Every key of a tag set, each found by one step in the index. */
const tagKeys = (database: Database): readonly string[] =>
  database
    .prepare<[], string>(
      `WITH RECURSIVE known (key) AS (
         SELECT min(key) FROM tag
         UNION ALL SELECT (SELECT min(key) FROM tag WHERE tag.key > known.key) FROM known WHERE known.key IS NOT NULL
       ) SELECT key FROM known WHERE key IS NOT NULL`,
    )
    .pluck()
    .all();

function identifierAmong(database: Database, key: string): IdentifierTag | undefined {
  const count = (sql: string): number =>
    database.prepare<[string], number>(sql).pluck().get(key) ?? 0;
  const values = count('SELECT count(DISTINCT value) FROM tag WHERE key = ?');
  const known = isFactOfOneCall(key);
  if (values <= MANY_VALUES && !known) return undefined;
  const requests = count(
    'SELECT sum(requests) FROM cube WHERE tag_set_id IN (SELECT tag_set_id FROM tag WHERE key = ?)',
  );
  return known || values * CALLS_A_VALUE > requests
    ? { key, seen: { values, requests } }
    : undefined;
}
