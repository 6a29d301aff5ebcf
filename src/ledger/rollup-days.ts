import type { Database } from './database.ts';

/** How a roll-up cuts time: into spans of so many hours, a day or eight, that begin `offset` hours before midnight UTC. */
export interface Cut {
  readonly hours: number | 'hours';
  readonly offset: number | 'offset_hours';
}

/** SQL: the first hour of the span that an hour lies in. Rounds down also before 1970. */
export const firstHourOf = (hour: string, { hours, offset }: Cut): string =>
  `CAST(floor((${hour} + ${offset}) * 1.0 / ${hours}) AS INTEGER) * ${hours} - ${offset}`;

/**
 * Says of which dated hours the cube's cells have changed, so that no roll-up answers for their spans until it
 * has been brought up to date. Belongs to the transaction that changes the cells.
 */
export function openStaleDays(database: Database): (hours: Iterable<number>) => void {
  const anyKept = database.prepare('SELECT 1 FROM rollup LIMIT 1');
  const mark = database.prepare(`
    INSERT INTO rollup_span (start_hour, rollup_id, fresh)
    SELECT ${firstHourOf('?', { hours: 'hours', offset: 'offset_hours' })}, id, 0 FROM rollup WHERE forgone_at IS NULL
    ON CONFLICT DO UPDATE SET fresh = 0 WHERE fresh = 1`);
  return (hours) => {
    if (anyKept.get() === undefined) return;
    for (const hour of hours) mark.run(hour);
  };
}

/** The same of every hour, for changes that may be anywhere. */
export const markAllStale = (database: Database): void =>
  void database.exec('UPDATE rollup_span SET fresh = 0 WHERE fresh = 1');
