import type { Cell, Table } from '../reports/answer.ts';

const UNKNOWN: Cell = { kind: 'unknown' };

/** The table with the columns that this audience reads; a cell that a row lacks is unknown. */
export function forAudience(table: Table, audience: 'people' | 'programs'): Table {
  const kept = [...table.columns.entries()].filter(
    ([, column]) => column.only === undefined || column.only === audience,
  );
  const pick = (row: readonly Cell[]): readonly Cell[] =>
    kept.map(([index]) => row[index] ?? UNKNOWN);
  return {
    ...table,
    columns: kept.map(([, column]) => column),
    rows: table.rows
      .filter((_, index) => audience === 'people' || table.summaries?.has(index) !== true)
      .map(pick),
    ...(table.totals === undefined ? {} : { totals: pick(table.totals) }),
  };
}

/** The cells of one column from top to bottom, the totals last. */
export const columnCells = (table: Table, index: number): readonly Cell[] =>
  [...table.rows, ...(table.totals === undefined ? [] : [table.totals])].map(
    (row) => row[index] ?? UNKNOWN,
  );
