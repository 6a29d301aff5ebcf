/** Bytes of a chunk, half-open. */
export interface LineBytes {
  readonly chunk: Buffer;
  readonly from: number;
  readonly to: number;
}

/** One line of a source without its line break. */
export interface Line {
  /** Whether it was longer than the limit, and thrown away. */
  readonly tooLong: boolean;
  /** Where its bytes stand, valid until the next batch is asked for; `undefined` when it was too long. */
  readonly place: LineBytes | undefined;
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

/**
 * Longest line that is read; a longer one is one rejected record. A record of usage has kilobytes, with its
 * prompts and pictures a few megabytes; parsing takes several times what the line has, and has to stay within 256 MB.
 */
export const LINE_LIMIT = 16 << 20;

/** A line as a part of a chunk: one object, since there are millions. */
class CutLine implements Line, LineBytes {
  readonly tooLong = false;
  readonly chunk: Buffer;
  readonly from: number;
  readonly to: number;
  readonly number: number;
  readonly end: number;
  readonly finished: boolean;

  constructor({ chunk, from, to }: LineBytes, number: number, end: number, finished: boolean) {
    this.chunk = chunk;
    this.from = from;
    this.to = to;
    this.number = number;
    this.end = end;
    this.finished = finished;
  }

  get place(): LineBytes {
    return this;
  }

  get text(): string {
    return this.chunk.toString('utf8', this.from, this.to);
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
  const line = (tail: LineBytes, end: number, finished: boolean): Line => {
    const length = tail.to - tail.from;
    const whole = carried.bytes === 0 && length <= limit ? tail : wholeOf(carried, tail);
    if (carried.bytes > 0) carried = new CarriedLine(limit);
    const marked = first;
    first = false;
    lines += 1;
    return whole === undefined
      ? { tooLong: true, place: undefined, text: undefined, number: lines, end, finished }
      : new CutLine(trimmed(whole, marked), lines, end, finished);
  };
  for await (const chunk of chunks) {
    const batch: Line[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      const end = offset + at + 1;
      // Nearly all lines: one object, and nothing called that would make others.
      const isPlain =
        !first && carried.bytes === 0 && at - from <= limit && chunk[at - 1] !== RETURN;
      if (isPlain) batch.push(new CutLine({ chunk, from, to: at }, (lines += 1), end, true));
      else batch.push(line({ chunk, from, to: at }, end, true));
      from = at + 1;
    }
    offset += chunk.length;
    if (from < chunk.length) carried.add(chunk.subarray(from));
    if (batch.length > 0) yield batch;
  }
  if (carried.bytes > 0) yield [line({ chunk: NOTHING, from: 0, to: 0 }, offset, false)];
}

const NOTHING = Buffer.alloc(0);

/** A line that began in an earlier chunk; `undefined` when it is longer than the limit. */
function wholeOf(carried: CarriedLine, { chunk, from, to }: LineBytes): LineBytes | undefined {
  const bytes = carried.endedBy(chunk.subarray(from, to));
  return bytes === undefined ? undefined : { chunk: bytes, from: 0, to: bytes.length };
}

/** A line without the carriage return at its end and, at the beginning of a file, without its byte order mark. */
function trimmed({ chunk, from, to }: LineBytes, first: boolean): LineBytes {
  const end = to > from && chunk[to - 1] === RETURN ? to - 1 : to;
  const marked = first && chunk[from] === 0xef && chunk[from + 1] === 0xbb;
  const start = marked && chunk[from + 2] === 0xbf ? from + 3 : from;
  return { chunk, from: Math.min(start, end), to: end };
}
