import {
  Character,
  characterEnd,
  classAt,
  LETTER,
  runEnd,
  WHITE_SPACE,
} from './character-class.ts';

/**
 * Where the piece ends that begins at a byte of valid UTF-8: always past it. A piece is what one match of a
 * tokenizer's pattern takes; tokens never reach over its ends. Written out by hand because a regular
 * expression gives up on runs of four million letters, and to class characters as Rust does.
 */
export type PieceEnd = (bytes: Uint8Array, at: number) => number;

const BLANK = 0x20;
const SLASH = 0x2f;
const APOSTROPHE = 0x27;
/** What tells small letters of ASCII from capitals. */
const LOWER_CASE_BIT = 0x20;

const SYMBOL = Character.mark | Character.other;
/** What may go before a word in one piece. */
const PREFIX = SYMBOL | Character.space;
/** Classes of o200k that may begin a word, and that may end it; some are both. */
const WORD_HEAD = Character.upper | Character.caseless | Character.mark;
const WORD_TAIL = Character.lower | Character.caseless | Character.mark;
const EITHER = WORD_HEAD & WORD_TAIL;

/**
 * The pattern of o200k_base and o200k_harmony
 * (https://github.com/openai/tiktoken/blob/main/tiktoken_ext/openai_public.py, as in js-tiktoken 1.0.21).
 */
export function o200kPieceEnd(bytes: Uint8Array, at: number): number {
  const first = classAt(bytes, at);
  if ((first & LETTER) !== 0) return contractionEnd(bytes, wordEnd(bytes, at));
  if ((first & PREFIX) !== 0) {
    const start = characterEnd(bytes, at);
    const lowered = loweredEnd(bytes, start);
    if (lowered > start) return contractionEnd(bytes, lowered);
    // A mark is a word by itself, which comes before a word in capitals that has it as prefix.
    if (first === Character.mark) return contractionEnd(bytes, start);
    const capitals = runEnd(bytes, start, Character.upper);
    if (capitals > start) return contractionEnd(bytes, capitals);
  }
  if (first === Character.number) return digitsEnd(bytes, at);
  const symbols = symbolsEnd(bytes, at);
  if (symbols > at) {
    let end = symbols;
    while (classAt(bytes, end) === Character.newline || bytes[end] === SLASH) end += 1;
    return end;
  }
  return whiteSpaceEnd(bytes, at, true);
}

/** The pattern of cl100k_base, from the same place. */
export function cl100kPieceEnd(bytes: Uint8Array, at: number): number {
  const contracted = contractionEnd(bytes, at);
  if (contracted > at) return contracted;
  const first = classAt(bytes, at);
  if ((first & LETTER) !== 0) return runEnd(bytes, at, LETTER);
  if ((first & PREFIX) !== 0) {
    const start = characterEnd(bytes, at);
    const end = runEnd(bytes, start, LETTER);
    if (end > start) return end;
  }
  if (first === Character.number) return digitsEnd(bytes, at);
  const symbols = symbolsEnd(bytes, at);
  if (symbols > at) return runEnd(bytes, symbols, Character.newline);
  return whiteSpaceEnd(bytes, at, true);
}

/** The pattern of GPT-2, which r50k_base, p50k_base and p50k_edit share. */
export function gpt2PieceEnd(bytes: Uint8Array, at: number): number {
  const contracted = contractionEnd(bytes, at, true);
  if (contracted > at) return contracted;
  const start = bytes[at] === BLANK ? at + 1 : at;
  for (const mask of [LETTER, Character.number, SYMBOL]) {
    const end = runEnd(bytes, start, mask);
    if (end > start) return end;
  }
  return whiteSpaceEnd(bytes, at, false);
}

/** A word that needs a character which can end it: `Word`, `word`, all of `WORD` that comes before a mark. */
function loweredEnd(bytes: Uint8Array, at: number): number {
  let end = at;
  let lastEither = at;
  for (let found = classAt(bytes, end); (found & WORD_HEAD) !== 0; found = classAt(bytes, end)) {
    end = characterEnd(bytes, end);
    if ((found & EITHER) !== 0) lastEither = end;
  }
  return classAt(bytes, end) === Character.lower ? runEnd(bytes, end, WORD_TAIL) : lastEither;
}

function wordEnd(bytes: Uint8Array, at: number): number {
  const lowered = loweredEnd(bytes, at);
  return lowered > at ? lowered : runEnd(bytes, at, Character.upper);
}

/** At most three. */
function digitsEnd(bytes: Uint8Array, at: number): number {
  let end = at;
  for (let count = 0; count < 3 && classAt(bytes, end) === Character.number; count += 1)
    end = characterEnd(bytes, end);
  return end;
}

/** Symbols with the blank before them; `at` when there is no symbol. */
function symbolsEnd(bytes: Uint8Array, at: number): number {
  const start = bytes[at] === BLANK ? at + 1 : at;
  const end = runEnd(bytes, start, SYMBOL);
  return end > start ? end : at;
}

/**
 * White space up to its last line break, where `breaks` says that breaks end a piece and there is one. Else
 * all of it at the end of the text, and all but the last character, which goes with the next word, before more.
 */
function whiteSpaceEnd(bytes: Uint8Array, at: number, breaks: boolean): number {
  let [end, last, afterBreak] = [at, at, at];
  for (let found = classAt(bytes, end); (found & WHITE_SPACE) !== 0; found = classAt(bytes, end)) {
    last = end;
    end = characterEnd(bytes, end);
    if (found === Character.newline) afterBreak = end;
  }
  if (breaks && afterBreak > at) return afterBreak;
  return end === bytes.length || last === at ? end : last;
}

/** After `'s`, `'t`, `'m`, `'d`, `'re`, `'ve` and `'ll`, in any case or in lower case only; `at` without one. */
function contractionEnd(bytes: Uint8Array, at: number, lowerOnly = false): number {
  if (bytes[at] !== APOSTROPHE) return at;
  const bit = lowerOnly ? 0 : LOWER_CASE_BIT;
  const first = (bytes[at + 1] ?? 0) | bit;
  switch (first) {
    case 0x73: // s
    case 0x74: // t
    case 0x6d: // m
    case 0x64: // d
      return at + 2;
    case 0x72: // r
    case 0x76: // v
      return ((bytes[at + 2] ?? 0) | bit) === 0x65 ? at + 3 : at;
    case 0x6c: // l
      return ((bytes[at + 2] ?? 0) | bit) === 0x6c ? at + 3 : at;
    default:
      return at;
  }
}
