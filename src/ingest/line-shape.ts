import {
  COUNT,
  type DirectReading,
  OWN_TEXTS,
  type ValueUse,
} from '../adapters/contract/direct-reading.ts';
import {
  asciiEnd,
  atomEnd,
  blanksEnd,
  CLOSE,
  COLON,
  COMMA,
  OPEN,
  putWholeNumber,
  QUOTE,
  unescapedEnd,
  valueEnd,
} from './plain-json.ts';

/**
 * A value that differs from line to line. All have all fields, since V8 reads objects of one kind several times
 * as fast as those of many.
 */
export interface ShapeValue {
  /** A `common` value is a text, a `word` is a common one without quotes: a number, `true` or `false`. */
  readonly kind: 'nothing' | 'time' | 'count' | 'text' | 'common' | 'word';
  /** Which of COUNT or of OWN_TEXTS it is; 0 for others. */
  readonly column: number;
  /** Beginnings of an own text that mean something else. */
  readonly unless: readonly Buffer[];
  /** Of common values: whether they decide facts, and tags. */
  readonly isFact: boolean;
  readonly isOwner: boolean;
  /** Its keys as JSON. */
  readonly path: string;
}

/** Bytes that lines have in common, and the value that follows them; after the last one the line ends. */
export interface ShapeStep {
  readonly fixed: Buffer;
  readonly value: ShapeValue | undefined;
}

/** Most values of a line that is worth to be learned, and bytes between two of them. */
const [MOST_VALUES, MOST_FIXED] = [200, 1_000];

/** Where a number goes that nobody asks for. */
const ANY = new Float64Array(1);

/**
 * The shape of a line that JSON.parse takes for an object; `undefined` when the line has something that is not
 * read directly: an escaped or repeated key, a value of a use or a kind that only the adapter knows.
 */
export function shapeOf(
  line: Buffer,
  useOf: DirectReading['useOf'],
): readonly ShapeStep[] | undefined {
  const outline = new Outline(line, useOf);
  return outline.steps();
}

/** Goes once through a line. */
class Outline {
  readonly #line: Buffer;
  readonly #useOf: DirectReading['useOf'];
  readonly #steps: ShapeStep[] = [];
  /** The end of the last value, from which on bytes are fixed. */
  #fixedFrom = 0;
  readonly #paths = new Set<string>();
  readonly #columns = new Set<string>();

  constructor(line: Buffer, useOf: DirectReading['useOf']) {
    this.#line = line;
    this.#useOf = useOf;
  }

  steps(): readonly ShapeStep[] | undefined {
    const line = this.#line;
    const end = this.#object(blanksEnd(line, 0), []);
    if (end < 0 || blanksEnd(line, end) !== line.length) return undefined;
    if (line.length - this.#fixedFrom > MOST_FIXED) return undefined;
    return [
      ...this.#steps,
      { fixed: Buffer.from(line.subarray(this.#fixedFrom)), value: undefined },
    ];
  }

  /** The end of the object that begins at `at`; -1 when it has something that is not read directly. */
  #object(at: number, above: readonly string[]): number {
    const line = this.#line;
    if (line[at] !== OPEN) return -1;
    let here = blanksEnd(line, at + 1);
    if (line[here] === CLOSE) return here + 1;
    for (;;) {
      const keyEnd = line[here] === QUOTE ? asciiEnd(line, here + 1) : -1;
      if (line[keyEnd] !== QUOTE) return -1;
      const path = [...above, line.toString('latin1', here + 1, keyEnd)];
      here = blanksEnd(line, keyEnd + 1);
      if (line[here] !== COLON) return -1;
      here = this.#value(blanksEnd(line, here + 1), path);
      if (here < 0) return -1;
      here = blanksEnd(line, here);
      if (line[here] === CLOSE) return here + 1;
      if (line[here] !== COMMA) return -1;
      here = blanksEnd(line, here + 1);
    }
  }

  #value(at: number, keys: readonly string[]): number {
    const line = this.#line;
    const path = JSON.stringify(keys);
    // Of two equal keys the last one counts, which is nobody's business here.
    if (this.#paths.has(path) || this.#paths.size >= MOST_VALUES) return -1;
    this.#paths.add(path);
    const use = this.#useOf(keys);
    if (use === undefined) return -1;
    if (use.as === 'nothing') return this.#step(at, valueEnd(line, at), 'nothing', use, path);
    const end = atomEnd(line, at);
    // What is null is not there, whatever it would be used for.
    if (line.toString('latin1', at, end) === 'null') return end;
    switch (use.as) {
      case 'inside':
        return this.#object(at, keys);
      case 'count':
        if (putWholeNumber(line, at, ANY, 0) !== end || !this.#isNew(use.count)) return -1;
        return this.#step(at, end, 'count', use, path);
      case 'text':
        return this.#isNew(use.text)
          ? this.#text(at, asciiEnd(line, at + 1), 'text', use, path)
          : -1;
      case 'time':
        return this.#isNew('time') ? this.#text(at, asciiEnd(line, at + 1), 'time', use, path) : -1;
      case 'fact':
      case 'owner':
      case 'both':
        if (line[at] === QUOTE)
          return this.#text(at, unescapedEnd(line, at + 1), 'common', use, path);
        return end > at ? this.#step(at, end, 'word', use, path) : -1;
    }
  }

  /** Whether no other key tells the same count or text. */
  #isNew(column: string): boolean {
    const isNew = !this.#columns.has(column);
    this.#columns.add(column);
    return isNew;
  }

  /** The end of a text behind its quote, of which the quotes are fixed. */
  #text(at: number, end: number, kind: ShapeValue['kind'], use: ValueUse, path: string): number {
    if (this.#line[at] !== QUOTE || this.#line[end] !== QUOTE) return -1;
    return this.#step(at + 1, end, kind, use, path) < 0 ? -1 : end + 1;
  }

  #step(at: number, end: number, kind: ShapeValue['kind'], use: ValueUse, path: string): number {
    if (end < 0 || at - this.#fixedFrom > MOST_FIXED) return -1;
    this.#steps.push({
      // A copy, since the line is a part of a buffer that is used again.
      fixed: Buffer.from(this.#line.subarray(this.#fixedFrom, at)),
      value: {
        kind,
        column: columnOf(use),
        unless: use.as === 'text' ? (use.unless ?? []).map((text) => Buffer.from(text)) : [],
        isFact: use.as === 'fact' || use.as === 'both',
        isOwner: use.as === 'owner' || use.as === 'both',
        path,
      },
    });
    this.#fixedFrom = end;
    return end;
  }
}

function columnOf(use: ValueUse): number {
  if (use.as === 'count') return COUNT[use.count];
  return use.as === 'text' ? OWN_TEXTS.indexOf(use.text) : 0;
}
