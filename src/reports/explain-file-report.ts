import { counted } from '../domain/words.ts';
import type { Answer, Cell, Json } from './answer.ts';
import { eventRecord, type RatedEvent } from './event-record.ts';

/** One record of a file and what an ingest would make of it. */
export interface RecordOfFile {
  readonly line: number;
  readonly recognizedBy: readonly { readonly id: string; readonly title: string }[];
  readonly events: readonly RatedEvent[];
  readonly skipped: readonly string[];
  readonly rejected: readonly string[];
}

/** How the first records of a file are read: by which format, and field by field what becomes of them. */
export function explainFileReport(file: string, records: readonly RecordOfFile[]): Answer {
  return {
    schema: 'aicost.explain-file/1',
    headline: `${counted(records.length, 'record')} of ${file}, as aicost ingest reads ${records.length === 1 ? 'it' : 'them'}; nothing is kept`,
    facts: { file, records: records.length },
    tables: [
      {
        name: 'rows',
        columns: [
          { key: 'line', title: 'Line', yields: 0 },
          { key: 'field', title: 'Field', yields: 0 },
          { key: 'value', title: 'Value', yields: 0, wraps: true },
        ],
        rows: records.flatMap(rowsOf),
        empty: 'The file has no record.',
      },
    ],
    notes: [],
  };
}

function rowsOf(record: RecordOfFile): readonly (readonly Cell[])[] {
  const rows: [string, string][] = [];
  for (const { id, title } of record.recognizedBy) rows.push(['recognized by', `${id}: ${title}`]);
  if (record.recognizedBy.length === 0) rows.push(['recognized by', 'no format']);
  for (const reason of record.skipped) rows.push(['skipped', reason]);
  for (const reason of record.rejected) rows.push(['rejected', reason]);
  for (const [index, event] of record.events.entries()) {
    const prefix = record.events.length === 1 ? '' : `event ${index + 1}: `;
    for (const [field, value] of flat(eventRecord(event), '')) rows.push([prefix + field, value]);
  }
  if (record.events.length + record.skipped.length + record.rejected.length === 0)
    rows.push(['no event', 'none by itself: it is read together with others']);
  return rows.map(([field, value]) => [
    { kind: 'count', value: BigInt(record.line) },
    { kind: 'text', value: field },
    { kind: 'text', value },
  ]);
}

/** The fields of an object with their dotted paths; empty ones say so. */
function flat(value: Json, path: string): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [[path, String(value ?? '-')]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[path, 'none']];
  return entries.flatMap(([key, inner]) => flat(inner, path === '' ? key : `${path}.${key}`));
}
