/**
 * Classes of characters that the patterns of tokenizers tell apart, one bit each so that a set of them is a
 * mask. White space is Unicode's White_Space, as Rust has it: with U+0085 and without U+FEFF, unlike `\s` here.
 */
export const Character = {
  /** Past the last character. */
  end: 0,
  /** Lu and Lt. */
  upper: 1,
  /** Ll. */
  lower: 2,
  /** Lm and Lo: letters that count as either case. */
  caseless: 4,
  /** M: marks that go onto another character. */
  mark: 8,
  /** N. */
  number: 16,
  /** White space other than carriage return and line feed. */
  space: 32,
  /** Carriage return and line feed. */
  newline: 64,
  /** Everything else: punctuation, symbols, controls. */
  other: 128,
} as const;

/** Any letter. */
export const LETTER = Character.upper | Character.lower | Character.caseless;
/** Any white space. */
export const WHITE_SPACE = Character.space | Character.newline;

const CODE_POINTS = 0x110000;
/** Characters are classed by blocks when the first one of a block is met: most texts have few. */
const BLOCK = 256;

/** Numbers of characters by code point: of the first pattern that fits one, never 0, or else `rest`. */
export function characterTable(
  patterns: readonly (readonly [RegExp, number])[],
  rest: number,
): (codePoint: number) => number {
  const numbers = new Uint8Array(CODE_POINTS);
  return (codePoint) => {
    const known = numbers[codePoint] ?? rest;
    if (known !== 0) return known;
    const start = codePoint - (codePoint % BLOCK);
    for (let each = start; each < start + BLOCK; each += 1) {
      const character = String.fromCodePoint(each);
      numbers[each] = patterns.find(([pattern]) => pattern.test(character))?.[1] ?? rest;
    }
    return numbers[codePoint] ?? rest;
  };
}

/** The class of a character by its code point. */
const classOf = characterTable(
  [
    [/[\p{Lu}\p{Lt}]/u, Character.upper],
    [/\p{Ll}/u, Character.lower],
    [/[\p{Lm}\p{Lo}]/u, Character.caseless],
    [/\p{M}/u, Character.mark],
    [/\p{N}/u, Character.number],
    [/[\r\n]/, Character.newline],
    [/\p{White_Space}/u, Character.space],
  ],
  Character.other,
);

/** The class of the character that begins at a byte of valid UTF-8; `end` past the last byte. */
export function classAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at];
  if (lead === undefined) return Character.end;
  return classOf(lead < 0x80 ? lead : codePointAt(bytes, at));
}

/** The code point that begins at a byte of valid UTF-8, which is there. */
export function codePointAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return lead;
  const second = (bytes[at + 1] ?? 0) & 0x3f;
  if (lead < 0xe0) return ((lead & 0x1f) << 6) | second;
  const third = (bytes[at + 2] ?? 0) & 0x3f;
  if (lead < 0xf0) return ((lead & 0x0f) << 12) | (second << 6) | third;
  return ((lead & 0x07) << 18) | (second << 12) | (third << 6) | ((bytes[at + 3] ?? 0) & 0x3f);
}

/** Where the character ends that begins at a byte of valid UTF-8. */
export function characterEnd(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  return at + (lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4);
}

/** Where a run of characters of some classes ends; `at` when there is none. */
export function runEnd(bytes: Uint8Array, at: number, mask: number): number {
  let end = at;
  while ((classAt(bytes, end) & mask) !== 0) end = characterEnd(bytes, end);
  return end;
}
