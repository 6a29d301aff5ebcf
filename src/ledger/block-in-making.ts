import type { BlockNames } from './block-reading.ts';
import type { Places } from './event-block.ts';
import { NUMBER, NUMBERS } from './packed-events.ts';
import type { PackedPart } from './packed-part.ts';
import { snapshotAdds } from './snapshots.ts';

/** The events of a part that go into one block, each with the fullest of its records. */
export class BlockInMaking {
  readonly part: PackedPart;
  readonly places: Places;
  /** How many events there are. */
  count = 0;
  /** The index in the part of the fullest record of each. */
  readonly #fullest: Int32Array;
  /** The id of the first event; beyond all others while there is none. */
  #first = Number.POSITIVE_INFINITY;

  constructor(part: PackedPart, places: Places) {
    this.part = part;
    this.places = places;
    this.#fullest = new Int32Array(part.count);
  }

  get first(): number {
    return this.#first;
  }

  get fullest(): Int32Array {
    return this.#fullest.subarray(0, this.count);
  }

  /** Adds a record as an event of its own under the next id; its row is the last. */
  add(index: number, id: number): void {
    this.#first = id - this.count;
    this.#fullest[this.count] = index;
    this.places.time[this.count] = this.part.numbers[index * NUMBERS + NUMBER.time] ?? Number.NaN;
    this.count += 1;
  }

  /** Joins a record to the event of a row, if both are snapshots of one stream. */
  join(index: number, row: number): 'completed' | 'duplicate' | undefined {
    const fullest = this.#fullest[row] ?? 0;
    const time = this.places.time[row] ?? Number.NaN;
    const adds = snapshotAdds(this.part, index, { fullest, time });
    if (adds === undefined) return undefined;
    if (adds === 'nothing') return 'duplicate';
    this.#fullest[row] = index;
    return 'completed';
  }

  /** What the event that has an id is looked up by, if it is here. */
  namesOf(id: number): BlockNames | undefined {
    if (id < this.#first || id >= this.#first + this.count) return undefined;
    return this.part.names(this.#fullest[id - this.#first] ?? 0);
  }
}
