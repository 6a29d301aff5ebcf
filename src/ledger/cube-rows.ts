import { type Status, STATUSES } from '../domain/usage.ts';
import type { CellChange } from './corrections.ts';
import { type CubeCells, PLAIN_NUMBERS } from './cube-cells.ts';
import type { Database } from './database.ts';

/** Cells that one statement adds to. */
const CELLS_A_STATEMENT = 16;

const KEY = 'hour, sku_id, rate_id, tag_set_id, status';
/** In the order in which CubeCells gives them. */
const PLAIN =
  'hour, sku_id, rate_id, tag_set_id, requests, input, cache_read, cache_write, output, reasoning';
const REPORTED = 'reported_requests, reported_microdollars, reported_rest';

const adding = (sums: string): string =>
  sums
    .split(', ')
    .map((sum) => `${sum} = ${sum} + excluded.${sum}`)
    .join(', ');
const SUMS = PLAIN.split(', ').slice(4).join(', ');

/**
 * Opens the rows of the cube for adding what was added to cells; `taken` says that cells may be empty then, and
 * such are dropped.
 */
export function openCubeRows(database: Database): (cells: CubeCells, taken: boolean) => void {
  const addOne = openAnyRow(database);
  const plain = STATUSES.map((status) => new PlainRows(database, status));
  return (cells, taken) => {
    for (let cell = 0; cell < cells.size; cell += 1)
      if (taken || !cells.isPlain(cell)) addOne(cells.change(cell), taken);
      else plain[cells.statusOf(cell)]?.add(cells, cell);
    for (const rows of plain) rows.write();
  };
}

/** Rows of one status to which nothing was added but plain counts; that leaves ten numbers of fourteen values to bind. */
class PlainRows {
  readonly #database: Database;
  readonly #status: Status;
  readonly #numbers: number[] = [];
  #statements: ReturnType<typeof plainStatements> | undefined;

  constructor(database: Database, status: Status) {
    this.#database = database;
    this.#status = status;
  }

  add(cells: CubeCells, cell: number): void {
    const numbers = this.#numbers;
    cells.tell(cell, numbers);
    if (numbers.length < CELLS_A_STATEMENT * PLAIN_NUMBERS) return;
    this.#prepared().many.run(...numbers);
    numbers.length = 0;
  }

  /** Writes what was added and still waits for more. */
  write(): void {
    const numbers = this.#numbers;
    for (let at = 0; at < numbers.length; at += PLAIN_NUMBERS)
      this.#prepared().one.run(...numbers.slice(at, at + PLAIN_NUMBERS));
    numbers.length = 0;
  }

  #prepared(): ReturnType<typeof plainStatements> {
    return (this.#statements ??= plainStatements(this.#database, this.#status));
  }
}

function plainStatements(database: Database, status: Status) {
  const places = Array<string>(PLAIN_NUMBERS).fill('?').join(', ');
  const upserting = (rows: number): string =>
    `INSERT INTO cube (${PLAIN}, status, ${REPORTED})
     VALUES ${Array<string>(rows).fill(`(${places}, '${status}', 0, 0, 0)`).join(', ')}
     ON CONFLICT (${KEY}) DO UPDATE SET ${adding(SUMS)}`;
  return {
    one: database.prepare<number[]>(upserting(1)),
    many: database.prepare<number[]>(upserting(CELLS_A_STATEMENT)),
  };
}

/** Adds to any row, reported dollars and quantities beside the counts too. */
function openAnyRow(database: Database): (change: CellChange, taken: boolean) => void {
  const upsert = database.prepare<unknown[], { id: number }>(`
    INSERT INTO cube (${KEY}, ${SUMS}, ${REPORTED}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (${KEY}) DO UPDATE SET ${adding(SUMS)}, ${adding(REPORTED)} RETURNING id`);
  const upsertExtra = database.prepare(`
    INSERT INTO cube_extra (cube_id, name, quantity) VALUES (?, ?, ?)
    ON CONFLICT (cube_id, name) DO UPDATE SET quantity = quantity + excluded.quantity`);
  const dropEmptyExtra = database.prepare(
    'DELETE FROM cube_extra WHERE cube_id = ? AND quantity = 0',
  );
  const dropEmpty = database.prepare('DELETE FROM cube WHERE id = ? AND requests = 0');
  return ({ coordinates, sums, extra }, taken) => {
    const row = upsert.get(...coordinates, ...sums);
    if (row === undefined) return;
    for (const [name, quantity] of extra)
      if (quantity !== 0) upsertExtra.run(row.id, name, quantity);
    if (!taken) return;
    dropEmptyExtra.run(row.id);
    dropEmpty.run(row.id);
  };
}
