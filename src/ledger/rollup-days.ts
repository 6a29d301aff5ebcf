import type { Database } from './database.ts';

/** Hours in a day of a roll-up. */
export const DAY_HOURS = 24;

/** SQL: the first hour of the roll-up's day that an hour lies in. Rounds down also before 1970. */
export const firstHourOf = (hour: string, offset: string): string =>
  `CAST(floor((${hour} + ${offset}) / ${DAY_HOURS}.0) AS INTEGER) * ${DAY_HOURS} - ${offset}`;

/**
 * Says of which dated hours the cube's cells have changed, so that no roll-up answers for their days until it
 * has been brought up to date. Belongs to the transaction that changes the cells.
 */
export function openStaleDays(database: Database): (hours: Iterable<number>) => void {
  const anyKept = database.prepare('SELECT 1 FROM rollup LIMIT 1');
  const mark = database.prepare(`
    INSERT INTO rollup_day (start_hour, rollup_id, fresh)
    SELECT ${firstHourOf('?', 'offset_hours')}, id, 0 FROM rollup WHERE forgone_at IS NULL
    ON CONFLICT DO UPDATE SET fresh = 0 WHERE fresh = 1`);
  return (hours) => {
    if (anyKept.get() === undefined) return;
    for (const hour of hours) mark.run(hour);
  };
}

/** The same of every hour, for changes that may be anywhere. */
export const markAllStale = (database: Database): void =>
  void database.exec('UPDATE rollup_day SET fresh = 0 WHERE fresh = 1');
