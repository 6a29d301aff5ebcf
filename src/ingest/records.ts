import { parse } from 'csv-parse';
import { pipeline, Readable } from 'node:stream';
import { JsonCutter } from './json-values.ts';
import { LINE_LIMIT, splitLines } from './split-lines.ts';

/** One record of a source, or why the text at its place is none. */
export type SourceRecord =
  | {
      readonly kind: 'record';
      readonly value: unknown;
      /** The record's own text, for the identity of records that carry no id. */
      readonly text: string;
      readonly line: number;
      /** Bytes read once this record is done; absent where a resume has to start over. */
      readonly end?: number;
    }
  | {
      readonly kind: 'rejected';
      readonly reason: string;
      readonly line: number;
      readonly end?: number;
    }
  /** A last line that is still being written: not read, not an error, read again next time. */
  | { readonly kind: 'unfinished'; readonly line: number };

/** How a text is laid out. */
export type Layout =
  | { readonly kind: 'lines' }
  | { readonly kind: 'document' }
  | { readonly kind: 'csv'; readonly delimiter: string };

/** Tells from the first bytes how a text is laid out: JSON a line, one JSON document, or CSV. */
export function layoutOf(head: string): Layout {
  const text = head.replace(/^\uFEFF/, '').trimStart();
  if (!text.startsWith('{') && !text.startsWith('['))
    return { kind: 'csv', delimiter: delimiterOf(text) };
  if (text.startsWith('[')) return { kind: 'document' };
  const lines = text.split('\n').slice(0, 50);
  // A broken first line must not turn a file of lines into one document.
  return { kind: lines.some(isWholeObject) || lines.length === 1 ? 'lines' : 'document' };
}

/** Of the usual delimiters, the one that the header uses most. */
function delimiterOf(text: string): string {
  const header = text.split('\n', 1)[0] ?? '';
  const count = (delimiter: string): number => header.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, delimiter) =>
    count(delimiter) > count(best) ? delimiter : best,
  );
}

function isWholeObject(line: string): boolean {
  const text = line.trim();
  if (!text.startsWith('{') || !text.endsWith('}')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Reads records in batches. `start` is where a resumed file of lines goes on. */
export async function* readRecords(
  chunks: AsyncIterable<Buffer>,
  layout: Layout,
  start: { readonly offset: number; readonly lines: number },
): AsyncGenerator<readonly SourceRecord[]> {
  if (layout.kind === 'lines') {
    for await (const lines of splitLines(chunks, start)) {
      const batch: SourceRecord[] = [];
      for (const { text, number, end, finished } of lines) {
        if (text === undefined)
          batch.push({
            kind: 'rejected',
            reason: `line longer than ${LINE_LIMIT >> 20} MiB`,
            line: number,
            end,
          });
        else if (text.trim() !== '') batch.push(parseLine(text, number, end, finished));
      }
      yield batch;
    }
  } else if (layout.kind === 'document') yield* documentRecords(chunks);
  else yield* csvRecords(chunks, layout.delimiter);
}

function parseLine(text: string, line: number, end: number, finished: boolean): SourceRecord {
  try {
    return { kind: 'record', value: JSON.parse(text), text, line, end };
  } catch {
    return finished
      ? { kind: 'rejected', reason: 'not valid JSON', line, end }
      : { kind: 'unfinished', line };
  }
}

async function* documentRecords(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<readonly SourceRecord[]> {
  const cutter = new JsonCutter(LINE_LIMIT);
  const records = (
    cuts: Iterable<{ text: string; line: number; kind: string }>,
  ): SourceRecord[] => {
    const batch: SourceRecord[] = [];
    for (const { text, line, kind } of cuts) {
      if (kind === 'unfinished')
        batch.push({
          kind: 'rejected',
          reason: 'the document ends in the middle of a record',
          line,
        });
      else if (kind === 'garbage') batch.push({ kind: 'rejected', reason: 'not valid JSON', line });
      else if (kind === 'too-long')
        batch.push({
          kind: 'rejected',
          reason: `record longer than ${LINE_LIMIT >> 20} MiB`,
          line,
        });
      else {
        const { end: _, ...record } = { end: 0, ...parseLine(text, line, 0, true) };
        batch.push(record);
      }
    }
    return batch;
  };
  for await (const chunk of chunks) yield records(cutter.push(chunk));
  yield records(cutter.end());
}

const CSV_BATCH = 2_000;
/** Longest CSV record: past it a quote was never closed. */
const CSV_RECORD_LIMIT = 1 << 20;

/** Rows of a CSV file with a header, as objects of text by column name. */
async function* csvRecords(
  chunks: AsyncIterable<Buffer>,
  delimiter: string,
): AsyncGenerator<readonly SourceRecord[]> {
  const rejected: SourceRecord[] = [];
  const parser = parse({
    bom: true,
    columns: (header: string[]) => header.map((name) => name.trim()),
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: CSV_RECORD_LIMIT,
    delimiter,
  });
  parser.on('skip', (error: { message?: string; lines?: number } | undefined) => {
    rejected.push({
      kind: 'rejected',
      reason: `not valid CSV: ${(error?.message ?? 'malformed row').split(' at line')[0]}`,
      line: error?.lines ?? 0,
    });
  });
  pipeline(Readable.from(chunks), parser, () => undefined);
  let batch: SourceRecord[] = [];
  for await (const { record, info } of parser) {
    batch.push({ kind: 'record', value: record, text: JSON.stringify(record), line: info.lines });
    if (batch.length + rejected.length < CSV_BATCH) continue;
    yield [...batch, ...rejected.splice(0)];
    batch = [];
  }
  yield [...batch, ...rejected.splice(0)];
}
