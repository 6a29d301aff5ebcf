import type { Encoding } from './encodings.ts';

/** Texts that follow each other in one text. */
export interface JoinedTexts {
  readonly bytes: Uint8Array;
  /** Where each text ends in the bytes; a character that two texts share belongs to the first. */
  readonly ends: readonly number[];
}

/** Joins texts as they are sent, halves of a surrogate pair too. */
export function joinTexts(texts: readonly string[]): JoinedTexts {
  const joined = texts.join('');
  const ends: number[] = [];
  let [at, from, filled] = [0, 0, 0];
  for (const text of texts) {
    at += text.length;
    const splitsPair = isHigh(joined.charCodeAt(at - 1)) && isLow(joined.charCodeAt(at));
    const to = Math.max(from, splitsPair ? at + 1 : at);
    filled += Buffer.byteLength(joined.slice(from, to));
    ends.push(filled);
    from = to;
  }
  return { bytes: new TextEncoder().encode(joined), ends };
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/**
 * Hands out each piece of joined texts, and how many of its tokens begin in which text: `give` is called for every
 * text that has some, after `take` for the piece.
 */
export function eachSharedPiece(
  encoding: Encoding,
  { bytes, ends }: JoinedTexts,
  take: (tokens: number, start: number, end: number) => void,
  give: (text: number, tokens: number) => void,
): void {
  let text = 0;
  encoding.eachPiece(bytes, (tokens, start, end) => {
    take(tokens, start, end);
    while (start >= (ends[text] ?? Infinity)) text += 1;
    if (end <= (ends[text] ?? Infinity)) return give(text, tokens);
    for (const begin of encoding.tokenStarts(bytes, start, end)) {
      while (begin >= (ends[text] ?? Infinity)) text += 1;
      give(text, 1);
    }
  });
}
