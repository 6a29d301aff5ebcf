const EIGHT = 8;

/** Bytes as sameBytes reads them. */
export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Whether `length` bytes from `at` on are those of `known` from `from` on, none of which is zero. All have to be there.
 * They are compared eight at a time, as floats, since JavaScript reads no other eight bytes without making an object:
 * without zeros, floats are equal only where their bytes are. Some equal bytes are no number and count as different.
 */
export function sameBytes(
  bytes: DataView,
  at: number,
  known: DataView,
  from: number,
  length: number,
): boolean {
  if (length < EIGHT) return sameFew(bytes, at, known, from, length);
  const last = length - EIGHT;
  for (let here = 0; here < last; here += EIGHT)
    if (bytes.getFloat64(at + here, true) !== known.getFloat64(from + here, true)) return false;
  // The last eight were compared in part already.
  return bytes.getFloat64(at + last, true) === known.getFloat64(from + last, true);
}

function sameFew(
  bytes: DataView,
  at: number,
  known: DataView,
  from: number,
  length: number,
): boolean {
  for (let here = 0; here < length; here += 1)
    if (bytes.getUint8(at + here) !== known.getUint8(from + here)) return false;
  return true;
}

/** Bytes that are kept one behind the other, to be found again by sameBytes. */
export class KeptBytes {
  view = viewOf(new Uint8Array(1 << 12));
  #length = 0;

  /** Keeps a copy; where it stands. */
  add(bytes: Uint8Array): number {
    const start = this.#length;
    this.#length += bytes.length;
    while (this.#length > this.view.byteLength) {
      const larger = new Uint8Array(this.view.byteLength * 2);
      larger.set(new Uint8Array(this.view.buffer));
      this.view = viewOf(larger);
    }
    new Uint8Array(this.view.buffer).set(bytes, start);
    return start;
  }
}
