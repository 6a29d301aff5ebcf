import type { Database } from './database.ts';
import {
  addAllValues,
  addOwnValues,
  ALL_COLUMNS,
  isUsual,
  OWN_COLUMNS,
  type PlacedEvent,
  USUAL,
} from './placed-event.ts';

/** Rows that one statement inserts: past this a longer one gains nothing. */
const ROWS_A_STATEMENT = 24;

/** Inserts rows of the event table, many a statement. */
export interface EventInserts {
  /** An event under an id that no row has. */
  readonly add: (id: number, event: PlacedEvent) => void;
  /** Writes what was added and still waits for more of its kind. */
  readonly write: () => void;
}

/** Opens the event table, or one of its shape, for inserting, inside the caller's transactions. */
export function openEventInserts(database: Database, table = 'main.event'): EventInserts {
  // What is not bound costs nothing: a value takes as long as a third of a bare row.
  const usual = openRows(database, table, { columns: OWN_COLUMNS, fixed: USUAL }, addOwnValues);
  const other = openRows(database, table, { columns: ALL_COLUMNS, fixed: {} }, addAllValues);
  return {
    add: (id, event) => (isUsual(event) ? usual : other).add(id, event),
    write() {
      usual.write();
      other.write();
    },
  };
}

interface RowShape {
  readonly columns: readonly string[];
  /** Columns with a value that all rows of the shape have, as SQL. */
  readonly fixed: Readonly<Record<string, string>>;
}

function openRows(
  database: Database,
  table: string,
  { columns, fixed }: RowShape,
  addValues: (values: unknown[], event: PlacedEvent) => void,
): EventInserts {
  const names = ['id', ...columns, ...Object.keys(fixed)];
  const row = `(${['?', ...columns.map(() => '?'), ...Object.values(fixed)].join(', ')})`;
  const inserting = (rows: number) =>
    database.prepare<unknown[]>(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES ${Array<string>(rows).fill(row).join(', ')}`,
    );
  const one = inserting(1);
  const many = inserting(ROWS_A_STATEMENT);
  const width = 1 + columns.length;
  let values: unknown[] = [];
  return {
    add(id, event) {
      values.push(id);
      addValues(values, event);
      if (values.length < width * ROWS_A_STATEMENT) return;
      // As arguments: values of a list are bound a quarter slower.
      many.run(...values);
      values = [];
    },
    write() {
      for (let at = 0; at < values.length; at += width) one.run(...values.slice(at, at + width));
      values = [];
    },
  };
}
