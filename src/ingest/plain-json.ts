// Values of JSON as bytes, for lines that are not parsed. What is not told here by -1 or NaN is left to JSON.parse.
import { isDate } from '../domain/utc-time.ts';
import { viewOf } from './same-bytes.ts';

export const [QUOTE, OPEN, CLOSE, COMMA, COLON] = [34, 123, 125, 44, 58] as const;
const [BACKSLASH, OPEN_LIST, CLOSE_LIST] = [92, 91, 93];
const [ZERO, NINE, MINUS, PLUS, POINT, LETTER_U] = [48, 57, 45, 43, 46, 117];

const bytesWhere = (holds: (byte: number) => boolean): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, byte) => (holds(byte) ? 1 : 0));

/** Bytes that stand for themselves in a text: no quote, backslash or control character. */
const UNESCAPED = bytesWhere((byte) => byte >= 32 && byte !== QUOTE && byte !== BACKSLASH);
/** Those of them that are ASCII. */
const ASCII = bytesWhere((byte) => UNESCAPED[byte] === 1 && byte < 127);
const BLANK = bytesWhere((byte) => byte === 32 || byte === 9 || byte === 10 || byte === 13);
const HEX = bytesWhere((byte) => /[0-9A-Fa-f]/.test(String.fromCharCode(byte)));
const ESCAPES = bytesWhere((byte) => '"\\/bfnrt'.includes(String.fromCharCode(byte)));
/** What numbers, `true`, `false` and `null` are made of. */
const ATOM = bytesWhere((byte) => /[\w.+-]/.test(String.fromCharCode(byte)));

const isDigit = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= ZERO && byte <= NINE;

/** A byte four times. */
const four = (byte: number): number => byte * 0x01010101;
const [ONES, BLANKS, QUOTES, BACKSLASHES] = [four(1), four(32), four(QUOTE), four(BACKSLASH)];
/** The highest bit of each of four bytes. */
const HIGHEST = 0x80808080;

/** The bytes that were read last, to be read four at a time. */
let lastBytes: Buffer = Buffer.alloc(0);
let lastView = viewOf(lastBytes);

function lastViewOf(bytes: Buffer): DataView {
  if (bytes !== lastBytes) {
    lastBytes = bytes;
    lastView = viewOf(bytes);
  }
  return lastView;
}

/** The end of the bytes from `at` on that stand for themselves in a text. */
export function unescapedEnd(bytes: Buffer, at: number): number {
  const view = lastViewOf(bytes);
  const last = view.byteLength - 4;
  let end = at;
  for (; end <= last; end += 4) {
    const bits = view.getInt32(end, true);
    // Subtracting sets the highest bit of a byte that is less than what is subtracted, where it was not set before.
    const less = ((bits ^ QUOTES) - ONES) | ((bits ^ BACKSLASHES) - ONES) | (bits - BLANKS);
    const found = less & ~bits & HIGHEST;
    // Bytes behind the first that is found may be found by what they had to lend.
    if (found !== 0) return end + ((31 - Math.clz32(found & -found)) >> 3);
  }
  while (UNESCAPED[bytes[end] ?? 0] === 1) end += 1;
  return end;
}

/** As unescapedEnd, for ASCII alone. */
export function asciiEnd(bytes: Buffer, at: number): number {
  let end = at;
  while (ASCII[bytes[end] ?? 0] === 1) end += 1;
  return end;
}

/** The end of a number, `true`, `false` or `null` that begins at `at`, or of what looks like one. */
export function atomEnd(bytes: Buffer, at: number): number {
  let end = at;
  while (ATOM[bytes[end] ?? 0] === 1) end += 1;
  return end;
}

/** The first byte from `at` on that is no blank. */
export function blanksEnd(bytes: Buffer, at: number): number {
  let end = at;
  while (BLANK[bytes[end] ?? 0] === 1) end += 1;
  return end;
}

/** The end of the digits from `at` on. */
function digitsEnd(bytes: Buffer, at: number): number {
  let end = at;
  while (isDigit(bytes[end])) end += 1;
  return end;
}

/** Digits that are certainly a safe integer. */
const MOST_DIGITS = 15;

/**
 * Puts a whole number that JSON writes with digits alone in its place among numbers. Its end; -1 where it is none, or
 * has too many digits to tell.
 */
export function putWholeNumber(
  bytes: Buffer,
  at: number,
  numbers: Float64Array,
  place: number,
): number {
  let number = 0;
  let end = at;
  for (;;) {
    const digit = (bytes[end] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    number = number * 10 + digit;
    end += 1;
  }
  if (end === at || end - at > MOST_DIGITS || (bytes[at] === ZERO && end > at + 1)) return -1;
  numbers[place] = number;
  return end;
}

/** Too large for any part of a time that twoDigits is asked for. */
const NO_DIGITS = 10_000;

function twoDigits(bytes: Buffer, at: number): number {
  const tens = (bytes[at] ?? 0) - ZERO;
  const ones = (bytes[at + 1] ?? 0) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NO_DIGITS;
}

const [DASH, LETTER_T, LETTER_Z] = [45, 84, 90];
const [WITH_MILLISECONDS, WITHOUT] = [24, 20];

/** Bytes of a day written 2026-11-01. */
const DAY = 10;
// Logs go by days: the last one is remembered, as it was written and as its first millisecond.
const lastDay = new Uint8Array(DAY);
let lastDayStart = Number.NaN;

/** The first millisecond of a day written 2026-11-01; NaN when it is none. */
function dayStart(bytes: Buffer, at: number): number {
  for (let digit = DAY - 1; bytes[at + digit] === lastDay[digit]; digit -= 1)
    if (digit === 0) return lastDayStart;
  if (bytes[at + 4] !== DASH || bytes[at + 7] !== DASH) return Number.NaN;
  const year = twoDigits(bytes, at) * 100 + twoDigits(bytes, at + 2);
  const month = twoDigits(bytes, at + 5);
  const day = twoDigits(bytes, at + 8);
  // A year below 100 is another one to Date.UTC.
  if (year < 1000 || year > 9999 || !isDate(year, month, day)) return Number.NaN;
  lastDay.set(bytes.subarray(at, at + DAY));
  lastDayStart = Date.UTC(year, month - 1, day);
  return lastDayStart;
}

/** Where a time that begins at `at` ends, if it is written as usualTime reads it. */
export const usualTimeEnd = (bytes: Buffer, at: number): number =>
  at + (bytes[at + WITHOUT - 1] === POINT ? WITH_MILLISECONDS : WITHOUT);

/** A time written 2026-11-01T09:00:00.000Z, or without the fraction, in milliseconds UTC; NaN when it is not. */
export function usualTime(bytes: Buffer, from: number, to: number): number {
  const length = to - from;
  if ((length !== WITH_MILLISECONDS && length !== WITHOUT) || bytes[to - 1] !== LETTER_Z)
    return Number.NaN;
  if (bytes[from + 10] !== LETTER_T || bytes[from + 13] !== COLON || bytes[from + 16] !== COLON)
    return Number.NaN;
  const hours = twoDigits(bytes, from + 11);
  const minutes = twoDigits(bytes, from + 14);
  const seconds = twoDigits(bytes, from + 17);
  let milliseconds = 0;
  if (length === WITH_MILLISECONDS) {
    if (bytes[from + 19] !== POINT) return Number.NaN;
    const ones = (bytes[from + 22] ?? 0) - ZERO;
    milliseconds = twoDigits(bytes, from + 20) * 10 + (ones >= 0 && ones <= 9 ? ones : NO_DIGITS);
  }
  if (hours > 23 || minutes > 59 || seconds > 59 || milliseconds > 999) return Number.NaN;
  return dayStart(bytes, from) + ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
}

/** Nesting that is followed; JSON.parse follows what is deeper. */
const DEEPEST = 64;

/** The end of the JSON value that begins at `at`, -1 when it is none or too deep to tell. */
export function valueEnd(bytes: Buffer, at: number, depth = 0): number {
  const first = bytes[at];
  if (first === QUOTE) return textEnd(bytes, at);
  if (first === OPEN) return membersEnd(bytes, at, CLOSE, depth);
  if (first === OPEN_LIST) return membersEnd(bytes, at, CLOSE_LIST, depth);
  if (first === MINUS || isDigit(first)) return numberEnd(bytes, at);
  const end = atomEnd(bytes, at);
  return isWord(bytes, at, end, NULL) ||
    isWord(bytes, at, end, TRUE) ||
    isWord(bytes, at, end, FALSE)
    ? end
    : -1;
}

const [NULL, TRUE, FALSE] = [Buffer.from('null'), Buffer.from('true'), Buffer.from('false')];

function isWord(bytes: Buffer, from: number, to: number, word: Buffer): boolean {
  if (to - from !== word.length) return false;
  for (let at = 0; at < word.length; at += 1) if (bytes[from + at] !== word[at]) return false;
  return true;
}

/** The end of a text behind its closing quote. */
function textEnd(bytes: Buffer, at: number): number {
  for (let here = unescapedEnd(bytes, at + 1); ; here = unescapedEnd(bytes, here)) {
    if (bytes[here] === QUOTE) return here + 1;
    if (bytes[here] !== BACKSLASH) return -1;
    const escaped = bytes[here + 1] ?? 0;
    if (ESCAPES[escaped] === 1) here += 2;
    else if (escaped === LETTER_U && isHex(bytes, here + 2)) here += 6;
    else return -1;
  }
}

function isHex(bytes: Buffer, at: number): boolean {
  for (let here = at; here < at + 4; here += 1) if (HEX[bytes[here] ?? 0] !== 1) return false;
  return true;
}

function numberEnd(bytes: Buffer, at: number): number {
  const whole = bytes[at] === MINUS ? at + 1 : at;
  let end = digitsEnd(bytes, whole);
  if (end === whole || (bytes[whole] === ZERO && end > whole + 1)) return -1;
  if (bytes[end] === POINT) {
    const fraction = end + 1;
    end = digitsEnd(bytes, fraction);
    if (end === fraction) return -1;
  }
  // An exponent: `e` in either case.
  if (((bytes[end] ?? 0) | 32) !== 101) return end;
  const sign = bytes[end + 1];
  const power = sign === PLUS || sign === MINUS ? end + 2 : end + 1;
  end = digitsEnd(bytes, power);
  return end === power ? -1 : end;
}

/** The end of an object or a list, behind its closing bracket. */
function membersEnd(bytes: Buffer, at: number, close: number, depth: number): number {
  if (depth === DEEPEST) return -1;
  let here = blanksEnd(bytes, at + 1);
  if (bytes[here] === close) return here + 1;
  for (;;) {
    if (close === CLOSE) {
      if (bytes[here] !== QUOTE) return -1;
      const key = textEnd(bytes, here);
      if (key < 0) return -1;
      here = blanksEnd(bytes, key);
      if (bytes[here] !== COLON) return -1;
      here = blanksEnd(bytes, here + 1);
    }
    const value = valueEnd(bytes, here, depth + 1);
    if (value < 0) return -1;
    here = blanksEnd(bytes, value);
    if (bytes[here] === close) return here + 1;
    if (bytes[here] !== COMMA) return -1;
    here = blanksEnd(bytes, here + 1);
  }
}
