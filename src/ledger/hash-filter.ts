/** Bits a hash when a filter is made, so that two of a hundred new hashes are taken for seen in vain, and when it is full. */
const [BITS_AT_FIRST, BITS_AT_LAST] = [16, 8];
/** Bytes of a filter: at least, and at most; of ten million hashes the largest takes one in fifteen for seen. */
const [FEWEST_BYTES, MOST_BYTES] = [1 << 12, 1 << 23];

/** Hashes that were seen, as two bits each: says of most others that they were not. */
export class HashFilter {
  /** A power of two of them. */
  readonly bytes: Uint8Array;
  readonly #last: number;

  private constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#last = bytes.length * 8 - 1;
  }

  /** A filter without hashes, and with room for at least so many. */
  static for(count: number): HashFilter {
    let bytes = FEWEST_BYTES;
    while (bytes < MOST_BYTES && bytes * 8 < count * BITS_AT_FIRST) bytes *= 2;
    return new HashFilter(new Uint8Array(bytes));
  }

  /** The filter that has these bytes. */
  static of({ buffer, byteOffset, length }: Uint8Array): HashFilter {
    return new HashFilter(new Uint8Array(buffer, byteOffset, length));
  }

  /** Whether it still tells many hashes apart when it has so many. */
  hasRoomFor(count: number): boolean {
    const { length } = this.bytes;
    return length >= MOST_BYTES || length * 8 >= count * BITS_AT_LAST;
  }

  add(hash: number): void {
    this.#set(hash);
    this.#set(scattered(hash));
  }

  mayHave(hash: number): boolean {
    return this.#has(hash) && this.#has(scattered(hash));
  }

  #set(hash: number): void {
    const bit = hash & this.#last;
    this.bytes[bit >> 3] = (this.bytes[bit >> 3] ?? 0) | (1 << (bit & 7));
  }

  #has(hash: number): boolean {
    const bit = hash & this.#last;
    return ((this.bytes[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  }
}

/** Another hash that depends on all bits of the first. */
const scattered = (hash: number): number => {
  const product = Math.imul(hash, 0x9e3779b1);
  return product ^ (product >>> 15);
};
