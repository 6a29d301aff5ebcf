import type { Database } from './database.ts';

/** Asked so often, reading all hashes of the table once is cheaper than looking further ones up. */
const OFTEN = 50_000;
/** 4 MB: of a million hashes three in a hundred are looked up in vain, of ten million a quarter. */
const BITS = 1 << 25;

/**
 * The rows of the table event_key by the hash of their key. Most keys that are asked for are new: where many are
 * asked for, a bit for each hash tells so without looking it up.
 */
export class SettledRows {
  readonly #rowsOf;
  readonly #allHashes;
  readonly #insertOne;
  readonly #insertMany;
  #waiting: number[] = [];
  #asked = 0;
  #bits: Uint8Array | undefined;

  constructor(database: Database) {
    const inserting = (rows: number) =>
      database.prepare<unknown[]>(
        `INSERT OR IGNORE INTO event_key (hash, event_id) VALUES ${Array<string>(rows).fill('(?, ?)').join(', ')}`,
      );
    this.#rowsOf = database
      .prepare<[number], number>('SELECT event_id FROM event_key WHERE hash = ?')
      .pluck();
    this.#allHashes = database.prepare<[], number>('SELECT hash FROM event_key').pluck();
    this.#insertOne = inserting(1);
    this.#insertMany = inserting(ROWS_A_STATEMENT);
  }

  /** Forgets which hashes there are, since somebody else has added some; `none` says that there are none. */
  look(none: boolean): void {
    this.#asked = 0;
    this.#bits = none ? new Uint8Array(BITS >> 3) : undefined;
  }

  /** The rows of a hash. */
  find(hash: number): readonly number[] {
    if (this.#bits === undefined && (this.#asked += 1) > OFTEN) {
      const bits = new Uint8Array(BITS >> 3);
      for (const each of this.#allHashes.iterate()) setBit(bits, each);
      this.#bits = bits;
    }
    if (this.#bits !== undefined && !hasBit(this.#bits, hash)) return NO_ROWS;
    return this.#rowsOf.all(hash);
  }

  /** Adds a row, which is cheapest in the order of hashes. */
  add(hash: number, row: number): void {
    if (this.#bits !== undefined) setBit(this.#bits, hash);
    this.#waiting.push(hash, row);
    if (this.#waiting.length < 2 * ROWS_A_STATEMENT) return;
    this.#insertMany.run(...this.#waiting);
    this.#waiting = [];
  }

  /** Writes what was added and still waits for more. */
  write(): void {
    for (let at = 0; at < this.#waiting.length; at += 2)
      this.#insertOne.run(this.#waiting[at], this.#waiting[at + 1]);
    this.#waiting = [];
  }
}

/** Rows that one statement adds. */
const ROWS_A_STATEMENT = 50;
const NO_ROWS: readonly number[] = [];

const hasBit = (bits: Uint8Array, hash: number): boolean => {
  const bit = hash & (BITS - 1);
  return ((bits[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
};

function setBit(bits: Uint8Array, hash: number): void {
  const bit = hash & (BITS - 1);
  bits[bit >> 3] = (bits[bit >> 3] ?? 0) | (1 << (bit & 7));
}
