const FEWEST_SLOTS = 1 << 12;
/** Slots for MOST_ROWS; 8 MB. They are reached in two steps, since every step places all rows again. */
const ENOUGH_SLOTS = 1 << 20;
const MOST_ROWS = 1 << 19;

/**
 * Rows of a table by the hash of their key, in memory: 12 to 16 bytes a row where they are many. Several rows may have one hash. Rows
 * are kept as their distance from `base`, which is before all of them.
 */
export class RecentRows {
  #base: number;
  #hashes = new Int32Array(FEWEST_SLOTS);
  /** 0 where a slot is free. */
  #distances = new Uint32Array(FEWEST_SLOTS);
  #size = 0;

  constructor(base: number) {
    this.#base = base;
  }

  /** Begins again with none, behind another row, in the room that was taken: garbage of this size is kept for long. */
  restart(base: number): void {
    this.#base = base;
    this.#distances.fill(0);
    this.#size = 0;
  }

  get size(): number {
    return this.#size;
  }

  /** Whether no more rows should be kept here. */
  get isFull(): boolean {
    return this.#size >= MOST_ROWS;
  }

  add(hash: number, row: number): void {
    // With half as many slots again as rows looking something up takes a few steps.
    if (this.#size * 3 >= this.#hashes.length * 2) this.#grow();
    this.#place(hash, row - this.#base);
    this.#size += 1;
  }

  /** The rows of a hash; `undefined`, not a list, for the many that have none. */
  find(hash: number): readonly number[] | undefined {
    let rows: number[] | undefined;
    const last = this.#hashes.length - 1;
    for (let slot = hash & last; ; slot = (slot + 1) & last) {
      const distance = this.#distances[slot] ?? 0;
      if (distance === 0) return rows;
      if (this.#hashes[slot] === hash) (rows ??= []).push(this.#base + distance);
    }
  }

  /** Tells all rows, in no order. */
  each(tell: (hash: number, row: number) => void): void {
    for (let slot = 0; slot < this.#hashes.length; slot += 1) {
      const distance = this.#distances[slot] ?? 0;
      if (distance !== 0) tell(this.#hashes[slot] ?? 0, this.#base + distance);
    }
  }

  #place(hash: number, distance: number): void {
    const last = this.#hashes.length - 1;
    let slot = hash & last;
    while (this.#distances[slot] !== 0) slot = (slot + 1) & last;
    this.#hashes[slot] = hash;
    this.#distances[slot] = distance;
  }

  #grow(): void {
    const [hashes, distances] = [this.#hashes, this.#distances];
    const slots = hashes.length * (hashes.length < ENOUGH_SLOTS ? 16 : 2);
    this.#hashes = new Int32Array(slots);
    this.#distances = new Uint32Array(slots);
    for (let slot = 0; slot < hashes.length; slot += 1) {
      const distance = distances[slot] ?? 0;
      if (distance > 0) this.#place(hashes[slot] ?? 0, distance);
    }
  }
}
