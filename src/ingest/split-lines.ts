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
  let carried: Buffer[] = [];
  let carriedBytes = 0;
  let first = offset === 0;
  const line = (tail: Buffer, end: number, finished: boolean): Line => {
    const tooLong = carriedBytes + tail.length > limit;
    const whole = tooLong || carried.length === 0 ? tail : Buffer.concat([...carried, tail]);
    carried = [];
    carriedBytes = 0;
    lines += 1;
    const bytes = trimmed(whole, first);
    first = false;
    return new CutLine(tooLong ? undefined : bytes, lines, end, finished);
  };
  for await (const chunk of chunks) {
    const batch: Line[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      batch.push(line(chunk.subarray(from, at), offset + at + 1, true));
      from = at + 1;
    }
    offset += chunk.length;
    if (from < chunk.length) {
      carriedBytes += chunk.length - from;
      // Past the limit only the length is kept.
      if (carriedBytes > limit) carried = [];
      else carried.push(Buffer.from(chunk.subarray(from)));
    }
    if (batch.length > 0) yield batch;
  }
  if (carriedBytes > 0) yield [line(Buffer.alloc(0), offset, false)];
}

/** A line without the carriage return at its end and, at the beginning of a file, without its byte order mark. */
function trimmed(bytes: Buffer, first: boolean): Buffer {
  const to = bytes[bytes.length - 1] === RETURN ? bytes.length - 1 : bytes.length;
  const mark = first && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  return mark === 0 && to === bytes.length ? bytes : bytes.subarray(mark, Math.max(mark, to));
}
