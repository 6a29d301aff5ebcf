import { type Status, STATUSES } from '../domain/usage.ts';
import type { CellChange } from './corrections.ts';
import type { Places } from './event-block.ts';
import { extraWrites } from './event-row.ts';
import { NUMBER, NUMBERS } from './packed-events.ts';

/** What one event adds to its cell. */
export interface CubeChange {
  /** Milliseconds UTC; null where the source does not say. */
  readonly time: number | null;
  readonly skuId: number;
  readonly rateId: number;
  readonly tagSetId: number;
  readonly status: Status;
  readonly requests: number;
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
  /** Quantities beside the counts above, by name. */
  readonly extra: Readonly<Record<string, number>> | null;
  /** Picodollars that the source reported. */
  readonly reported: bigint | null;
}

/** The hour of events that have no time. */
export const NO_HOUR = -1_000_000_000;

const HOUR_MS = 3_600_000;

/** The cube's hour of an instant, in hours since 1970 UTC; NaN is an instant that nobody knows. */
const hourOf = (time: number): number =>
  Number.isNaN(time) ? NO_HOUR : Math.floor(time / HOUR_MS);

const CODE_OF_STATUS: Readonly<Record<Status, number>> = {
  success: 0,
  failure: 1,
  timeout: 2,
  retry: 3,
  cancelled: 4,
};

const PICO_PER_MICRO = 1_000_000n;
/** Hour, sku, rate, tag set and code of the status. */
const PLACE = 5;
/** Requests, the five counts, and requests with reported dollars. */
const SUMS = 7;
const REPORTED = 6;
const FEWEST_CELLS = 1 << 10;
/** Numbers of a cell that has plain counts only, beside its status: hour, sku, rate, tag set and the first six sums. */
export const PLAIN_NUMBERS = PLACE - 1 + REPORTED;

/**
 * Sums of events by cell, in memory: an open-addressing table in typed arrays, since a million events make a
 * million look-ups and a text as the name of a cell would cost more than the sums.
 */
export class CubeCells {
  /** How many cells there are, numbered from 0. */
  size = 0;
  #slots = new Int32Array(FEWEST_CELLS * 2);
  #places = new Int32Array(FEWEST_CELLS * PLACE);
  #sums = new Float64Array(FEWEST_CELLS * SUMS);
  /** No sum is larger than this. */
  #bound = 0;
  /** Few cells have these. */
  readonly #reported = new Map<number, bigint>();
  readonly #extras = new Map<number, Map<string, number>>();

  /** Adds to a cell, with `sign` -1 takes out; false when the sums could leave what a float holds exactly, and nothing is added. */
  add(change: CubeChange, sign: 1 | -1): boolean {
    const { requests, input, cacheRead, cacheWrite, output, reasoning, reported, extra } = change;
    if (!this.#hasRoomFor(requests, input, cacheRead, cacheWrite, output, reasoning)) return false;
    const { time, skuId, rateId, tagSetId, status } = change;
    const hour = hourOf(time ?? Number.NaN);
    const cell = this.#cellOf(hour, skuId, rateId, tagSetId, CODE_OF_STATUS[status]);
    const at = cell * SUMS;
    const sums = this.#sums;
    sums[at] = (sums[at] ?? 0) + sign * requests;
    sums[at + 1] = (sums[at + 1] ?? 0) + sign * input;
    sums[at + 2] = (sums[at + 2] ?? 0) + sign * cacheRead;
    sums[at + 3] = (sums[at + 3] ?? 0) + sign * cacheWrite;
    sums[at + 4] = (sums[at + 4] ?? 0) + sign * output;
    sums[at + 5] = (sums[at + 5] ?? 0) + sign * reasoning;
    if (reported !== null) {
      sums[at + REPORTED] = (sums[at + REPORTED] ?? 0) + sign * requests;
      this.#reported.set(cell, (this.#reported.get(cell) ?? 0n) + BigInt(sign) * reported);
    }
    if (extra !== null) this.#addExtra(cell, extra, sign);
    return true;
  }

  /** The same for an event of a packed part for which isPlain holds, without making an object of it; `row` is where it stands in `places`. */
  addPacked(numbers: Float64Array, index: number, places: Places, row: number): boolean {
    const from = index * NUMBERS;
    const requests = numbers[from + NUMBER.requests] ?? 0;
    const input = numbers[from + NUMBER.input] ?? 0;
    const cacheRead = numbers[from + NUMBER.cacheRead] ?? 0;
    // NaN where there is none.
    const short = numbers[from + NUMBER.cacheWrite5m] || 0;
    const long = numbers[from + NUMBER.cacheWrite1h] || 0;
    const cacheWrite = (numbers[from + NUMBER.cacheWrite] || 0) + short + long;
    const output = numbers[from + NUMBER.output] ?? 0;
    const reasoning = numbers[from + NUMBER.reasoning] ?? 0;
    if (!this.#hasRoomFor(requests, input, cacheRead, cacheWrite, output, reasoning)) return false;
    const cell = this.#cellOf(
      hourOf(places.time[row] ?? Number.NaN),
      places.skuId[row] ?? 0,
      places.rateId[row] ?? 0,
      places.tagSetId[row] ?? 0,
      places.status[row] ?? 0,
    );
    const at = cell * SUMS;
    const sums = this.#sums;
    sums[at] = (sums[at] ?? 0) + requests;
    sums[at + 1] = (sums[at + 1] ?? 0) + input;
    sums[at + 2] = (sums[at + 2] ?? 0) + cacheRead;
    sums[at + 3] = (sums[at + 3] ?? 0) + cacheWrite;
    sums[at + 4] = (sums[at + 4] ?? 0) + output;
    sums[at + 5] = (sums[at + 5] ?? 0) + reasoning;
    if (short + long > 0) this.#addExtra(cell, extraWrites(short, long), 1);
    return true;
  }

  /** What was added to each cell. */
  *changes(): Generator<CellChange> {
    for (let cell = 0; cell < this.size; cell += 1) yield this.change(cell);
  }

  /** What was added to a cell. */
  change(cell: number): CellChange {
    const [hour = 0, sku = 0, rate = 0, tagSet = 0, status = 0] = this.#places.subarray(
      cell * PLACE,
      (cell + 1) * PLACE,
    );
    const reported = this.#reported.get(cell) ?? 0n;
    const sums = this.#sums.subarray(cell * SUMS, (cell + 1) * SUMS);
    return {
      coordinates: [hour, sku, rate, tagSet, STATUSES[status] ?? 'success'],
      sums: [...sums, reported / PICO_PER_MICRO, reported % PICO_PER_MICRO],
      extra: this.#extras.get(cell) ?? NO_EXTRA,
    };
  }

  /** Whether nothing was added to a cell but plain counts. */
  isPlain(cell: number): boolean {
    return (
      (this.#reported.size === 0 || !this.#reported.has(cell)) &&
      (this.#extras.size === 0 || !this.#extras.has(cell))
    );
  }

  /** The number of a cell's status in STATUSES. */
  statusOf(cell: number): number {
    return this.#places[cell * PLACE + PLACE - 1] ?? 0;
  }

  /** Adds the PLAIN_NUMBERS numbers of a cell to a list. */
  tell(cell: number, to: number[]): void {
    for (let at = cell * PLACE; at < (cell + 1) * PLACE - 1; at += 1)
      to.push(this.#places[at] ?? 0);
    for (let at = cell * SUMS; at < cell * SUMS + REPORTED; at += 1) to.push(this.#sums[at] ?? 0);
  }

  /** Every hour that has a cell, once, but NO_HOUR. */
  *hours(): Generator<number> {
    const told = new Set([NO_HOUR]);
    for (let cell = 0; cell < this.size; cell += 1) {
      const hour = this.#places[cell * PLACE] ?? NO_HOUR;
      if (told.has(hour)) continue;
      told.add(hour);
      yield hour;
    }
  }

  /** Begins again with nothing, in the room that was taken: garbage of this size would be kept for long. */
  clear(): void {
    this.#slots.fill(0);
    this.#sums.fill(0, 0, this.size * SUMS);
    this.size = 0;
    this.#bound = 0;
    this.#reported.clear();
    this.#extras.clear();
  }

  /** Whether no sum can leave what a float holds exactly when these are added to one cell. */
  #hasRoomFor(
    requests: number,
    input: number,
    cacheRead: number,
    cacheWrite: number,
    output: number,
    reasoning: number,
  ): boolean {
    const bound = this.#bound + Math.max(requests, input, cacheRead, cacheWrite, output, reasoning);
    if (bound > Number.MAX_SAFE_INTEGER) return false;
    this.#bound = bound;
    return true;
  }

  #addExtra(cell: number, extra: Readonly<Record<string, number>>, sign: 1 | -1): void {
    const ofCell = this.#extras.get(cell) ?? new Map<string, number>();
    this.#extras.set(cell, ofCell);
    for (const name in extra) ofCell.set(name, (ofCell.get(name) ?? 0) + sign * (extra[name] ?? 0));
  }

  /** The cell of a place, made when it is new. */
  #cellOf(hour: number, skuId: number, rateId: number, tagSetId: number, code: number): number {
    const places = this.#places;
    const last = this.#slots.length - 1;
    let slot = slotOf(hour, skuId, rateId, tagSetId, code) & last;
    for (; ; slot = (slot + 1) & last) {
      const cell = (this.#slots[slot] ?? 0) - 1;
      if (cell < 0) break;
      const at = cell * PLACE;
      if (
        places[at + 3] === tagSetId &&
        places[at] === hour &&
        places[at + 1] === skuId &&
        places[at + 2] === rateId &&
        places[at + 4] === code
      )
        return cell;
    }
    const cell = this.size;
    this.#slots[slot] = cell + 1;
    const at = cell * PLACE;
    places[at] = hour;
    places[at + 1] = skuId;
    places[at + 2] = rateId;
    places[at + 3] = tagSetId;
    places[at + 4] = code;
    this.size += 1;
    if (this.size * PLACE === places.length) this.#grow();
    return cell;
  }

  #grow(): void {
    const [places, sums] = [this.#places, this.#sums];
    this.#places = new Int32Array(places.length * 2);
    this.#places.set(places);
    this.#sums = new Float64Array(sums.length * 2);
    this.#sums.set(sums);
    this.#slots = new Int32Array(this.#slots.length * 2);
    const last = this.#slots.length - 1;
    for (let cell = 0; cell < this.size; cell += 1) {
      const [hour = 0, sku = 0, rate = 0, tagSet = 0, code = 0] = places.subarray(
        cell * PLACE,
        (cell + 1) * PLACE,
      );
      let slot = slotOf(hour, sku, rate, tagSet, code) & last;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & last;
      this.#slots[slot] = cell + 1;
    }
  }
}

const NO_EXTRA: ReadonlyMap<string, number> = new Map();

function slotOf(hour: number, sku: number, rate: number, tagSet: number, code: number): number {
  let hash = Math.imul(hour, 0x2c1b3c6d) ^ Math.imul(tagSet, 0x297a2d39);
  hash ^= Math.imul(sku, 0x165667b1) ^ Math.imul(rate, 0x27d4eb2f) ^ Math.imul(code, 0x1b873593);
  return hash ^ (hash >>> 15);
}
