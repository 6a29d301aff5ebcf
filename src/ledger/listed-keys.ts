import type { Database } from './database.ts';
import type { RecentRows } from './recent-rows.ts';

/** Hashes of the keys of events whose ids follow each other. */
export interface ListedKeys {
  /** Of the event whose key the first hash is of. */
  readonly firstId: number;
  readonly hashes: Uint32Array;
}

/** Bytes of a hash; in the order of the processor, little-endian wherever this runs. */
const BYTES = 4;

/** SQL: the last row whose key is listed; NULL where none is. */
export const LISTED_UP_TO = `(SELECT max(first_id + length(hashes) / ${BYTES}) - 1 FROM event_key_list)`;

/**
 * The hashes of the newest keys, in the order of their ids, as those who added them have listed them: to read
 * them takes a tenth of what reading the keys again does, and adding some writes no more than these.
 */
export function* listedKeys(database: Database): Generator<ListedKeys> {
  const lists = database.prepare<[], { first_id: number; hashes: Uint8Array }>(
    'SELECT first_id, hashes FROM event_key_list',
  );
  for (const { first_id: firstId, hashes } of lists.iterate())
    // A copy begins where a number may, which a slice of a pool need not.
    yield { firstId, hashes: new Uint32Array(new Uint8Array(hashes).buffer) };
}

/** Lists the keys of the rows behind one and up to another, all of which are among `rows`. */
export function listKeys(database: Database, rows: RecentRows, after: number, upTo: number): void {
  // A row that was taken out may have left no hash, and 0 leads to a row that is not there.
  const hashes = new Uint32Array(upTo - after);
  rows.each((hash, row) => {
    if (row > after && row <= upTo) hashes[row - after - 1] = hash;
  });
  database
    .prepare('INSERT INTO event_key_list (first_id, hashes) VALUES (?, ?)')
    .run(after + 1, new Uint8Array(hashes.buffer));
}

/** Forgets all lists: what they have is in the table event_key, or has to be read again. */
export const dropLists = (database: Database): void =>
  void database.exec('DELETE FROM event_key_list');

/** The ids of the events that a listed hash may be the key of, for those who ask once. */
export function idsListed(database: Database, hash: number): readonly number[] {
  const ids: number[] = [];
  for (const { firstId, hashes } of listedKeys(database))
    for (const [index, each] of hashes.entries())
      if (each === hash >>> 0) ids.push(firstId + index);
  return ids;
}
