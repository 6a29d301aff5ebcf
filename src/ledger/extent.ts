import type { ClosedMonth } from './closed-months.ts';
import { NO_HOUR } from './cube-cells.ts';
import type { Database } from './database.ts';

const HOUR_MS = 3_600_000;

/** First and last instant of the dated hours of the books. */
export function extentOf(database: Database, months: readonly ClosedMonth[]): Bounds | undefined {
  const live = hoursOf('cube');
  if (months.length === 0) return boundsOf(database, live);
  const closed = ['closed_cell', 'correction_cell'].map((table) => `UNION ALL ${hoursOf(table)}`);
  return boundsOf(
    database,
    `SELECT min(first) AS first, max(last) AS last FROM (${live} ${closed.join(' ')})`,
  );
}

/** First and last instant of dated events. */
export const extentOfEvents = (database: Database): Bounds | undefined =>
  boundsOf(
    database,
    `SELECT (SELECT min(time_ms) FROM event) AS first, (SELECT max(time_ms) FROM event) AS last`,
  );

/** One look-up in an index each: SQLite walks through all rows when both are asked of one SELECT. */
const hoursOf = (table: string): string => {
  const edge = (which: 'min' | 'max', side: '<' | '>'): string =>
    `(SELECT ${which}(hour) FROM ${table} WHERE hour ${side} ${NO_HOUR})`;
  return `SELECT coalesce(${edge('min', '<')}, ${edge('min', '>')}) * ${HOUR_MS} AS first,
    (coalesce(${edge('max', '>')}, ${edge('max', '<')}) + 1) * ${HOUR_MS} - 1 AS last`;
};

function boundsOf(database: Database, sql: string): Bounds | undefined {
  const row = database.prepare<[], Extent>(sql).get();
  return row === undefined || row.first === null || row.last === null
    ? undefined
    : { first: row.first, last: row.last };
}

interface Bounds {
  readonly first: number;
  readonly last: number;
}

interface Extent {
  readonly first: number | null;
  readonly last: number | null;
}
