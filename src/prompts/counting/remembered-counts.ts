import { hash } from './vocabulary.ts';

/** Counts the tokens of a piece: of the bytes from `start` to before `end`. */
export type CountPiece = (bytes: Uint8Array, start: number, end: number) => number;

/** Longer pieces are not remembered: they seldom come twice. */
const MOST_BYTES = 48;
const SLOTS = 2 ** 14;

/**
 * Remembers what a function counted, since words come again. Takes 0.9 MB at most: a piece takes the place of
 * the one before it that has the same hash, and its bytes are copied, so that no text is kept alive.
 */
export function rememberedCounts(count: CountPiece): CountPiece {
  const kept = new Uint8Array(SLOTS * MOST_BYTES);
  const lengths = new Uint8Array(SLOTS);
  const counts = new Uint8Array(SLOTS);
  return (bytes, start, end) => {
    const length = end - start;
    if (length > MOST_BYTES) return count(bytes, start, end);
    const slot = hash(bytes, start, end) % SLOTS;
    const first = slot * MOST_BYTES;
    if (lengths[slot] === length) {
      let same = 0;
      while (same < length && kept[first + same] === bytes[start + same]) same += 1;
      if (same === length) return counts[slot] ?? 0;
    }
    const found = count(bytes, start, end);
    for (let at = 0; at < length; at += 1) kept[first + at] = bytes[start + at] ?? 0;
    lengths[slot] = length;
    counts[slot] = found;
    return found;
  };
}
