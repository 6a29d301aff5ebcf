import type { Database } from './database.ts';
import { EVENT_COLUMNS } from './event-placement.ts';

/** Rows that one statement inserts: past this a longer one gains nothing. */
export const ROWS_A_STATEMENT = 24;

/** Inserts rows of the event table, many a statement. */
export interface EventInserts {
  /**
   * Inserts rows in their order, at most ROWS_A_STATEMENT of them; a row whose key is there is left out.
   * Returns the keys of those that are new, or `undefined` when all are.
   */
  readonly write: (rows: readonly (readonly unknown[])[]) => Set<string> | undefined;
}

/** Opens the event table for inserting, inside the caller's transactions. */
export function openEventInserts(database: Database): EventInserts {
  const row = `(${EVENT_COLUMNS.map(() => '?').join(', ')})`;
  const inserting = (rows: number) =>
    database.prepare<unknown[]>(
      `INSERT OR IGNORE INTO event (${EVENT_COLUMNS.join(', ')}) VALUES ${Array<string>(rows).fill(row).join(', ')}`,
    );
  const one = inserting(1);
  const many = inserting(ROWS_A_STATEMENT);
  // Row ids of one statement follow each other, so the new rows are the last ones.
  const keysAfter = database
    .prepare<[number], string>('SELECT key FROM event WHERE id > ?')
    .pluck();
  return {
    write(rows) {
      if (rows.length === ROWS_A_STATEMENT) {
        const { changes, lastInsertRowid } = many.run(rows.flat());
        if (changes === rows.length) return undefined;
        return new Set(changes === 0 ? [] : keysAfter.all(Number(lastInsertRowid) - changes));
      }
      const added = rows.filter((values) => one.run(values).changes === 1);
      return added.length === rows.length ? undefined : new Set(added.map(([key]) => String(key)));
    },
  };
}
