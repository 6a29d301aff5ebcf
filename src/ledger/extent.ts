import type { ClosedMonth } from './closed-months.ts';
import { NO_HOUR } from './cube.ts';
import type { Database } from './database.ts';

const HOUR_MS = 3_600_000;

/** First and last instant of the dated hours of the books. */
export function extentOf(database: Database, months: readonly ClosedMonth[]): Bounds | undefined {
  const live = `SELECT min(hour) * ${HOUR_MS} AS first, (max(hour) + 1) * ${HOUR_MS} - 1 AS last FROM cube WHERE hour <> ${NO_HOUR}`;
  if (months.length === 0) return boundsOf(database, live);
  const closed = ['closed_cell', 'correction_cell'].map(
    (table) => `UNION ALL ${live.replace('FROM cube', `FROM ${table}`)}`,
  );
  return boundsOf(
    database,
    `SELECT min(first) AS first, max(last) AS last FROM (${live} ${closed.join(' ')})`,
  );
}

/** First and last instant of dated events. */
export const extentOfEvents = (database: Database): Bounds | undefined =>
  boundsOf(
    database,
    'SELECT min(time_ms) AS first, max(time_ms) AS last FROM event WHERE time_ms IS NOT NULL',
  );

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
