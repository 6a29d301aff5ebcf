import type { Database } from './database.ts';

/** A month whose numbers are fixed. Hours are whole hours since 1970 UTC, half-open. */
export interface ClosedMonth {
  /** `2026-10`. */
  readonly month: string;
  /** IANA zone whose month it is. */
  readonly timeZone: string;
  readonly startHour: number;
  readonly endHour: number;
  /** Milliseconds UTC. */
  readonly closedAt: number;
  /** The cards in force when it was closed. */
  readonly cardsDigest: string;
  readonly cardsAsOf: string;
}

/** The closed months of a ledger, oldest first. */
export const closedMonths = (database: Database): readonly ClosedMonth[] =>
  database
    .prepare<[], ClosedMonth>(
      `SELECT month, time_zone AS timeZone, start_hour AS startHour, end_hour AS endHour, closed_at_ms AS closedAt,
        cards_digest AS cardsDigest, cards_as_of AS cardsAsOf FROM closed_month ORDER BY start_hour`,
    )
    .all();

/** Whether an hour lies in a closed month. */
export const holdsHour = ({ startHour, endHour }: ClosedMonth, hour: number): boolean =>
  hour >= startHour && hour < endHour;

/** The sums of a cell, in the order that statements bind them. */
export const CELL_SUMS = [
  'requests',
  'input',
  'cache_read',
  'cache_write',
  'output',
  'reasoning',
  'reported_requests',
  'reported_microdollars',
  'reported_rest',
] as const;

const COLUMNS = `hour, sku_id, rate_id, tag_set_id, status, ${CELL_SUMS.join(', ')}`;

/** Copies the cube's cells of a month, and the cards that priced them. Belongs to the caller's transaction. */
export function freezeMonth(database: Database, closing: ClosedMonth): void {
  const { month, startHour, endHour } = closing;
  database
    .prepare(
      `INSERT INTO closed_month (month, time_zone, start_hour, end_hour, closed_at_ms, cards_digest, cards_as_of)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      month,
      closing.timeZone,
      startHour,
      endHour,
      closing.closedAt,
      closing.cardsDigest,
      closing.cardsAsOf,
    );
  database
    .prepare(
      'INSERT INTO closed_card (month, provider, as_of, digest) SELECT ?, provider, as_of, digest FROM rated_card',
    )
    .run(month);
  database
    .prepare(
      `INSERT INTO closed_cell (month, ${COLUMNS}) SELECT ?, ${COLUMNS} FROM cube WHERE hour >= ? AND hour < ?`,
    )
    .run(month, startHour, endHour);
  database
    .prepare(
      `INSERT INTO closed_cell_extra (cell_id, name, quantity)
       SELECT c.id, x.name, x.quantity FROM cube
       JOIN cube_extra x ON x.cube_id = cube.id
       JOIN closed_cell c ON c.month = ? AND c.hour = cube.hour AND c.sku_id = cube.sku_id AND c.rate_id = cube.rate_id
         AND c.tag_set_id = cube.tag_set_id AND c.status = cube.status
       WHERE cube.hour >= ? AND cube.hour < ?`,
    )
    .run(month, startHour, endHour);
}

/** Drops what was fixed of a month and every correction of it. Belongs to the caller's transaction. */
export function thawMonth(database: Database, month: string): void {
  for (const table of ['closed_cell', 'correction_cell']) {
    database
      .prepare(
        `DELETE FROM ${table}_extra WHERE cell_id IN (SELECT id FROM ${table} WHERE month = ?)`,
      )
      .run(month);
    database.prepare(`DELETE FROM ${table} WHERE month = ?`).run(month);
  }
  database.prepare('DELETE FROM closed_card WHERE month = ?').run(month);
  database.prepare('DELETE FROM closed_month WHERE month = ?').run(month);
}
