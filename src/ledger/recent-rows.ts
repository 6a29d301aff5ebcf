/** Slots at the beginning. */
const FEWEST_SLOTS = 1 << 12;
/** Slots for MOST_ROWS; 8 MB. They are reached in two steps, since every step places all rows again. */
const ENOUGH_SLOTS = 1 << 20;
const MOST_ROWS = 1 << 19;

/**
 * Rows of a table by the hash of their key, in memory: 12 to 16 bytes a row where they are many. Several rows may
 * have one hash. Rows are kept as their distance from `base`, which is before all of them.
 */
export class RecentRows {
  #base: number;
  /** A hash and a distance a slot, side by side, since each slot that is looked at is far from the last. The distance is 0 where a slot is free. */
  #slots = new Int32Array(FEWEST_SLOTS * 2);
  #size = 0;

  constructor(base: number) {
    this.#base = base;
  }

  /** Begins again with none, behind another row, in the room that was taken: garbage of this size is kept for long. */
  restart(base: number): void {
    this.#base = base;
    this.#slots.fill(0);
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
    if (this.#size * 3 >= this.#slots.length) this.#grow();
    this.#place(hash, row - this.#base);
    this.#size += 1;
  }

  /** The rows of a hash; `undefined`, not a list, for the many that have none. */
  find(hash: number): readonly number[] | undefined {
    let rows: number[] | undefined;
    const slots = this.#slots;
    const last = slots.length - 1;
    for (let at = (hash << 1) & last; ; at = (at + 2) & last) {
      const distance = slots[at + 1] ?? 0;
      if (distance === 0) return rows;
      if (slots[at] === hash) (rows ??= []).push(this.#base + distance);
    }
  }

  /** Tells all rows, in no order. */
  each(tell: (hash: number, row: number) => void): void {
    const slots = this.#slots;
    for (let at = 0; at < slots.length; at += 2) {
      const distance = slots[at + 1] ?? 0;
      if (distance !== 0) tell(slots[at] ?? 0, this.#base + distance);
    }
  }

  #place(hash: number, distance: number): void {
    const slots = this.#slots;
    const last = slots.length - 1;
    let at = (hash << 1) & last;
    while (slots[at + 1] !== 0) at = (at + 2) & last;
    slots[at] = hash;
    slots[at + 1] = distance;
  }

  #grow(): void {
    const before = this.#slots;
    const steps = before.length < ENOUGH_SLOTS * 2 ? 16 : 2;
    this.#slots = new Int32Array(before.length * steps);
    for (let at = 0; at < before.length; at += 2) {
      const distance = before[at + 1] ?? 0;
      if (distance !== 0) this.#place(before[at] ?? 0, distance);
    }
  }
}
