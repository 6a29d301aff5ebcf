import { CELL_SUMS, type ClosedMonth, closedMonths, holdsHour } from './closed-months.ts';
import type { Database } from './database.ts';

const HOUR_MS = 3_600_000;

/** The one clock: milliseconds since 1970 UTC. */
export type Clock = () => number;

/** What was added to one cell of the cube, with signs. */
export interface CellChange {
  /** Hour, sku, rate, tag set, status. */
  readonly coordinates: readonly [number, number, number, number, string];
  /** In the order of CELL_SUMS. */
  readonly sums: readonly (number | bigint)[];
  /** Quantities beside the plain counts. */
  readonly extra: ReadonlyMap<string, number>;
}

/**
 * Corrections are dated now, and never into a closed month: a clock that runs late must not change one.
 */
const bookingHour = (months: readonly ClosedMonth[], now: Clock): number =>
  Math.max(Math.floor(now() / HOUR_MS), ...months.map(({ endHour }) => endHour));

/**
 * Books what changes in cells of closed months, in the transaction that changes them. Costs one look at a
 * small table while no month is closed.
 */
export function openCorrections(
  database: Database,
  now: Clock,
): (changes: Iterable<CellChange>) => void {
  let statements: ReturnType<typeof correctionStatements> | undefined;
  return (changes) => {
    const months = closedMonths(database);
    if (months.length === 0) return;
    const late = [...changes].flatMap((change) => ofClosed(change, months));
    if (late.length === 0) return;
    statements ??= correctionStatements(database);
    const hour = bookingHour(months, now);
    for (const { month, change } of late) {
      const [, ...place] = change.coordinates;
      const row = statements.upsert.get(month, hour, ...place, ...change.sums);
      if (row === undefined) continue;
      for (const [name, quantity] of change.extra)
        if (quantity !== 0) statements.upsertExtra.run(row.id, name, quantity);
    }
    dropEmpty(database, hour);
  };
}

/** A change with the closed month that it falls in; none for an open hour. */
function ofClosed(
  change: CellChange,
  months: readonly ClosedMonth[],
): readonly { readonly month: string; readonly change: CellChange }[] {
  const closed = months.find((month) => holdsHour(month, change.coordinates[0]));
  return closed === undefined ? [] : [{ month: closed.month, change }];
}

const KEY = 'month, hour, sku_id, rate_id, tag_set_id, status';
const ADD = `ON CONFLICT (${KEY}) DO UPDATE SET ${CELL_SUMS.map((sum) => `${sum} = ${sum} + excluded.${sum}`).join(', ')}`;
const ADD_EXTRA =
  'ON CONFLICT (cell_id, name) DO UPDATE SET quantity = quantity + excluded.quantity';

function correctionStatements(database: Database) {
  const upsert = database.prepare<unknown[], { id: number }>(
    `INSERT INTO correction_cell (${KEY}, ${CELL_SUMS.join(', ')})
     VALUES (?, ?, ?, ?, ?, ?, ${CELL_SUMS.map(() => '?').join(', ')}) ${ADD} RETURNING id`,
  );
  const upsertExtra = database.prepare(
    `INSERT INTO correction_cell_extra (cell_id, name, quantity) VALUES (?, ?, ?) ${ADD_EXTRA}`,
  );
  return { upsert, upsertExtra };
}

const NOTHING = `${CELL_SUMS.slice(0, -2)
  .map((sum) => `${sum} = 0`)
  .join(' AND ')} AND reported_microdollars * 1000000 + reported_rest = 0`;

function dropEmpty(database: Database, hour: number): void {
  const ofHour = 'SELECT id FROM correction_cell WHERE hour = ?';
  database
    .prepare(`DELETE FROM correction_cell_extra WHERE quantity = 0 AND cell_id IN (${ofHour})`)
    .run(hour);
  database
    .prepare(
      `DELETE FROM correction_cell WHERE hour = ? AND ${NOTHING}
       AND NOT EXISTS (SELECT 1 FROM correction_cell_extra WHERE cell_id = correction_cell.id)`,
    )
    .run(hour);
}

const PLACE = 'month, sku_id, rate_id, tag_set_id, status';

/**
 * By how much the live cells of closed hours differ from what the books hold of them: cells frozen at the
 * closing and corrections since. No row where they agree. `condition` limits the cells.
 */
const difference = (condition: string): string => `
  SELECT ${PLACE}, ${CELL_SUMS.map((sum) => `sum(${sum}) AS ${sum}`).join(', ')} FROM (
    SELECT month, sku_id, rate_id, tag_set_id, status, ${CELL_SUMS.join(', ')}
      FROM closed_month JOIN cube ON hour >= start_hour AND hour < end_hour
    ${['closed_cell', 'correction_cell']
      .map(
        (table) =>
          `UNION ALL SELECT ${PLACE}, ${CELL_SUMS.map((sum) => `-${sum}`).join(', ')} FROM ${table}`,
      )
      .join('\n')}
  ) ${condition} GROUP BY ${PLACE} HAVING NOT (${CELL_SUMS.slice(0, -2)
    .map((sum) => `sum(${sum}) = 0`)
    .join(' AND ')} AND sum(reported_microdollars) * 1000000 + sum(reported_rest) = 0)`;

/** The same of the quantities beside the plain counts. */
const extraDifference = (condition: string): string => `
  SELECT ${PLACE}, name, sum(quantity) AS quantity FROM (
    SELECT month, sku_id, rate_id, tag_set_id, status, name, quantity
      FROM closed_month JOIN cube ON hour >= start_hour AND hour < end_hour JOIN cube_extra ON cube_id = cube.id
    ${['closed_cell', 'correction_cell']
      .map(
        (table) =>
          `UNION ALL SELECT ${PLACE}, name, -quantity FROM ${table} JOIN ${table}_extra ON cell_id = id`,
      )
      .join('\n')}
  ) ${condition} GROUP BY ${PLACE}, name HAVING sum(quantity) <> 0`;

/** How many sums of closed months differ from the cells frozen plus the corrections booked; 0 in a sound ledger. */
export function unbookedDifferences(database: Database): number {
  const count = (sql: string): number =>
    database.prepare<[], { n: number }>(`SELECT count(*) AS n FROM (${sql})`).get()?.n ?? 0;
  return count(difference('')) + count(extraDifference(''));
}

/**
 * Books by how much closed months differ from their books, for the skus given. Belongs to the caller's
 * transaction. Booking twice books nothing the second time.
 */
export function bookDifferences(database: Database, skus: readonly number[], now: Clock): void {
  const months = closedMonths(database);
  if (months.length === 0 || skus.length === 0) return;
  const hour = bookingHour(months, now);
  const ofSkus = 'WHERE sku_id IN (SELECT value FROM json_each(?))';
  const differing = (sql: (condition: string) => string): readonly DifferenceRow[] =>
    database
      .prepare<[string], DifferenceRow>(sql(ofSkus))
      .safeIntegers(true)
      .all(JSON.stringify(skus));
  // Both are read before anything is booked, since what is booked changes what is read.
  const [counts, extras] = [differing(difference), differing(extraDifference)];
  const { upsert, upsertExtra } = correctionStatements(database);
  const cellOf = (row: DifferenceRow): number | undefined =>
    upsert.get(
      row.month,
      hour,
      row.sku_id,
      row.rate_id,
      row.tag_set_id,
      row.status,
      ...CELL_SUMS.map((sum) => row[sum] ?? 0),
    )?.id;
  for (const row of counts) cellOf(row);
  for (const row of extras) upsertExtra.run(cellOf(row), row.name, row.quantity);
  dropEmpty(database, hour);
}

type DifferenceRow = {
  readonly [Sum in (typeof CELL_SUMS)[number]]?: bigint;
} & {
  readonly month: string;
  readonly sku_id: bigint;
  readonly rate_id: bigint;
  readonly tag_set_id: bigint;
  readonly status: string;
  readonly name?: string;
  readonly quantity?: bigint;
};
