/** One JSON value cut out of a document, or garbage between values. */
export interface CutValue {
  readonly text: string;
  /** Line of its first character, from 1. */
  readonly line: number;
  readonly kind: 'value' | 'garbage' | 'too-long' | 'unfinished';
}

const [QUOTE, BACKSLASH, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST, COMMA, NEWLINE] = [
  34, 92, 123, 125, 91, 93, 44, 10,
];

/**
 * Cuts a JSON document into records without holding it whole: the elements of a list at the top, or
 * objects one after another, pretty-printed or not. What it cuts is not yet parsed.
 */
export class JsonCutter {
  #line = 1;
  #depth = 0;
  #inList = false;
  #inText = false;
  #escaped = false;
  #startLine = 1;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #garbage = false;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Values that end in this chunk. */
  *push(chunk: Buffer): Generator<CutValue> {
    let from = this.#depth > 0 ? 0 : -1;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte === NEWLINE) this.#line += 1;
      if (this.#inText) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#inText = false;
        continue;
      }
      if (this.#depth === 0) {
        if (byte === OPEN) {
          from = at;
          this.#depth = 1;
          this.#startLine = this.#line;
          this.#garbage = false;
        } else if (byte === OPEN_LIST && !this.#inList) this.#inList = true;
        else if (byte === CLOSE_LIST) this.#inList = false;
        else if (
          byte !== COMMA &&
          byte !== undefined &&
          byte > 32 &&
          !isBom(byte) &&
          !this.#garbage
        ) {
          this.#garbage = true;
          yield { text: '', line: this.#line, kind: 'garbage' };
        }
        continue;
      }
      if (byte === QUOTE) this.#inText = true;
      else if (byte === OPEN || byte === OPEN_LIST) this.#depth += 1;
      else if (byte === CLOSE || byte === CLOSE_LIST) {
        this.#depth -= 1;
        if (this.#depth === 0) {
          this.#keep(chunk.subarray(from, at + 1));
          yield this.#cut('value');
          from = -1;
        }
      }
    }
    if (from >= 0) this.#keep(Buffer.from(chunk.subarray(from)));
  }

  /** A value that the document ends in the middle of. */
  *end(): Generator<CutValue> {
    if (this.#depth > 0) yield this.#cut('unfinished');
  }

  #keep(bytes: Buffer): void {
    this.#bytes += bytes.length;
    if (this.#bytes <= this.#limit) this.#pieces.push(bytes);
  }

  #cut(kind: CutValue['kind']): CutValue {
    const tooLong = this.#bytes > this.#limit;
    const text = tooLong ? '' : Buffer.concat(this.#pieces).toString('utf8');
    this.#pieces = [];
    this.#bytes = 0;
    return { text, line: this.#startLine, kind: tooLong ? 'too-long' : kind };
  }
}

const isBom = (byte: number): boolean => byte === 0xef || byte === 0xbb || byte === 0xbf;
