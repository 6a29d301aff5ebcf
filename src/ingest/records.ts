import { JsonCutter } from './json-values.ts';
import type { Layout } from './layout.ts';
import type { Position, SourceRecord } from './source-record.ts';
import { type Line, type LineBytes, LINE_LIMIT, splitLines } from './split-lines.ts';

/** Looks at the bytes of finished lines, which are parsed only when it is not done with them. */
export interface Glance {
  /** Whether it is done with a line: its event was taken, or it was counted as one without usage. */
  readonly isDone: (line: Line) => boolean;
  /** Whether what was taken has to be handed over before another line is looked at. */
  readonly isFull: () => boolean;
}

/** Leaves every line to be parsed. */
const NO_GLANCE: Glance = { isDone: () => false, isFull: () => false };

/**
 * Reads records in batches, which are to be read before the next is asked for. `start` is where a resumed
 * file of lines goes on.
 */
export function readRecords(
  chunks: AsyncIterable<Buffer>,
  layout: Layout,
  start: Position,
  glance: Glance = NO_GLANCE,
): AsyncGenerator<Iterable<SourceRecord>> {
  switch (layout.kind) {
    case 'lines':
      return readLines(chunks, start, glance);
    case 'document':
      return readDocument(chunks);
    case 'csv':
      return readCsv(kept(chunks), layout.delimiter);
  }
}

/** Chunks that stay valid, for a parser that reads ahead. */
async function* kept(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}

async function* readCsv(
  chunks: AsyncIterable<Buffer>,
  delimiter: string,
): AsyncGenerator<readonly SourceRecord[]> {
  const { readCsvRecords } = await import('./csv-records.ts');
  yield* readCsvRecords(chunks, delimiter);
}

async function* readLines(
  chunks: AsyncIterable<Buffer>,
  start: Position,
  glance: Glance,
): AsyncGenerator<Iterable<SourceRecord>> {
  for await (const lines of splitLines(chunks, start)) yield recordsOf(lines, glance);
}

/** One after another, since what a line says may tell how the next is looked at. */
function* recordsOf(lines: readonly Line[], glance: Glance): Generator<SourceRecord> {
  let count = 0;
  let last: Line | undefined;
  // By index: an iterator would make an object a line.
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index];
    if (line === undefined) continue;
    const isDone = line.finished && glance.isDone(line);
    if (isDone) {
      count += 1;
      last = line;
    }
    if (last !== undefined && (!isDone || glance.isFull())) {
      yield glanced(count, last);
      count = 0;
      last = undefined;
    }
    if (!isDone) yield* recordOf(line);
  }
  if (last !== undefined) yield glanced(count, last);
}

const glanced = (lines: number, last: Line): SourceRecord => ({
  kind: 'glanced',
  lines,
  line: last.number,
  after: behind(last),
});

/** Where reading goes on. A last line without its break is counted again when the break comes. */
const behind = ({ number, end, finished }: Line): Position => ({
  offset: end,
  lines: finished ? number : number - 1,
});

/** The record of a line, or none where it is blank. */
function recordOf(line: Line): readonly SourceRecord[] {
  const { number, finished, place } = line;
  const after = behind(line);
  if (line.tooLong) return [{ kind: 'rejected', reason: tooLong('line'), line: number, after }];
  const text = line.text ?? '';
  return text.trim() === '' ? [] : [parsed(text, number, finished, after, place)];
}

const tooLong = (what: string): string => `${what} longer than ${LINE_LIMIT >> 20} MiB`;

function parsed(
  text: string,
  line: number,
  finished: boolean,
  after?: Position,
  place?: LineBytes,
): SourceRecord {
  try {
    return { kind: 'record', value: JSON.parse(text), text, place, line, after };
  } catch {
    return finished
      ? { kind: 'rejected', reason: 'not valid JSON', line, after }
      : { kind: 'unfinished', line };
  }
}

async function* readDocument(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<readonly SourceRecord[]> {
  const cutter = new JsonCutter(LINE_LIMIT);
  const records = (cuts: ReturnType<JsonCutter['push']>): SourceRecord[] =>
    Array.from(cuts, ({ text, line, kind }): SourceRecord => {
      switch (kind) {
        case 'value':
          return parsed(text, line, true);
        case 'garbage':
          return { kind: 'rejected', reason: 'not valid JSON', line };
        case 'too-long':
          return { kind: 'rejected', reason: tooLong('record'), line };
        case 'unfinished':
          return { kind: 'rejected', reason: 'the document ends in the middle of a record', line };
      }
    });
  for await (const chunk of chunks) yield records(cutter.push(chunk));
  yield records(cutter.end());
}
