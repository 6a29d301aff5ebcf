/** No token has these bytes. Larger than every rank, so that it loses every comparison. */
export const NO_RANK = 0x7fffffff;

/** The tokens of an encoding by their bytes. */
export interface Vocabulary {
  /** The rank of the token that has the bytes from `start` to before `end`; NO_RANK for none. */
  readonly rankOf: (bytes: Uint8Array, start: number, end: number) => number;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const NO_SEXTET = 64;
/** The six bits that a letter of base64 stands for, by its code. */
const SEXTETS = new Uint8Array(128).fill(NO_SEXTET);
for (let bits = 0; bits < ALPHABET.length; bits += 1) SEXTETS[ALPHABET.charCodeAt(bits)] = bits;

interface Tokens {
  /** The bytes of all tokens, one after the other in the order of their ranks. */
  readonly bytes: Uint8Array;
  /** Where each rank begins; the next one is its end. A rank without a token is empty. */
  readonly starts: Int32Array;
}

/**
 * Reads ranks as js-tiktoken keeps them: lines of `! FIRST_RANK TOKEN TOKEN ...`, each token in base64. Kept as
 * bytes in a table of our own because strings for 200,000 tokens take four times as long to make and to find.
 */
export function readVocabulary(ranks: string): Vocabulary {
  const tokens = readTokens(ranks);
  const { bytes: known, starts } = tokens;
  const slots = slotsOf(tokens);
  const mask = slots.length - 1;
  const rankOf = (bytes: Uint8Array, start: number, end: number): number => {
    for (let slot = hash(bytes, start, end) & mask; ; slot = (slot + 1) & mask) {
      const rank = (slots[slot] ?? 0) - 1;
      if (rank < 0) return NO_RANK;
      const from = starts[rank] ?? 0;
      if ((starts[rank + 1] ?? 0) - from !== end - start) continue;
      let at = start;
      while (at < end && bytes[at] === known[from + at - start]) at += 1;
      if (at === end) return rank;
    }
  };
  return { rankOf };
}

function readTokens(ranks: string): Tokens {
  // Four characters of base64 are three bytes, and no token is shorter than one character and a blank.
  const bytes = new Uint8Array(Math.ceil((ranks.length * 3) / 4));
  const starts: number[] = [];
  let filled = 0;
  for (const line of ranks.split('\n')) {
    const words = line.split(' ');
    const first = Number(words[1]);
    while (starts.length < first) starts.push(filled);
    for (let index = 2; index < words.length; index += 1) {
      starts.push(filled);
      filled = decodeInto(bytes, filled, words[index] ?? '');
    }
  }
  return { bytes: bytes.slice(0, filled), starts: Int32Array.from([...starts, filled]) };
}

/** Appends the bytes of a text of base64 and says where they end. */
function decodeInto(bytes: Uint8Array, filled: number, text: string): number {
  let [bits, count, end] = [0, 0, filled];
  for (let at = 0; at < text.length; at += 1) {
    const sextet = SEXTETS[text.charCodeAt(at)] ?? NO_SEXTET;
    if (sextet === NO_SEXTET) break;
    bits = (bits << 6) | sextet;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[end] = (bits >> count) & 0xff;
    end += 1;
  }
  return end;
}

/** A table of ranks plus one by the hash of their bytes, half empty; 0 is an empty slot. */
function slotsOf({ bytes, starts }: Tokens): Int32Array {
  const size = 2 ** Math.ceil(Math.log2(starts.length * 2));
  const slots = new Int32Array(size);
  for (let rank = 0; rank + 1 < starts.length; rank += 1) {
    const [start, end] = [starts[rank] ?? 0, starts[rank + 1] ?? 0];
    if (start === end) continue;
    let slot = hash(bytes, start, end) & (size - 1);
    while (slots[slot] !== 0) slot = (slot + 1) & (size - 1);
    slots[slot] = rank + 1;
  }
  return slots;
}

/** FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), with its upper bits folded onto the lower. */
export function hash(bytes: Uint8Array, start: number, end: number): number {
  let found = 0x811c9dc5;
  for (let at = start; at < end; at += 1) found = Math.imul(found ^ (bytes[at] ?? 0), 0x01000193);
  return (found ^ (found >>> 15)) >>> 0;
}
