import type { Database } from './database.ts';
import type { RecentRows } from './recent-rows.ts';

/** Asked so often, reading all hashes of the table once is cheaper than looking further ones up. */
const OFTEN = 5_000;
/** 4 MB: of a million hashes three in a hundred are looked up in vain, of ten million a quarter. */
const BITS = 1 << 25;
/** A row of the table holds the keys whose hashes begin with the same 12 bits: of a million, 244 keys in 2 kB. */
const BUCKETS = 1 << 12;
const bucketOf = (hash: number): number => hash >>> 20;

/**
 * The rows of the table event_key: hashes of keys and the ids of their events. Most keys that are asked for are
 * new: where many are asked for, a bit for each hash tells so without looking it up.
 */
export class SettledRows {
  readonly #ofBucket;
  readonly #all;
  readonly #keep;
  #asked = 0;
  #bits: Uint8Array | undefined;

  constructor(database: Database) {
    this.#ofBucket = database
      .prepare<[number], Uint8Array>('SELECT keys FROM event_key WHERE bucket = ?')
      .pluck();
    this.#all = allBuckets(database);
    this.#keep = database.prepare('INSERT OR REPLACE INTO event_key (bucket, keys) VALUES (?, ?)');
  }

  /** Forgets which hashes there are, since somebody else has added some; `none` says that there are none. */
  look(none: boolean): void {
    this.#asked = 0;
    this.#bits = none ? new Uint8Array(BITS >> 3) : undefined;
  }

  /** The ids of the events that a hash may be the key of. */
  find(hash: number): readonly number[] {
    if (this.#bits === undefined && (this.#asked += 1) > OFTEN) {
      const bits = new Uint8Array(BITS >> 3);
      for (const keys of this.#all.iterate()) {
        const pairs = pairsOf(keys);
        for (let at = 0; at < pairs.length; at += PAIR) setBit(bits, pairs[at] ?? 0);
      }
      this.#bits = bits;
    }
    if (this.#bits !== undefined && !hasBit(this.#bits, hash)) return NO_ROWS;
    return idsOf(this.#ofBucket.get(bucketOf(hash)), hash);
  }

  /** Adds rows to the table. */
  add(rows: RecentRows): void {
    const { pairs, ends } = inBuckets(rows);
    let from = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      const to = ends[bucket] ?? 0;
      if (from === to) continue;
      const before = this.#ofBucket.get(bucket);
      const added = new Uint8Array(pairs.buffer, from * PAIR_BYTES, (to - from) * PAIR_BYTES);
      this.#keep.run(bucket, before === undefined ? added : Buffer.concat([before, added]));
      from = to;
    }
    const bits = this.#bits;
    if (bits !== undefined) rows.each((hash) => setBit(bits, hash));
  }
}

/** A hash and an id, in the order of bytes of the processor, little-endian wherever this runs. */
const PAIR = 2;
const PAIR_BYTES = 8;
const NO_ROWS: readonly number[] = [];

/** Pairs of hash and id, those of a bucket together, and how many there are up to the end of each bucket. */
function inBuckets(rows: RecentRows): { readonly pairs: Uint32Array; readonly ends: Int32Array } {
  const ends = new Int32Array(BUCKETS);
  const count = (bucket: number, more: number): number =>
    (ends[bucket] = (ends[bucket] ?? 0) + more);
  rows.each((hash) => void count(bucketOf(hash), 1));
  for (let bucket = 1; bucket < BUCKETS; bucket += 1) count(bucket, ends[bucket - 1] ?? 0);
  // Each bucket is filled from its end, which so becomes where it begins.
  const places = ends.slice();
  const pairs = new Uint32Array(rows.size * PAIR);
  rows.each((hash, id) => {
    const bucket = bucketOf(hash);
    const at = ((places[bucket] ?? 0) - 1) * PAIR;
    places[bucket] = at / PAIR;
    pairs[at] = hash;
    pairs[at + 1] = id;
  });
  return { pairs, ends };
}

/** The pairs that a row of the table holds. */
function pairsOf(keys: Uint8Array): Uint32Array {
  // A copy begins where a number may, which a slice of a pool need not.
  return new Uint32Array(new Uint8Array(keys).buffer);
}

/** The ids of all events in the table, for those who prove it. */
export function* settledIds(database: Database): Generator<number> {
  for (const keys of allBuckets(database).iterate()) {
    const pairs = pairsOf(keys);
    for (let at = 1; at < pairs.length; at += PAIR) yield pairs[at] ?? 0;
  }
}

/** The ids of the events that a hash may be the key of, for those who ask once. */
export const idsWithHash = (database: Database, hash: number): readonly number[] =>
  idsOf(
    database
      .prepare<[number], Uint8Array>('SELECT keys FROM event_key WHERE bucket = ?')
      .pluck()
      .get(bucketOf(hash)),
    hash,
  );

const allBuckets = (database: Database) =>
  database.prepare<[], Uint8Array>('SELECT keys FROM event_key').pluck();

function idsOf(keys: Uint8Array | undefined, hash: number): readonly number[] {
  if (keys === undefined) return NO_ROWS;
  const [pairs, wanted] = [pairsOf(keys), hash >>> 0];
  const ids: number[] = [];
  for (let at = 0; at < pairs.length; at += PAIR)
    if (pairs[at] === wanted) ids.push(pairs[at + 1] ?? 0);
  return ids;
}

const hasBit = (bits: Uint8Array, hash: number): boolean => {
  const bit = hash & (BITS - 1);
  return ((bits[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
};

function setBit(bits: Uint8Array, hash: number): void {
  const bit = hash & (BITS - 1);
  bits[bit >> 3] = (bits[bit >> 3] ?? 0) | (1 << (bit & 7));
}
