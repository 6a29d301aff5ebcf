import { sameBytes, viewOf } from './same-bytes.ts';

/** Values of a line as their places in its bytes, with the number of their key; in the order of the line. */
export class ValueList {
  /** The bytes, none of which is zero within a value. */
  line = NO_BYTES;
  count = 0;
  readonly keys = new Int32Array(MOST);
  readonly from = new Int32Array(MOST);
  readonly to = new Int32Array(MOST);

  add(key: number, from: number, to: number): void {
    this.keys[this.count] = key;
    this.from[this.count] = from;
    this.to[this.count] = to;
    this.count += 1;
  }
}

const NO_BYTES = viewOf(new Uint8Array());
/** More values than a line that is learned can have. */
const MOST = 256;
/** Most lists, and most bytes of them, that are known before all are forgotten. */
const [MOST_LISTS, MOST_BYTES] = [50_000, 1 << 23];
/** Bytes that a key's number and a length take in `#bytes`, four each. */
const HEAD = 8;
/** Lists of more bytes are not remembered. */
const LONGEST = 4_096;

/** What lists of values stand for, found by their bytes: a hash table without an object for each list. */
export class CommonValues {
  #slots = new Int32Array(1 << 10);
  #count = 0;
  #hashes = new Int32Array(1 << 9);
  #starts = new Int32Array(1 << 9);
  #numbers = new Int32Array(1 << 9);
  /** The lists as keys, lengths and bytes; of list n from `#starts[n]` to `#starts[n + 1]`. */
  #bytes = new Uint8Array(1 << 14);
  #view = viewOf(this.#bytes);

  /** What the values of a line stand for; -1 when that is not known. */
  find(values: ValueList): number {
    const hash = hashOf(values);
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const list = (this.#slots[slot] ?? 0) - 1;
      if (list < 0) return -1;
      if (this.#hashes[list] === hash && this.#isList(list, values))
        return this.#numbers[list] ?? -1;
    }
  }

  /** Remembers what values stand for that find does not know; whether they are not too long for it. */
  learn(values: ValueList, number: number): boolean {
    const length = lengthOf(values);
    if (length > LONGEST) return false;
    const end = this.#starts[this.#count] ?? 0;
    if (this.#count >= MOST_LISTS || end + length > MOST_BYTES) this.#forget();
    if (this.#count + 2 > this.#hashes.length) this.#grow();
    const list = this.#count++;
    const hash = hashOf(values);
    this.#hashes[list] = hash;
    this.#numbers[list] = number;
    const start = this.#starts[list] ?? 0;
    this.#starts[list + 1] = start + length;
    this.#copy(start, values);
    this.#place(list, hash);
    return true;
  }

  #forget(): void {
    this.#slots.fill(0);
    this.#count = 0;
  }

  #place(list: number, hash: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = list + 1;
  }

  #isList(list: number, { line, count, keys, from, to }: ValueList): boolean {
    const view = this.#view;
    let here = this.#starts[list] ?? 0;
    const end = this.#starts[list + 1] ?? 0;
    for (let value = 0; value < count; value += 1) {
      const start = from[value] ?? 0;
      const length = (to[value] ?? 0) - start;
      if (here === end || view.getInt32(here) !== keys[value]) return false;
      if (view.getInt32(here + 4) !== length) return false;
      here += HEAD;
      if (!sameBytes(line, start, view, here, length)) return false;
      here += length;
    }
    return here === end;
  }

  #copy(start: number, { line, count, keys, from, to }: ValueList): void {
    if (start + LONGEST > this.#bytes.length) {
      this.#bytes = twice(this.#bytes, Uint8Array);
      this.#view = viewOf(this.#bytes);
    }
    let here = start;
    for (let value = 0; value < count; value += 1) {
      const end = to[value] ?? 0;
      let at = from[value] ?? 0;
      this.#view.setInt32(here, keys[value] ?? 0);
      this.#view.setInt32(here + 4, end - at);
      here += HEAD;
      while (at < end) this.#bytes[here++] = line.getUint8(at++);
    }
  }

  #grow(): void {
    this.#hashes = twice(this.#hashes, Int32Array);
    this.#starts = twice(this.#starts, Int32Array);
    this.#numbers = twice(this.#numbers, Int32Array);
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let list = 0; list < this.#count; list += 1) this.#place(list, this.#hashes[list] ?? 0);
  }
}

/** Bytes that a list takes. */
function lengthOf(values: ValueList): number {
  let length = 0;
  for (let value = 0; value < values.count; value += 1)
    length += HEAD + (values.to[value] ?? 0) - (values.from[value] ?? 0);
  return length;
}

function twice<Numbers extends Int32Array | Uint8Array>(
  from: Numbers,
  Kind: new (length: number) => Numbers,
): Numbers {
  const larger = new Kind(from.length * 2);
  larger.set(from);
  return larger;
}

/** FNV-1a over keys and bytes, spread over the low bits, which choose the slot. */
function hashOf({ line, count, keys, from, to }: ValueList): number {
  let hash = 0x811c9dc5;
  for (let value = 0; value < count; value += 1) {
    hash = Math.imul(hash ^ (keys[value] ?? 0), 0x01000193);
    const end = to[value] ?? 0;
    for (let at = from[value] ?? 0; at < end; at += 1)
      hash = Math.imul(hash ^ line.getUint8(at), 0x01000193);
  }
  // The lowest bits choose the slot: the highest go with them.
  return hash ^ (hash >>> 15);
}
