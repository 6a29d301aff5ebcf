import type { Database } from './database.ts';
import { LABEL } from './event-row.ts';

/** Keys of the tags that calls are told apart by, in order; labels and identifiers of single calls are none. */
export const tagKeys = (database: Database): readonly string[] =>
  database
    .prepare<[], string>('SELECT DISTINCT key FROM tag')
    .pluck()
    .all()
    .filter((key) => !key.startsWith(LABEL))
    .sort();

/** Every value that calls have of a tag, as the logs have it. Users and sessions are read from the calls. */
export function* tagValues(database: Database, key: string): Generator<string> {
  const kept = key === 'user' || key === 'session' ? key : undefined;
  // SQLite's iterator may be left in the middle, and is closed then.
  yield* kept === undefined
    ? database
        .prepare<[string], string>('SELECT DISTINCT value FROM tag WHERE key = ?')
        .pluck()
        .iterate(key)
    : database
        .prepare<[], string>(`SELECT DISTINCT ${kept} FROM event WHERE ${kept} IS NOT NULL`)
        .pluck()
        .iterate();
}
