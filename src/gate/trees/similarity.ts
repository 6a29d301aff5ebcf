/**
 * Bytes of a file by what they say: how many bytes stand in chunks of each content. A chunk is a line, or 64 bytes
 * of a longer one; CR before LF does not count. This is how git measures likeness for renames
 * (https://git-scm.com/docs/git-diff, `-M`; diffcore-delta of git 2.39, read 2026-11-22).
 */
export interface Chunks {
  readonly bytes: number;
  readonly counts: ReadonlyMap<string, number>;
}

const LF = 10;
const CR = 13;
const LONGEST_CHUNK = 64;

/** Takes a file apart. */
export function chunksOf(bytes: Uint8Array): Chunks {
  const counts = new Map<string, number>();
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < text.length;) {
    const feed = text.subarray(at, at + LONGEST_CHUNK).indexOf(LF);
    const end = feed === -1 ? Math.min(at + LONGEST_CHUNK, text.length) : at + feed + 1;
    const crlf = feed > 0 && text[end - 2] === CR;
    const chunk = crlf
      ? `${text.toString('latin1', at, end - 2)}\n`
      : text.toString('latin1', at, end);
    counts.set(chunk, (counts.get(chunk) ?? 0) + chunk.length);
    at = end;
  }
  return { bytes: text.length, counts };
}

/** The share of the larger file that stands in the other as well, from 0 to 1; the same in both directions. */
export function similarity(one: Chunks, other: Chunks): number {
  const larger = Math.max(one.bytes, other.bytes);
  if (larger === 0) return 1;
  const [few, many] = one.counts.size < other.counts.size ? [one, other] : [other, one];
  let shared = 0;
  for (const [chunk, count] of few.counts) shared += Math.min(count, many.counts.get(chunk) ?? 0);
  return shared / larger;
}
