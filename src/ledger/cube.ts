import { type CellChange, type Clock, openCorrections } from './corrections.ts';
import { CubeCells, type CubeChange, NO_HOUR } from './cube-cells.ts';
import type { Database } from './database.ts';
import { openStaleDays } from './rollup-days.ts';

/** Collects changes to cells and writes each cell once. Belongs to one transaction. */
export interface CubeChanges {
  /** `sign` is -1 to take an event out again. */
  readonly add: (change: CubeChange, sign: 1 | -1) => void;
  readonly write: () => void;
}

/** Opens the cube for the changes of one transaction after another; `now` dates corrections of closed months. */
export function openCube(database: Database, now: Clock): CubeChanges {
  const upsert = openUpsert(database);
  const correct = openCorrections(database, now);
  const markStale = openStaleDays(database);
  const cells = new CubeCells();
  let taken = false;

  const flush = (): void => {
    const changes = [...cells.changes()];
    for (const change of changes) upsert.add(change, taken);
    upsert.write();
    correct(changes);
    markStale(datedHours(changes));
    cells.clear();
    taken = false;
  };

  return {
    add(change, sign) {
      if (!cells.add(change, sign)) {
        flush();
        cells.add(change, sign);
      }
      if (sign < 0) taken = true;
    },
    write: flush,
  };
}

const datedHours = (changes: readonly CellChange[]): ReadonlySet<number> =>
  new Set(changes.map(({ coordinates: [hour] }) => hour).filter((hour) => hour !== NO_HOUR));

const COLUMNS =
  'hour, sku_id, rate_id, tag_set_id, status, requests, input, cache_read, cache_write, output, reasoning, reported_requests, reported_microdollars, reported_rest';
const ROW = '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)';
const ADDED = COLUMNS.split(', ')
  .slice(5)
  .map((sum) => `${sum} = ${sum} + excluded.${sum}`)
  .join(', ');
/** Cells that one statement adds to. */
const CELLS_A_STATEMENT = 16;

interface Upsert {
  /** `taken` says that the cell may be empty now, and is dropped then. */
  readonly add: (change: CellChange, taken: boolean) => void;
  /** Writes what was added and still waits for more. */
  readonly write: () => void;
}

function openUpsert(database: Database): Upsert {
  const upserting = (rows: number, end: string): string =>
    `INSERT INTO cube (${COLUMNS}) VALUES ${Array<string>(rows).fill(ROW).join(', ')}
     ON CONFLICT (hour, sku_id, rate_id, tag_set_id, status) DO UPDATE SET ${ADDED} ${end}`;
  const one = database.prepare<unknown[], { id: number }>(upserting(1, 'RETURNING id'));
  const many = database.prepare<unknown[]>(upserting(CELLS_A_STATEMENT, ''));
  const { upsertExtra, dropEmptyExtra, dropEmpty } = extraStatements(database);
  let waiting: CellChange[] = [];

  const addOne = ({ coordinates, sums, extra }: CellChange, taken: boolean): void => {
    const row = one.get(...coordinates, ...sums);
    if (row === undefined) return;
    for (const [name, quantity] of extra)
      if (quantity !== 0) upsertExtra.run(row.id, name, quantity);
    if (!taken) return;
    dropEmptyExtra.run(row.id);
    dropEmpty.run(row.id);
  };

  return {
    add(change, taken) {
      if (taken || change.extra.size > 0) return addOne(change, taken);
      waiting.push(change);
      if (waiting.length < CELLS_A_STATEMENT) return;
      many.run(...waiting.flatMap(({ coordinates, sums }) => [...coordinates, ...sums]));
      waiting = [];
    },
    write() {
      for (const change of waiting) addOne(change, false);
      waiting = [];
    },
  };
}

function extraStatements(database: Database) {
  const upsertExtra = database.prepare(`
    INSERT INTO cube_extra (cube_id, name, quantity) VALUES (?, ?, ?)
    ON CONFLICT (cube_id, name) DO UPDATE SET quantity = quantity + excluded.quantity`);
  const dropEmptyExtra = database.prepare(
    'DELETE FROM cube_extra WHERE cube_id = ? AND quantity = 0',
  );
  const dropEmpty = database.prepare('DELETE FROM cube WHERE id = ? AND requests = 0');
  return { upsertExtra, dropEmptyExtra, dropEmpty };
}
