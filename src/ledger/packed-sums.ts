import type { SpendQuery } from '../domain/spend.ts';
import type { BookPart } from './books.ts';
import type { CountRow } from './counted-rows.ts';
import type { Database } from './database.ts';
import { Column, packColumns, unpackColumns } from './number-columns.ts';
import { CELL_SUM_COLUMNS, hoursOf } from './spend-sql.ts';

/** What a row of a report's sums has besides its step of time, in the order in which it is packed. */
const COLUMNS = ['k0', 'rate_id', ...CELL_SUM_COLUMNS.map(([name]) => name)];
/** More sums than these are read row by row, as a list of all would take too much memory. */
const MOST_ROWS = 50_000;

/** SQL: the table of packed sums. Everything in it is derived from roll-ups and may be dropped. */
export const PACKED_SUMS_SCHEMA = `
  -- What a report reads of a whole span of a roll-up: sums by tag set and rate as columns of whole numbers
  -- (number-columns.ts). Only of spans whose sums are exact in 53 bits.
  CREATE TABLE rollup_sums (
    rollup_id INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    numbers BLOB NOT NULL,
    PRIMARY KEY (rollup_id, hour)
  ) STRICT, WITHOUT ROWID;
  -- So that the spans there are get theirs.
  UPDATE rollup_span SET fresh = 0 WHERE rollup_id IN (SELECT id FROM rollup WHERE hours > 192);
`;

/** The rows that packed sums are made of, and are held against. */
const SUMS_OF_SPAN = `
  SELECT tag_set_id, rate_id, ${CELL_SUM_COLUMNS.map(([, sum]) => sum).join(', ')}
  FROM rollup_cell s WHERE rollup_id = ? AND hour = ? GROUP BY 1, 2`;

/** Packs the sums of a span that was summed. Belongs to the caller's transaction. */
export function packSums(database: Database, rollup: number, hour: number): void {
  database.prepare('DELETE FROM rollup_sums WHERE rollup_id = ? AND hour = ?').run(rollup, hour);
  const sums = sumsOfSpan(database, rollup, hour);
  if (sums === undefined) return;
  database
    .prepare('INSERT INTO rollup_sums (rollup_id, hour, rows, numbers) VALUES (?, ?, ?, ?)')
    .run(rollup, hour, sums.length, packedRows(sums));
}

function sumsOfSpan(
  database: Database,
  rollup: number,
  hour: number,
): readonly (readonly number[])[] | undefined {
  const sums = database
    .prepare<[number, number, number], number[]>(`${SUMS_OF_SPAN} LIMIT ?`)
    .raw()
    .all(rollup, hour, MOST_ROWS + 1);
  const exact = sums.every((row) => row.every(Number.isSafeInteger));
  return exact && sums.length <= MOST_ROWS ? sums : undefined;
}

const packedRows = (rows: readonly (readonly number[])[]): Uint8Array =>
  packColumns(
    COLUMNS.map((_, column) => Column.of(Float64Array.from(rows, (row) => row[column] ?? 0))),
    rows.length,
  );

interface Packed {
  readonly rows: number;
  readonly numbers: Uint8Array;
}

/** The sums of one whole span that a part asks for by the tag sets of its roll-up; `undefined` where they are not packed. */
export function packedSums(
  database: Database,
  { where }: SpendQuery,
  { source, stretch }: BookPart,
): Iterable<CountRow> | undefined {
  if (source.kind !== 'rollup_cell' || !source.groups || stretch.kind === 'undated') return;
  const { first, after } = hoursOf(stretch.segment);
  if (where.length > 0 || after - first !== source.hours) return;
  const packed = database
    .prepare<[number, number], Packed>(
      'SELECT rows, numbers FROM rollup_sums WHERE rollup_id = ? AND hour = ?',
    )
    .get(source.rollup, first);
  return packed === undefined ? undefined : unpacked(packed);
}

function* unpacked({ rows, numbers }: Packed): Generator<CountRow> {
  const columns = unpackColumns(numbers, COLUMNS.length, rows);
  const column = (name: string): Float64Array =>
    columns[COLUMNS.indexOf(name)] ?? new Float64Array(rows);
  const [groups, rates, requests, errors] = [
    column('k0'),
    column('rate_id'),
    column('requests'),
    column('errors'),
  ];
  const [input, cacheRead, cacheWrite] = [
    column('input'),
    column('cache_read'),
    column('cache_write'),
  ];
  const [output, reasoning] = [column('output'), column('reasoning')];
  const [micro, rest, reported] = [
    column('reported_micro'),
    column('reported_rest'),
    column('reported_requests'),
  ];
  for (let row = 0; row < rows; row += 1)
    yield {
      k0: whole(groups[row]),
      time_step: null,
      rate_id: whole(rates[row]),
      requests: whole(requests[row]),
      errors: whole(errors[row]),
      input: whole(input[row]),
      cache_read: whole(cacheRead[row]),
      cache_write: whole(cacheWrite[row]),
      output: whole(output[row]),
      reasoning: whole(reasoning[row]),
      reported_micro: whole(micro[row]),
      reported_rest: whole(rest[row]),
      reported_requests: whole(reported[row]),
    };
}

/** Most of them are nothing, of which there is one. */
const whole = (value: number | undefined): bigint =>
  value === undefined || value === 0 ? 0n : BigInt(value);

/** How many packed sums of fresh spans are not what the cells of their roll-up add up to. */
export function wrongSums(database: Database): number {
  const fresh = database
    .prepare<[], { rollup: number; hour: number; numbers: Uint8Array }>(
      `SELECT rollup_sums.rollup_id AS rollup, hour, numbers FROM rollup_sums
       JOIN rollup_span ON rollup_span.rollup_id = rollup_sums.rollup_id AND start_hour = hour AND fresh = 1`,
    )
    .all();
  return fresh.filter(({ rollup, hour, numbers }) => {
    const sums = sumsOfSpan(database, rollup, hour);
    return sums === undefined || Buffer.compare(packedRows(sums), numbers) !== 0;
  }).length;
}
