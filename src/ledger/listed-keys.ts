import type { Database } from './database.ts';
import type { RecentRows } from './recent-rows.ts';

/** What events of which the ids follow each other are looked up by: a hash of each key, and of families in blocks. */
export interface ListedKeys {
  readonly firstId: number;
  readonly lastId: number;
  readonly hashes: Uint32Array;
  /** The id of the event of each hash. */
  readonly ids: Uint32Array;
}

interface ListRow {
  readonly first_id: number;
  readonly last_id: number;
  readonly hashes: Uint8Array;
  readonly ids: Uint8Array;
}

/** SQL: the last row whose key is listed; NULL where none is. */
export const LISTED_UP_TO = '(SELECT max(last_id) FROM event_key_list)';

/**
 * The hashes of the newest keys, a list each of those who added them, in the order of their ids: to read them takes
 * a tenth of what reading the keys again does, and adding some writes no more than these.
 */
export function* listedKeys(database: Database): Generator<ListedKeys> {
  const lists = database.prepare<[], ListRow>(
    'SELECT first_id, last_id, hashes, ids FROM event_key_list ORDER BY first_id',
  );
  for (const { first_id: firstId, last_id: lastId, hashes, ids } of lists.iterate())
    yield { firstId, lastId, hashes: numbersOf(hashes), ids: numbersOf(ids) };
}

/** In the order of the processor, little-endian wherever this runs. A copy begins where a number may, which a slice of a pool need not. */
const numbersOf = (bytes: Uint8Array): Uint32Array => new Uint32Array(new Uint8Array(bytes).buffer);

/** Lists the keys of the rows behind one and up to another, all of which are among `rows`. */
export function listKeys(database: Database, rows: RecentRows, after: number, upTo: number): void {
  const [hashes, ids] = [new Uint32Array(rows.size), new Uint32Array(rows.size)];
  let count = 0;
  rows.each((hash, row) => {
    if (row <= after || row > upTo) return;
    hashes[count] = hash;
    ids[count] = row;
    count += 1;
  });
  const bytesOf = (numbers: Uint32Array): Uint8Array =>
    new Uint8Array(numbers.buffer, 0, count * numbers.BYTES_PER_ELEMENT);
  database
    .prepare('INSERT INTO event_key_list (first_id, last_id, hashes, ids) VALUES (?, ?, ?, ?)')
    .run(after + 1, upTo, bytesOf(hashes), bytesOf(ids));
}

/** Forgets all lists: what they have is in the table event_key, or has to be read again. */
export const dropLists = (database: Database): void =>
  void database.exec('DELETE FROM event_key_list');

/** The ids of the events that a listed hash may be the key of, for those who ask once. */
export function idsListed(database: Database, hash: number): readonly number[] {
  const ids: number[] = [];
  for (const list of listedKeys(database))
    for (const [index, each] of list.hashes.entries())
      if (each === hash >>> 0) ids.push(list.ids[index] ?? 0);
  return ids;
}
