import { type Info, parse } from 'csv-parse';
import { pipeline, Readable } from 'node:stream';
import type { SourceRecord } from './source-record.ts';

const BATCH = 2_000;
/** Longest CSV record: past it a quote was never closed. */
const RECORD_LIMIT = 1 << 20;

/** Rows of a CSV text with a header, as objects of text by column name. Malformed rows are rejected records. */
export async function* readCsvRecords(
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
    max_record_size: RECORD_LIMIT,
    delimiter,
  });
  parser.on('skip', (error: { message?: string; lines?: number } | undefined) => {
    const unclosed = error?.message?.startsWith('Max Record Size') === true;
    const reason = unclosed
      ? 'a quote is opened and never closed'
      : (error?.message ?? 'malformed row').split(' at line')[0];
    rejected.push({
      kind: 'rejected',
      reason: `not valid CSV: ${reason}`,
      line: error?.lines ?? 0,
    });
  });
  pipeline(Readable.from(chunks), parser, () => undefined);
  let batch: SourceRecord[] = [];
  const rows: AsyncIterable<{ record: unknown; info: Info }> = parser;
  for await (const { record, info } of rows) {
    batch.push({ kind: 'record', value: record, text: JSON.stringify(record), line: info.lines });
    if (batch.length + rejected.length < BATCH) continue;
    yield [...batch, ...rejected.splice(0)];
    batch = [];
  }
  yield [...batch, ...rejected.splice(0)];
}
