import type { Database } from './database.ts';
import type { RecentRows } from './recent-rows.ts';

/** Asked so often, reading all hashes of the table once is cheaper than looking further ones up. */
const OFTEN = 1_000;
/** A row of the table holds the keys whose hashes begin with the same 12 bits: of a million, 244 keys in 2 kB. */
const BUCKETS = 1 << 12;
const bucketOf = (hash: number): number => hash >>> 20;
/** Bytes of a hash, and of an id; in the order of the processor, little-endian wherever this runs. */
const BYTES = 4;

/**
 * The rows of the table event_key: hashes of keys and the ids of their events. Most keys that are asked for are
 * new: where many are asked for, two bits for each hash tell so without looking it up.
 */
export class SettledRows {
  readonly #database: Database;
  readonly #find;
  readonly #keep;
  #asked = 0;
  #seen: SeenHashes | undefined;

  constructor(database: Database) {
    this.#database = database;
    this.#find = findingBucket(database);
    this.#keep = database.prepare(`
      INSERT INTO event_key (bucket, hashes, ids) VALUES (?, ?, ?)
      ON CONFLICT (bucket) DO UPDATE SET
        hashes = CAST(hashes || excluded.hashes AS BLOB), ids = CAST(ids || excluded.ids AS BLOB)`);
  }

  /** Forgets which hashes there are, since somebody else has added some; `none` says that there are none. */
  look(none: boolean): void {
    this.#asked = 0;
    this.#seen = none ? new SeenHashes() : undefined;
  }

  /** The ids of the events that a hash may be the key of. */
  find(hash: number): readonly number[] {
    if (this.#seen === undefined && (this.#asked += 1) > OFTEN) {
      this.#seen = new SeenHashes();
      for (const hashes of allNumbers(this.#database, 'hashes'))
        for (const each of hashes) this.#seen.add(each);
    }
    if (this.#seen !== undefined && !this.#seen.mayHave(hash)) return NO_IDS;
    return idsIn(this.#find.get(bucketOf(hash), bytesOf(hash)), hash);
  }

  /** Adds rows to the table. */
  add(rows: RecentRows): void {
    const { hashes, ids, ends } = inBuckets(rows);
    let from = 0;
    for (const [bucket, to] of ends.entries()) {
      const part = (numbers: Uint32Array): Uint8Array =>
        new Uint8Array(numbers.buffer, from * BYTES, (to - from) * BYTES);
      if (from < to) this.#keep.run(bucket, part(hashes), part(ids));
      from = to;
    }
    if (this.#seen !== undefined) for (const hash of hashes) this.#seen.add(hash);
  }
}

/** Hashes that were seen, as two bits each in 8 MB: of ten million, one in fifteen is taken for seen in vain. */
class SeenHashes {
  static readonly #BITS = 1 << 26;
  readonly #bytes = new Uint8Array(SeenHashes.#BITS >> 3);

  add(hash: number): void {
    this.#set(hash);
    this.#set(scattered(hash));
  }

  mayHave(hash: number): boolean {
    return this.#has(hash) && this.#has(scattered(hash));
  }

  #set(hash: number): void {
    const bit = hash & (SeenHashes.#BITS - 1);
    this.#bytes[bit >> 3] = (this.#bytes[bit >> 3] ?? 0) | (1 << (bit & 7));
  }

  #has(hash: number): boolean {
    const bit = hash & (SeenHashes.#BITS - 1);
    return ((this.#bytes[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  }
}

/** Another hash that depends on all bits of the first. */
const scattered = (hash: number): number => {
  const product = Math.imul(hash, 0x9e3779b1);
  return product ^ (product >>> 15);
};

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

/** All ids in the table, for those who prove it. */
export function* settledIds(database: Database): Generator<number> {
  for (const ids of allNumbers(database, 'ids')) yield* ids;
}

/** The ids of the events that a hash may be the key of, for those who ask once. */
export const idsWithHash = (database: Database, hash: number): readonly number[] =>
  idsIn(findingBucket(database).get(bucketOf(hash), bytesOf(hash)), hash);

/** One column of the whole table, a bucket at a time. */
function* allNumbers(database: Database, column: keyof Bucket): Generator<Uint32Array> {
  const all = database.prepare<[], Uint8Array>(`SELECT ${column} FROM event_key`).pluck();
  for (const bytes of all.iterate()) yield numbersOf(bytes);
}

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
