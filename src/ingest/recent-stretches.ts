import { sameBytes, viewOf } from './same-bytes.ts';

/** What a stretch of a line stands for: bytes with nothing in them that is the line's own. */
export interface Stretch<End> {
  readonly length: number;
  /** Numbers of its facts and of its owners; 0 for none. */
  readonly facts: number;
  readonly owners: number;
  /** Where the line goes on. */
  readonly end: End;
}

/** Stretches that are remembered: calls of a few runs follow each other. Longer ones are not. */
const [SLOTS, ROOM] = [8, 256];

const NO_BYTES = new Uint8Array();

/** The last stretches that followed one place of lines, by their bytes. */
export class RecentStretches<End> {
  /** Made when there is something to remember. */
  #bytes = NO_BYTES;
  #view = viewOf(NO_BYTES);
  readonly #stretches: Stretch<End>[] = [];
  #oldest = 0;

  /** The stretch that begins at `at` of a line that ends at `to`; `undefined` when it is none of these. */
  find(line: DataView, at: number, to: number): Stretch<End> | undefined {
    for (let slot = 0; slot < this.#stretches.length; slot += 1) {
      const stretch = this.#stretches[slot];
      if (stretch === undefined || at + stretch.length > to) continue;
      if (sameBytes(line, at, this.#view, slot * ROOM, stretch.length)) return stretch;
    }
    return undefined;
  }

  /** Remembers the stretch that begins at `at` in place of the oldest. */
  keep(line: Uint8Array, at: number, stretch: Stretch<End>): void {
    const { length } = stretch;
    if (length > ROOM) return;
    if (this.#bytes === NO_BYTES) {
      this.#bytes = new Uint8Array(SLOTS * ROOM);
      this.#view = viewOf(this.#bytes);
    }
    const slot = this.#oldest;
    this.#oldest = (slot + 1) % SLOTS;
    this.#stretches[slot] = stretch;
    for (let here = 0; here < length; here += 1)
      this.#bytes[slot * ROOM + here] = line[at + here] ?? 0;
  }
}
