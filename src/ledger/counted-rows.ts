import type { Database } from './database.ts';
import type { Sql } from './dimension-sql.ts';
import type { SpendSql } from './spend-sql.ts';

/** What one group used under one rate, as a statement sums it; the columns k0, k1, ... tell the group. */
export interface CountRow {
  readonly [key: `k${number}`]: string | bigint | null;
  readonly time_step: bigint | null;
  readonly rate_id: bigint;
  readonly requests: bigint;
  readonly errors: bigint;
  readonly input: bigint;
  readonly cache_read: bigint;
  readonly cache_write: bigint;
  readonly output: bigint;
  readonly reasoning: bigint;
  readonly reported_micro: bigint;
  readonly reported_rest: bigint;
  readonly reported_requests: bigint;
}

type ExtraRow = CountRow & { readonly name: string; readonly quantity: bigint };

/** Quantities beside the plain counts, by name. */
export type Extras = ReadonlyMap<string, bigint>;

const NO_EXTRAS: Extras = new Map();

/** What the statements of a question over one stretch find. */
export interface CountedRows {
  readonly counts: Iterable<CountRow>;
  readonly extrasOf: (row: CountRow) => Extras;
  /** What a row is grouped by, in the order of the question; null where there is none. */
  readonly keyOf: (row: CountRow) => readonly (string | null)[];
  /** Whether two rows belong to one group and step of time. */
  readonly areOfOneGroup: (one: CountRow, other: CountRow) => boolean;
}

/** Runs the statements of a question that groups by so many dimensions; `known` are its counts, where they need not be asked. */
export function countedRows(
  database: Database,
  sql: SpendSql,
  dimensions: number,
  known: Iterable<CountRow> | undefined,
): CountedRows {
  const columns = Array.from({ length: dimensions }, (_, index) => `k${index}` as const);
  const extras = readExtras(database, sql.extras, columns);
  const valueOf = database
    .prepare<unknown[], string>('SELECT value FROM tag WHERE key = ? AND tag_set_id = ?')
    .pluck();
  const { tags } = sql;
  return {
    counts: known ?? runRows<CountRow>(database, sql.counts),
    extrasOf: (row) =>
      extras.size === 0 ? NO_EXTRAS : (extras.get(cellName(row, columns)) ?? NO_EXTRAS),
    keyOf: (row) =>
      tags?.map((tag) => valueOf.get(tag, row['k0']) ?? null) ??
      columns.map((column) => textOf(row[column] ?? null)),
    areOfOneGroup: (one, other) =>
      one.time_step === other.time_step && columns.every((column) => one[column] === other[column]),
  };
}

/** The rows of a statement, with integers of any size. */
export const runRows = <Row>(database: Database, { text, values }: Sql): IterableIterator<Row> =>
  database
    .prepare<unknown[], Row>(text)
    .safeIntegers(true)
    .iterate(...values);

type GroupColumns = readonly `k${number}`[];

const textOf = (value: string | bigint | null): string | null =>
  typeof value === 'bigint' ? null : value;

const cellName = (row: CountRow, columns: GroupColumns): string =>
  JSON.stringify([...columns.map((column) => row[column]), row.time_step, row.rate_id].map(nameOf));

const nameOf = (value: string | bigint | null | undefined): string | number | null =>
  typeof value === 'bigint' ? Number(value) : (value ?? null);

function readExtras(
  database: Database,
  sql: Sql,
  columns: GroupColumns,
): ReadonlyMap<string, ReadonlyMap<string, bigint>> {
  const extras = new Map<string, Map<string, bigint>>();
  for (const row of runRows<ExtraRow>(database, sql)) {
    const cell = cellName(row, columns);
    const ofCell = extras.get(cell) ?? new Map<string, bigint>();
    ofCell.set(row.name, (ofCell.get(row.name) ?? 0n) + row.quantity);
    extras.set(cell, ofCell);
  }
  return extras;
}
