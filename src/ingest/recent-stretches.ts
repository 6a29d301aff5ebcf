import { sameBytes, viewOf } from './same-bytes.ts';

/** What a stretch of a line stands for: bytes with nothing in them that is the line's own. */
export interface Stretch<End> {
  readonly length: number;
  /** Numbers of all facts and of all owners of a line up to here; NONE where this stretch has none. */
  readonly facts: number;
  readonly owners: number;
  /** The numbers that they had before. */
  readonly factsBefore: number;
  readonly ownersBefore: number;
  /** Where the line goes on. */
  readonly end: End;
}

/** Instead of a number. */
export const NONE = -1;

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

  /** The stretch that begins at `at` behind these facts and owners; `undefined` when it is none of these. */
  find(line: DataView, at: number, facts: number, owners: number): Stretch<End> | undefined {
    for (let slot = 0; slot < this.#stretches.length; slot += 1) {
      const stretch = this.#stretches[slot];
      if (stretch === undefined) continue;
      if (stretch.facts !== NONE && stretch.factsBefore !== facts) continue;
      if (stretch.owners !== NONE && stretch.ownersBefore !== owners) continue;
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
