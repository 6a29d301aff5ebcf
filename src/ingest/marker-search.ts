import type { LineBytes } from './split-lines.ts';

/** Letters of a marker that are looked for. */
const RARE = 3;

/**
 * Finds ASCII of three letters or more in lines that are asked for in their order: each byte of a chunk is looked at
 * once, however many lines it has. It is the end of the marker that is looked for, which may be much rarer than its
 * first letter: that is what the search goes by.
 */
export class MarkerSearch {
  readonly #marker: Buffer;
  readonly #end: Buffer;
  #chunk: Buffer | undefined;
  /** Where the line began that was asked for last, and where the marker is next from there on. */
  #from = 0;
  #next = 0;

  constructor(marker: string) {
    this.#marker = Buffer.from(marker);
    this.#end = this.#marker.subarray(-RARE);
  }

  /** Whether a line holds the marker. */
  isIn({ chunk, from, to }: LineBytes): boolean {
    const isBehind = chunk === this.#chunk && from >= this.#from;
    if (!isBehind || this.#next < from) this.#next = this.#find(chunk, from);
    [this.#chunk, this.#from] = [chunk, from];
    return this.#next + this.#marker.length <= to;
  }

  /** The marker's next place; Infinity when there is none. */
  #find(chunk: Buffer, from: number): number {
    const before = this.#marker.length - this.#end.length;
    let at = chunk.indexOf(this.#end, from + before);
    while (at >= 0 && !this.#isAt(chunk, at - before)) at = chunk.indexOf(this.#end, at + 1);
    return at < 0 ? Number.POSITIVE_INFINITY : at - before;
  }

  #isAt(chunk: Buffer, at: number): boolean {
    const marker = this.#marker;
    for (let index = 0; index < marker.length; index += 1)
      if (chunk[at + index] !== marker[index]) return false;
    return true;
  }
}
