/** One line of a source without its line break. */
export interface Line {
  /** Its bytes, valid until the next batch is asked for; `undefined` when it was too long and thrown away. */
  readonly bytes: Buffer | undefined;
  /** Its bytes as text, decoded when asked for: few lines of an agent's log are. */
  readonly text: string | undefined;
  /** From 1. */
  readonly number: number;
  /** Offset of the first byte after the line and its break. */
  readonly end: number;
  /** False for a last line that has no line break yet. */
  readonly finished: boolean;
}

const NEWLINE = 10;
const RETURN = 13;

/** Longest line that is read; a longer one is one rejected record. */
export const LINE_LIMIT = 64 << 20;

class CutLine implements Line {
  readonly bytes: Buffer | undefined;
  readonly number: number;
  readonly end: number;
  readonly finished: boolean;

  constructor(bytes: Buffer | undefined, number: number, end: number, finished: boolean) {
    this.bytes = bytes;
    this.number = number;
    this.end = end;
    this.finished = finished;
  }

  get text(): string | undefined {
    return this.bytes?.toString('utf8');
  }
}

/** Longer lines are collected in one place, not in pieces that are put together in the end. */
const LONG = 1 << 20;

/** The beginning of a line whose end is not yet read. Past the limit only its length is kept. */
class CarriedLine {
  bytes = 0;
  #pieces: Buffer[] = [];
  #room: Buffer | undefined;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(piece: Buffer): void {
    const before = this.bytes;
    this.bytes += piece.length;
    if (this.bytes > this.#limit) {
      this.#pieces = [];
      this.#room = undefined;
    } else if (this.bytes <= LONG) this.#pieces.push(Buffer.from(piece));
    else {
      // As large as a line can be, since memory is taken only where something is written.
      this.#room ??= Buffer.allocUnsafeSlow(this.#limit);
      let at = 0;
      for (const earlier of this.#pieces.splice(0)) at += earlier.copy(this.#room, at);
      piece.copy(this.#room, before);
    }
  }

  /** The whole line; `undefined` when it is longer than the limit. */
  endedBy(tail: Buffer): Buffer | undefined {
    this.add(tail);
    if (this.bytes > this.#limit) return undefined;
    return this.#room?.subarray(0, this.bytes) ?? Buffer.concat(this.#pieces);
  }
}

/**
 * Splits bytes at line feeds into batches of lines, one batch a chunk, in bounded memory. Bytes are cut
 * before they are decoded, so that no character is split.
 */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  start: { readonly offset: number; readonly lines: number },
  limit = LINE_LIMIT,
): AsyncGenerator<readonly Line[]> {
  let { offset, lines } = start;
  let carried = new CarriedLine(limit);
  let first = offset === 0;
  const line = (tail: Buffer, end: number, finished: boolean): Line => {
    const whole = carried.bytes === 0 && tail.length <= limit ? tail : carried.endedBy(tail);
    if (carried.bytes > 0) carried = new CarriedLine(limit);
    lines += 1;
    const bytes = whole === undefined ? undefined : trimmed(whole, first);
    first = false;
    return new CutLine(bytes, lines, end, finished);
  };
  for await (const chunk of chunks) {
    const batch: Line[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      batch.push(line(chunk.subarray(from, at), offset + at + 1, true));
      from = at + 1;
    }
    offset += chunk.length;
    if (from < chunk.length) carried.add(chunk.subarray(from));
    if (batch.length > 0) yield batch;
  }
  if (carried.bytes > 0) yield [line(Buffer.alloc(0), offset, false)];
}

/** A line without the carriage return at its end and, at the beginning of a file, without its byte order mark. */
function trimmed(bytes: Buffer, first: boolean): Buffer {
  const to = bytes[bytes.length - 1] === RETURN ? bytes.length - 1 : bytes.length;
  const mark = first && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  return mark === 0 && to === bytes.length ? bytes : bytes.subarray(mark, Math.max(mark, to));
}
