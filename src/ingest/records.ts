import { JsonCutter } from './json-values.ts';
import type { Layout } from './layout.ts';
import type { Position, SourceRecord } from './source-record.ts';
import { type Line, type LineBytes, LINE_LIMIT, splitLines } from './split-lines.ts';

/** Looks at the bytes of finished lines, which are parsed only when it says nothing. */
export interface Glance {
  /** Why a line holds no usage; `undefined` when it may. */
  readonly skim: (line: Line) => string | undefined;
  /** Whether the event of a line was taken. */
  readonly reads: (line: Line) => boolean;
}

/** Leaves every line to be parsed. */
const NO_GLANCE: Glance = { skim: () => undefined, reads: () => false };

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

/** One after another, since what a line says may tell how the next is skimmed. */
function* recordsOf(lines: readonly Line[], glance: Glance): Generator<SourceRecord> {
  for (const line of lines) {
    const { number, end, finished } = line;
    // A last line without its break is counted again when the break comes.
    const after = { offset: end, lines: finished ? number : number - 1 };
    if (line.tooLong) {
      yield { kind: 'rejected', reason: tooLong('line'), line: number, after };
      continue;
    }
    if (finished && glance.reads(line)) {
      yield { kind: 'direct', line: number, after };
      continue;
    }
    const reason = finished ? glance.skim(line) : undefined;
    if (reason !== undefined) {
      yield { kind: 'skimmed', reason, line: number, after };
      continue;
    }
    const text = line.text ?? '';
    if (text.trim() !== '') yield parsed(text, number, finished, after, line.place);
  }
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
