import { parseUtcTime } from '../domain/utc-time.ts';
import { type Origin, quote, UserError } from '../errors.ts';
import { readCsvRecords } from './csv-records.ts';
import { layoutOf } from './layout.ts';
import { bytesOf, stateOf } from './source-bytes.ts';

/** A file, and how messages show it. */
export interface MeasuredFile {
  readonly path: string;
  readonly shownAs: string;
}

/** One row of a CSV of measurements. */
export interface MeasuredRow {
  readonly origin: Origin;
  /** The cell of a column, trimmed; `undefined` where it is empty or its row too short. */
  readonly cell: (column: string) => string | undefined;
}

/** Names under which tools write one thing, in lower case; the first is the one that messages name. */
export type ColumnNames = readonly [string, ...string[]];

/** Rows of a CSV that somebody measured, in batches, packed or not. Throws UserError, located. */
export async function* measuredRows(
  file: MeasuredFile,
): AsyncGenerator<{ readonly header: readonly string[]; readonly rows: readonly MeasuredRow[] }> {
  const chunks = bytesOf(file, stateOf(file.path, file.shownAs), 0);
  const { head, all } = await peeked(chunks);
  const layout = layoutOf(head);
  if (layout.kind !== 'csv')
    throw new UserError('expected CSV with a header, found JSON', {
      origin: { file: file.shownAs, line: 1 },
    });
  for await (const records of readCsvRecords(all, layout.delimiter)) {
    const rows: MeasuredRow[] = [];
    const header = new Set<string>();
    for (const record of records) {
      const origin = { file: file.shownAs, line: record.line };
      if (record.kind === 'rejected') throw new UserError(record.reason, { origin });
      if (record.kind !== 'record') continue;
      const cells = cellsOf(record.value);
      for (const column of columnsOf(record.value)) header.add(column);
      rows.push({ origin, cell: (column) => cells.get(column) });
    }
    if (rows.length > 0) yield { header: [...header], rows };
  }
}

/** The first chunk as text, and all chunks again. */
async function peeked(
  chunks: AsyncIterable<Buffer>,
): Promise<{ readonly head: string; readonly all: AsyncIterable<Buffer> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  async function* all(): AsyncGenerator<Buffer> {
    for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
  }
  return { head: first.done === true ? '' : first.value.toString('utf8', 0, 4096), all: all() };
}

const columnsOf = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null ? Object.keys(value) : [];

function cellsOf(value: unknown): ReadonlyMap<string, string> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return new Map(
    entries.flatMap(([column, cell]): [string, string][] =>
      typeof cell === 'string' && cell.trim() !== '' ? [[column, cell.trim()]] : [],
    ),
  );
}

/** The column of a header that has one of the names, whatever its case; `undefined` when none has. */
export const columnAmong = (header: readonly string[], names: ColumnNames): string | undefined =>
  header.find((column) =>
    names.includes(
      column
        .trim()
        .toLowerCase()
        .replaceAll(/[\s-]+/g, '_'),
    ),
  );

/** The error of a header without a column that is needed. */
export const missingColumn = (
  { shownAs }: MeasuredFile,
  names: ColumnNames,
  header: readonly string[],
): UserError =>
  new UserError(`expected a column ${names[0]}, found ${header.join(', ') || 'an empty file'}`, {
    origin: { file: shownAs, line: 1 },
    hint: `Names that are read: ${names.join(', ')}.`,
  });

/**
 * When a measurement was taken, milliseconds UTC: a day, a time with `T` or a blank, seconds or milliseconds
 * since 1970. Without a zone it is UTC. Throws UserError, located.
 */
export function measuredTime(text: string, origin: Origin): number {
  if (/^\d{9,10}(\.\d{1,9})?$/.test(text)) return Math.floor(Number(text) * 1000);
  if (/^\d{12,13}$/.test(text)) return Number(text);
  const time = parseUtcTime(
    text.replace(/^(\d{4}-\d{2}-\d{2}) (\d)/, '$1T$2').replace(/ UTC$/, 'Z'),
  );
  if (time === undefined)
    throw new UserError(`expected a time like 2026-11-01T09:00:00Z, found ${quote(text)}`, {
      origin,
    });
  return time;
}
