import type { PieceClass } from '../../domain/counting-rules.ts';
import {
  Character,
  characterEnd,
  characterTable,
  classAt,
  codePointAt,
  LETTER,
  WHITE_SPACE,
} from './character-class.ts';

/** Scripts with a class of their own; of several in one piece, the first here decides, as in the fit of the weights. */
const SCRIPTS: readonly (readonly [PieceClass, RegExp])[] = [
  ['han', /\p{Script=Han}/u],
  ['kana', /[\p{Script=Hiragana}\p{Script=Katakana}ー]/u],
  ['hangul', /\p{Script=Hangul}/u],
  ['cyrillic', /\p{Script=Cyrillic}/u],
  ['arabic', /\p{Script=Arabic}/u],
  ['hebrew', /\p{Script=Hebrew}/u],
  ['greek', /\p{Script=Greek}/u],
  ['devanagari', /\p{Script=Devanagari}/u],
];
const LATIN = SCRIPTS.length + 1;
const NO_SCRIPT = LATIN + 1;
const scriptOf = characterTable(
  [
    ...SCRIPTS.map(([, pattern], index) => [pattern, index + 1] as const),
    [/\p{Script=Latin}/u, LATIN],
  ],
  NO_SCRIPT,
);

const APOSTROPHE = 0x27;
const BLANK = 0x20;

/** What a look through a piece finds. */
interface Look {
  /** Classes of all its characters together. */
  readonly classes: number;
  /** The smallest number of scriptOf among them. */
  readonly script: number;
  /** Of the letters before a contraction such as `'ll`: the classes of the first and of the others together. */
  readonly first: number;
  readonly others: number;
  readonly beyondAscii: boolean;
}

/** The class of a piece, which stands in valid UTF-8 from `start` to before `end`. */
export function pieceClass(bytes: Uint8Array, start: number, end: number): PieceClass {
  const { classes, script, first, others, beyondAscii } = lookThrough(bytes, start, end);
  if ((classes & ~WHITE_SPACE) === 0)
    return (classes & Character.newline) !== 0 ? 'newlines' : 'blanks';
  const hasLetter = (classes & LETTER) !== 0;
  if (!hasLetter && (classes & Character.number) !== 0) return 'digits';
  const [named] = SCRIPTS[script - 1] ?? [];
  if (named !== undefined) return named;
  if (!hasLetter) return 'punctuation';
  if (script !== LATIN) return 'other';
  if (beyondAscii) return 'accented';
  const cases = first | others;
  if (cases === Character.lower) return bytes[start] === BLANK ? 'spaced_lower' : 'lower';
  if (cases === Character.upper) return 'upper';
  return first === Character.upper && others === Character.lower ? 'capitalized' : 'mixed';
}

function lookThrough(bytes: Uint8Array, start: number, end: number): Look {
  let [classes, script, first, others] = [0, NO_SCRIPT, 0, 0];
  let [beyondAscii, contracted] = [false, false];
  for (let at = start; at < end; at = characterEnd(bytes, at)) {
    const found = classAt(bytes, at);
    classes |= found;
    script = Math.min(script, scriptOf(codePointAt(bytes, at)));
    if (bytes[at] === APOSTROPHE && at > start) contracted = true;
    if ((found & LETTER) === 0 || contracted) continue;
    if (first === 0) first = found;
    else others |= found;
    if ((bytes[at] ?? 0) >= 0x80) beyondAscii = true;
  }
  return { classes, script, first, others, beyondAscii };
}

/** UTF-16 code units of a piece: a character of four bytes is two. */
export function codeUnits(bytes: Uint8Array, start: number, end: number): number {
  let units = 0;
  for (let at = start; at < end; at = characterEnd(bytes, at))
    units += (bytes[at] ?? 0) >= 0xf0 ? 2 : 1;
  return units;
}
