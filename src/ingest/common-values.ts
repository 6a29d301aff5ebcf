/** Values of a line as their places in its bytes, with the number of their key; in the order of the line. */
export class ValueList {
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

/** More values than a line that is learned can have. */
const MOST = 256;
/** Most lists, and most bytes of them, that are known before all are forgotten. */
const [MOST_LISTS, MOST_BYTES] = [50_000, 1 << 23];
/** Bytes that a key's number and a length take in `#bytes`. */
const HEAD = 4;
/** Lists of more bytes are not remembered; the length of a value has to go into two. */
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

  /** What the values of a line stand for; -1 when that is not known. */
  find(line: Uint8Array, values: ValueList): number {
    const hash = hashOf(line, values);
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const list = (this.#slots[slot] ?? 0) - 1;
      if (list < 0) return -1;
      if (this.#hashes[list] === hash && this.#isList(list, line, values))
        return this.#numbers[list] ?? -1;
    }
  }

  /** Remembers what values stand for that find does not know. */
  learn(line: Uint8Array, values: ValueList, number: number): void {
    const length = lengthOf(values);
    if (length > LONGEST) return;
    const end = this.#starts[this.#count] ?? 0;
    if (this.#count >= MOST_LISTS || end + length > MOST_BYTES) this.#forget();
    if (this.#count + 2 > this.#hashes.length) this.#grow();
    const list = this.#count++;
    const hash = hashOf(line, values);
    this.#hashes[list] = hash;
    this.#numbers[list] = number;
    const start = this.#starts[list] ?? 0;
    this.#starts[list + 1] = start + length;
    this.#copy(start, line, values);
    this.#place(list, hash);
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

  #isList(list: number, line: Uint8Array, values: ValueList): boolean {
    const bytes = this.#bytes;
    let here = this.#starts[list] ?? 0;
    const end = this.#starts[list + 1] ?? 0;
    for (let value = 0; value < values.count; value += 1) {
      const key = values.keys[value] ?? 0;
      const from = values.from[value] ?? 0;
      const length = (values.to[value] ?? 0) - from;
      if (here === end || bytes[here] !== (key & 255) || bytes[here + 1] !== key >> 8) return false;
      if (bytes[here + 2] !== (length & 255) || bytes[here + 3] !== length >> 8) return false;
      here += HEAD;
      for (let at = 0; at < length; at += 1) if (bytes[here + at] !== line[from + at]) return false;
      here += length;
    }
    return here === end;
  }

  #copy(start: number, line: Uint8Array, values: ValueList): void {
    while (start + LONGEST > this.#bytes.length) this.#bytes = twice(this.#bytes, Uint8Array);
    let here = start;
    for (let value = 0; value < values.count; value += 1) {
      const [key, from, to] = [
        values.keys[value] ?? 0,
        values.from[value] ?? 0,
        values.to[value] ?? 0,
      ];
      this.#bytes.set([key & 255, key >> 8, (to - from) & 255, (to - from) >> 8], here);
      this.#bytes.set(line.subarray(from, to), here + HEAD);
      here += HEAD + to - from;
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
function hashOf(line: Uint8Array, values: ValueList): number {
  let hash = 0x811c9dc5;
  for (let value = 0; value < values.count; value += 1) {
    hash = Math.imul(hash ^ (values.keys[value] ?? 0), 0x01000193);
    const to = values.to[value] ?? 0;
    for (let at = values.from[value] ?? 0; at < to; at += 1)
      hash = Math.imul(hash ^ (line[at] ?? 0), 0x01000193);
  }
  // The lowest bits choose the slot: the highest go with them.
  return hash ^ (hash >>> 15);
}
