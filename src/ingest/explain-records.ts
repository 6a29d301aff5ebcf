import { UserError } from '../errors.ts';
import type { IncomingEvent } from '../ledger/event-placement.ts';
import { finderFor, readableFormats } from './formats.ts';
import type { IngestRequest } from './ingest.ts';
import { layoutOfSource } from './ingest-file.ts';
import { createTally } from './ingest-tally.ts';
import { readRecords } from './records.ts';
import type { SourceRecord } from './source-record.ts';
import { type Source, SourceReader } from './source-reader.ts';

/** What became of one record, as an ingest would have it. */
export interface ExplainedRecord {
  readonly line: number;
  /** Every format that recognizes it. */
  readonly recognizedBy: readonly { readonly id: string; readonly title: string }[];
  readonly events: readonly IncomingEvent[];
  readonly skipped: readonly string[];
  readonly rejected: readonly string[];
}

/** Reads the first records of a source as an ingest would and says what becomes of each. */
export async function explainRecords(
  source: Source,
  request: Pick<IngestRequest, 'adapter' | 'mapped' | 'additions'>,
  limit: number,
): Promise<readonly ExplainedRecord[]> {
  const formats = await readableFormats(request.mapped?.adapter);
  const finder = finderFor(request.mapped?.adapter.id ?? request.adapter, formats);
  const found: { readonly skipped: string[]; readonly rejected: string[] } = {
    skipped: [],
    rejected: [],
  };
  const tally = {
    ...createTally({}),
    skipped: (reason: string) => void found.skipped.push(reason),
    rejected: (_file: string, _line: number, reason: string) => void found.rejected.push(reason),
  };
  const reader = new SourceReader(source, finder, request.additions, tally);
  const explained: ExplainedRecord[] = [];
  const recognizing = (record: SourceRecord) =>
    record.kind === 'record' ? formats.filter((format) => format.recognizes(record.value)) : [];
  const [layout, chunks] = await layoutOfSource(source);
  for await (const records of readRecords(chunks, layout, source.start)) {
    for (const record of records) {
      if (explained.length === limit) break;
      if (record.kind === 'unfinished') found.rejected.push('the last line is still being written');
      explained.push({
        line: record.line,
        recognizedBy: recognizing(record).map(({ id, title }) => ({ id, title })),
        events: await eventsOf(reader, record, found.rejected),
        skipped: found.skipped.splice(0),
        rejected: found.rejected.splice(0),
      });
    }
    if (explained.length === limit) break;
  }
  return explained;
}

async function eventsOf(
  reader: SourceReader,
  record: SourceRecord,
  rejected: string[],
): Promise<readonly IncomingEvent[]> {
  try {
    return await reader.read(record);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    rejected.push([error.message, error.hint].filter((text) => text !== undefined).join('. '));
    return [];
  }
}
