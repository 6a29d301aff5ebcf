const [QUOTE, COMMA, COLON, BACKSLASH, OPEN, CLOSE] = [34, 44, 58, 92, 123, 125];

const bytesLike = (pattern: RegExp): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, byte) => (pattern.test(String.fromCharCode(byte)) ? 1 : 0));
const WORD = bytesLike(/\w/);
/** What numbers, `true`, `false` and `null` are made of. */
const ATOM = bytesLike(/[\w.-]/);

/** Bytes at either end of a line that are looked at. */
const LOOKED_AT = 768;

/**
 * What a long JSON object on one line says of itself before and after its long values: the first and the last members,
 * as long as they are texts, numbers, `true`, `false` or `null` and no blanks are between. True of valid JSON alone.
 */
export class LineEnds {
  /** Where the first member begins that is none of these. */
  next = 0;
  /** Where the texts of the keys that were asked for stand in the line; -1 where the ends have none. */
  readonly textFrom: Int32Array;
  readonly textTo: Int32Array;
  readonly #keys: readonly Uint8Array[];

  /** Notes the texts of these keys, which are ASCII. */
  constructor(keys: readonly string[]) {
    this.#keys = keys.map((key) => Buffer.from(key));
    this.textFrom = new Int32Array(keys.length);
    this.textTo = new Int32Array(keys.length);
  }

  /** Reads the ends of a line; false where they tell nothing: it is no object, or has a key twice. */
  read(line: Uint8Array, from: number, to: number): boolean {
    this.textFrom.fill(-1);
    if (line[from] !== OPEN || line[to - 1] !== CLOSE) return false;
    return (
      this.#readHead(line, from + 1, Math.min(to, from + LOOKED_AT)) &&
      this.#readTail(line, to - 1, Math.max(this.next, to - LOOKED_AT))
    );
  }

  /** Members from `start` on that are followed by another one. */
  #readHead(line: Uint8Array, start: number, limit: number): boolean {
    for (let at = start; ;) {
      this.next = at;
      const keyTo = line[at] === QUOTE ? runEnd(line, at + 1, limit, WORD) : limit;
      if (line[keyTo] !== QUOTE || line[keyTo + 1] !== COLON) return true;
      const value = keyTo + 2;
      const isText = line[value] === QUOTE;
      const end = isText ? textEnd(line, value + 1, limit) : runEnd(line, value, limit, ATOM);
      if (end === value || end >= limit || line[end] !== COMMA) return true;
      if (isText && !this.#note(line, at + 1, keyTo, value + 1, end - 1)) return false;
      at = end + 1;
    }
  }

  /** Members up to `end` that stand behind another one. */
  #readTail(line: Uint8Array, start: number, limit: number): boolean {
    for (let end = start; ;) {
      const isText = line[end - 1] === QUOTE;
      const value = isText ? textStart(line, end - 1, limit) : runStart(line, end, limit, ATOM);
      // Before an escaped quote, which begins nothing, there is no colon.
      if (value === end || line[value - 1] !== COLON || line[value - 2] !== QUOTE) return true;
      const key = runStart(line, value - 2, limit, WORD);
      if (key - 2 < limit || line[key - 1] !== QUOTE || line[key - 2] !== COMMA) return true;
      if (isText && !this.#note(line, key, value - 2, value + 1, end - 1)) return false;
      end = key - 2;
    }
  }

  /** Notes a text that was asked for; false when there is one already. */
  #note(line: Uint8Array, key: number, keyTo: number, from: number, to: number): boolean {
    for (let index = 0; index < this.#keys.length; index += 1) {
      const asked = this.#keys[index];
      if (asked === undefined || !isBytes(line, key, keyTo, asked)) continue;
      if (this.textFrom[index] !== -1) return false;
      this.textFrom[index] = from;
      this.textTo[index] = to;
    }
    return true;
  }
}

/** Whether a stretch of a line is these bytes. */
export function isBytes(line: Uint8Array, from: number, to: number, bytes: Uint8Array): boolean {
  if (to - from !== bytes.length) return false;
  for (let at = 0; at < bytes.length; at += 1) if (line[from + at] !== bytes[at]) return false;
  return true;
}

function runEnd(line: Uint8Array, from: number, limit: number, bytes: Uint8Array): number {
  let end = from;
  while (end < limit && bytes[line[end] ?? 0] === 1) end += 1;
  return end;
}

function runStart(line: Uint8Array, to: number, limit: number, bytes: Uint8Array): number {
  let start = to;
  while (start > limit && bytes[line[start - 1] ?? 0] === 1) start -= 1;
  return start;
}

/** Behind the closing quote of a text that begins at `from`; the limit or more where it has none before. */
function textEnd(line: Uint8Array, from: number, limit: number): number {
  let end = from;
  while (end < limit && line[end] !== QUOTE) end += line[end] === BACKSLASH ? 2 : 1;
  return end + 1;
}

/** The last quote before a closing one. */
function textStart(line: Uint8Array, closing: number, limit: number): number {
  let start = closing - 1;
  while (start > limit && line[start] !== QUOTE) start -= 1;
  return start;
}
