import type { Database } from './database.ts';
import { HashFilter } from './hash-filter.ts';
import type { RecentRows } from './recent-rows.ts';

/** Asked so often, reading the filter of all hashes is cheaper than looking further ones up. */
const OFTEN = 100;
/** A row of the table holds the keys whose hashes begin with the same 12 bits: of a million, 244 keys in 2 kB. */
const BUCKETS = 1 << 12;
const bucketOf = (hash: number): number => hash >>> 20;
/** Bytes of a hash, and of an id; in the order of the processor, little-endian wherever this runs. */
const BYTES = 4;

/**
 * The rows of the table event_key: hashes of keys and the ids of their events. Most keys that are asked for are
 * new: where many are asked for, a filter, kept in event_key_filter, tells so without looking them up.
 */
export class SettledRows {
  readonly #database: Database;
  readonly #find;
  /** The last row that is in the table, which has a hash for each row up to it at most, and a second one where its family is known. */
  #upTo = 0;
  #asked = 0;
  #filter: HashFilter | undefined;

  constructor(database: Database) {
    this.#database = database;
    this.#find = findingBucket(database);
  }

  /** Forgets which hashes there are, since somebody else has added some, up to a row; 0 says that there are none. */
  look(upTo: number): void {
    this.#upTo = upTo;
    this.#asked = 0;
    this.#filter = upTo === 0 ? HashFilter.for(0) : undefined;
  }

  /** The ids of the events that a hash may be the key of. */
  find(hash: number): readonly number[] {
    if (this.#filter === undefined && (this.#asked += 1) > OFTEN)
      this.#filter = storedFilter(this.#database) ?? filterOfAll(this.#database, this.#upTo);
    if (this.#filter?.mayHave(hash) === false) return NO_IDS;
    return idsIn(this.#find.get(bucketOf(hash), bytesOf(hash)), hash);
  }

  /** Adds rows to the table, up to a row. */
  add(rows: RecentRows, upTo: number): void {
    const database = this.#database;
    let filter = this.#filter ?? storedFilter(database);
    if (filter?.hasRoomFor(upTo) !== true) filter = filterOfAll(database, upTo);
    this.#upTo = upTo;
    const { hashes, ids, ends } = inBuckets(rows);
    for (const hash of hashes) filter.add(hash);
    this.#filter = filter;
    database
      .prepare('INSERT OR REPLACE INTO event_key_filter (id, bits) VALUES (1, ?)')
      .run(filter.bytes);
    const keep = keepingInBucket(database);
    let from = 0;
    for (const [bucket, to] of ends.entries()) {
      const part = (numbers: Uint32Array): Uint8Array =>
        new Uint8Array(numbers.buffer, from * BYTES, (to - from) * BYTES);
      if (from < to) keep.run(bucket, part(hashes), part(ids));
      from = to;
    }
  }
}

/** The filter as it was last kept; `undefined` where none was. */
function storedFilter(database: Database): HashFilter | undefined {
  const bits = database.prepare<[], Uint8Array>('SELECT bits FROM event_key_filter').pluck().get();
  return bits === undefined ? undefined : HashFilter.of(bits);
}

/** A filter of all hashes in the table, with room for so many. */
function filterOfAll(database: Database, count: number): HashFilter {
  const filter = HashFilter.for(count);
  const all = database.prepare<[], Uint8Array>('SELECT hashes FROM event_key').pluck();
  for (const hashes of all.iterate()) for (const hash of numbersOf(hashes)) filter.add(hash);
  return filter;
}

interface Bucket {
  readonly hashes: Uint8Array;
  readonly ids: Uint8Array;
}

const NO_IDS: readonly number[] = [];

/** Hashes and ids of rows, those of a bucket together, and how many there are up to the end of each bucket. */
function inBuckets(rows: RecentRows) {
  const ends = new Int32Array(BUCKETS);
  const grow = (bucket: number, by: number): number => (ends[bucket] = (ends[bucket] ?? 0) + by);
  rows.each((hash) => void grow(bucketOf(hash), 1));
  for (let bucket = 1; bucket < BUCKETS; bucket += 1) grow(bucket, ends[bucket - 1] ?? 0);
  // Each bucket is filled from its end on backwards.
  const places = ends.slice();
  const [hashes, ids] = [new Uint32Array(rows.size), new Uint32Array(rows.size)];
  rows.each((hash, id) => {
    const bucket = bucketOf(hash);
    const at = (places[bucket] ?? 0) - 1;
    places[bucket] = at;
    hashes[at] = hash;
    ids[at] = id;
  });
  return { hashes, ids, ends };
}

/** Calls back with each hash in the table that the filter lets through, and the id of its event, for those who prove it. */
export function eachSettled(database: Database, tell: (hash: number, id: number) => void): void {
  const filter = storedFilter(database);
  const all = database.prepare<[], Bucket>('SELECT hashes, ids FROM event_key');
  for (const bucket of all.iterate()) {
    const ids = numbersOf(bucket.ids);
    for (const [index, hash] of numbersOf(bucket.hashes).entries())
      if (filter?.mayHave(hash) !== false) tell(hash, ids[index] ?? 0);
  }
}

/** The ids of the events that a hash may be the key of, for those who ask once. */
export const idsWithHash = (database: Database, hash: number): readonly number[] =>
  idsIn(findingBucket(database).get(bucketOf(hash), bytesOf(hash)), hash);

/** Adds hashes and ids to a bucket. */
const keepingInBucket = (database: Database) =>
  database.prepare<[number, Uint8Array, Uint8Array]>(`
    INSERT INTO event_key (bucket, hashes, ids) VALUES (?, ?, ?)
    ON CONFLICT (bucket) DO UPDATE SET
      hashes = CAST(hashes || excluded.hashes AS BLOB), ids = CAST(ids || excluded.ids AS BLOB)`);

/** Finds a bucket if the bytes of a hash are in it: to hand over one without them takes longer than to look. */
const findingBucket = (database: Database) =>
  database.prepare<[number, Uint8Array], Bucket>(
    'SELECT hashes, ids FROM event_key WHERE bucket = ? AND instr(hashes, ?) > 0',
  );

const bytesOf = (hash: number): Uint8Array => new Uint8Array(Uint32Array.of(hash).buffer);

/** A copy begins where a number may, which a slice of a pool need not. */
const numbersOf = (bytes: Uint8Array): Uint32Array => new Uint32Array(new Uint8Array(bytes).buffer);

function idsIn(bucket: Bucket | undefined, hash: number): readonly number[] {
  if (bucket === undefined) return NO_IDS;
  const [hashes, ids, found] = [numbersOf(bucket.hashes), numbersOf(bucket.ids), [] as number[]];
  const wanted = hash >>> 0;
  for (let at = hashes.indexOf(wanted); at >= 0; at = hashes.indexOf(wanted, at + 1))
    found.push(ids[at] ?? 0);
  return found;
}
