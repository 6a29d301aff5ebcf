import { CELL_SUMS } from './closed-months.ts';
import { NO_HOUR } from './cube-cells.ts';
import type { Database } from './database.ts';
import { LABEL } from './event-row.ts';
import { packSums } from './packed-sums.ts';
import { firstHourOf } from './rollup-days.ts';

/** A roll-up that is kept: the cube by spans of time, with only a few tags told apart. */
export interface Rollup {
  readonly id: number;
  /** Names of tags, in order. */
  readonly keys: readonly string[];
  /** How long its spans are: one of ROLLUP_HOURS. */
  readonly hours: number;
  /** They begin so many hours before midnight UTC, 0 to 23. */
  readonly offset: number;
}

/**
 * Hours in the spans of roll-ups, shortest first: a day, then always eight times as many. Spans of 8 days are
 * summed from the cube, as days are; longer ones from those eight times shorter.
 */
export const ROLLUP_HOURS = [24, 8 * 24, 64 * 24, 512 * 24] as const;
const TIMES_SHORTER = 8;
/** Hours that are summed from the cube by one statement: bounds the memory that sorting them takes. */
const HOURS_AT_ONCE = 8 * 24;
/** Most roll-ups of a ledger; the oldest gives way. A question may use one of each length. */
const MOST_KEPT = 128;
/** A roll-up that is not at least so many times shorter than the cube is not worth its place on disk. */
const WORTH = 2.5;

/** Makes a roll-up, with all its spans still to be summed. Belongs to the caller's transaction. */
export function createRollup(
  database: Database,
  { keys, hours, offset }: Omit<Rollup, 'id'>,
): Rollup {
  const ids = database.prepare<[], { id: number }>('SELECT id FROM rollup ORDER BY id').all();
  for (const { id } of ids.slice(0, Math.max(0, ids.length + 1 - MOST_KEPT)))
    dropRollup(database, id);
  const { lastInsertRowid } = database
    .prepare('INSERT INTO rollup (keys, hours, offset_hours, tag_sets) VALUES (?, ?, ?, 0)')
    .run(JSON.stringify(keys), hours, offset);
  const id = Number(lastInsertRowid);
  const rollup: Rollup = { id, keys, hours, offset };
  findSpans(database, rollup);
  return rollup;
}

const findSpans = (database: Database, { id, ...cut }: Rollup): void =>
  void database
    .prepare(
      `INSERT INTO rollup_span (start_hour, rollup_id, fresh)
       SELECT DISTINCT ${firstHourOf('hour', cut)}, ?, 0 FROM cube WHERE hour <> ${NO_HOUR}`,
    )
    .run(id);

const DEPENDENT = [
  'rollup_span',
  'rollup_values',
  'rollup_tag_set',
  'rollup_cell',
  'rollup_cell_extra',
  'rollup_sums',
];

const empty = (database: Database, id: number): void => {
  for (const table of DEPENDENT)
    database.prepare(`DELETE FROM ${table} WHERE rollup_id = ?`).run(id);
};

/** Drops a roll-up. Belongs to the caller's transaction. */
export function dropRollup(database: Database, id: number): void {
  empty(database, id);
  database.prepare('DELETE FROM rollup WHERE id = ?').run(id);
}

/** Drops what a roll-up sums and remembers that it was not worth it, at so many cells of the cube. */
export function forgoRollup(database: Database, id: number, cells: number): void {
  empty(database, id);
  database.prepare('UPDATE rollup SET forgone_at = ?, tag_sets = 0 WHERE id = ?').run(cells, id);
}

/** Sums every roll-up anew from the cube. Belongs to the caller's transaction. */
export function rebuildRollups(database: Database): void {
  const kept = database
    .prepare<[], { id: number; keys: string; hours: number; offset: number }>(
      'SELECT id, keys, hours, offset_hours AS offset FROM rollup WHERE forgone_at IS NULL ORDER BY hours',
    )
    .all();
  for (const { id, keys, ...cut } of kept) {
    const rollup: Rollup = { id, keys: JSON.parse(keys), ...cut };
    empty(database, id);
    database.prepare('UPDATE rollup SET tag_sets = 0 WHERE id = ?').run(id);
    findSpans(database, rollup);
    for (const run of runsOf(staleSpans(database, rollup, ALWAYS), rollup))
      sumSpans(database, rollup, run);
  }
}

const ALWAYS = { from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER };

/** First hours of the spans between two hours that a roll-up has to sum again, in order. */
export const staleSpans = (
  database: Database,
  { id }: Rollup,
  { from, to }: Run,
): readonly number[] =>
  database
    .prepare<[number, number, number], { start: number }>(
      'SELECT start_hour AS start FROM rollup_span WHERE start_hour >= ? AND start_hour < ? AND rollup_id = ? AND fresh = 0 ORDER BY 1',
    )
    .all(from, to, id)
    .map(({ start }) => start);

/** Hours that follow each other, half-open. */
export interface Run {
  readonly from: number;
  readonly to: number;
}

/** Spans that follow each other, a few at a time. */
export function runsOf(starts: readonly number[], { hours }: Rollup): readonly Run[] {
  const runs: Run[] = [];
  for (const from of starts) {
    const last = runs.at(-1);
    const to = from + hours;
    if (last !== undefined && last.to === from && to - last.from <= HOURS_AT_ONCE)
      runs[runs.length - 1] = { from: last.from, to };
    else runs.push({ from, to });
  }
  return runs;
}

/** Sums spans that follow each other anew. Belongs to the caller's transaction. */
export function sumSpans(database: Database, rollup: Rollup, run: Run): void {
  const { id } = rollup;
  const { from, to } = run;
  for (const table of ['rollup_cell', 'rollup_cell_extra'])
    database
      .prepare(`DELETE FROM ${table} WHERE rollup_id = ? AND hour >= ? AND hour < ?`)
      .run(id, from, to);
  const shorter = shorterOf(database, rollup, run);
  if (shorter === undefined) sumCube(database, rollup, run);
  else addShorter(database, rollup, shorter, run);
  // Longer ones are what reports read as a whole.
  if (rollup.hours > HOURS_AT_ONCE) packSums(database, id, from);
  database
    .prepare(
      'UPDATE rollup_span SET fresh = 1 WHERE start_hour >= ? AND start_hour < ? AND rollup_id = ?',
    )
    .run(from, to, id);
}

/** The roll-up that a longer one is summed from, if it is there and up to date. */
function shorterOf(
  database: Database,
  { keys, hours, offset }: Rollup,
  { from, to }: Run,
): number | undefined {
  if (hours <= HOURS_AT_ONCE) return undefined;
  return database
    .prepare<[string, number, number, number, number], { id: number }>(
      `SELECT id FROM rollup WHERE keys = ? AND hours = ? AND offset_hours = ? AND forgone_at IS NULL AND NOT EXISTS
         (SELECT 1 FROM rollup_span WHERE start_hour >= ? AND start_hour < ? AND rollup_id = rollup.id AND fresh = 0)`,
    )
    .get(JSON.stringify(keys), hours / TIMES_SHORTER, offset, from, to)?.id;
}

const CELL_KEY = 'rollup_id, hour, tag_set_id, rate_id, sku_id, status';

/** Adds spans of a shorter roll-up one after another, in the order in which both are kept: nothing is sorted. */
function addShorter(database: Database, rollup: Rollup, shorter: number, { from, to }: Run): void {
  const first = firstHourOf('hour', rollup);
  const others = `tag_set_id, rate_id, sku_id, status`;
  const added = (sum: string): string => `${sum} = ${sum} + excluded.${sum}`;
  const ofSpan = 'WHERE rollup_id = ? AND hour = ?';
  const addCells = database.prepare(
    `INSERT INTO rollup_cell (${CELL_KEY}, ${CELL_SUMS.join(', ')})
     SELECT ?, ${first}, ${others}, ${CELL_SUMS.join(', ')} FROM rollup_cell ${ofSpan}
     ON CONFLICT (${CELL_KEY}) DO UPDATE SET ${CELL_SUMS.map(added).join(', ')}`,
  );
  const addExtras = database.prepare(
    `INSERT INTO rollup_cell_extra (${CELL_KEY}, name, quantity)
     SELECT ?, ${first}, ${others}, name, quantity FROM rollup_cell_extra ${ofSpan}
     ON CONFLICT (${CELL_KEY}, name) DO UPDATE SET ${added('quantity')}`,
  );
  for (let hour = from; hour < to; hour += rollup.hours / TIMES_SHORTER)
    for (const add of [addCells, addExtras]) add.run(rollup.id, shorter, hour);
}

function sumCube(database: Database, rollup: Rollup, { from, to }: Run): void {
  const { id } = rollup;
  mapTagSets(database, rollup);
  const place = `${firstHourOf('hour', rollup)}, counted_under, rate_id, sku_id, status`;
  const cells = `cube JOIN rollup_tag_set m ON m.rollup_id = ? AND m.tag_set_id = cube.tag_set_id`;
  const ofRun = 'WHERE hour >= ? AND hour < ?';
  database
    .prepare(
      `INSERT INTO rollup_cell (${CELL_KEY}, ${CELL_SUMS.join(', ')})
       SELECT ?, ${place}, ${CELL_SUMS.map((sum) => `sum(${sum})`).join(', ')}
       FROM ${cells} ${ofRun} GROUP BY 2, 3, 4, 5, 6`,
    )
    .run(id, id, from, to);
  database
    .prepare(
      `INSERT INTO rollup_cell_extra (${CELL_KEY}, name, quantity)
       SELECT ?, ${place}, name, sum(quantity)
       FROM ${cells} JOIN cube_extra ON cube_id = cube.id ${ofRun} GROUP BY 2, 3, 4, 5, 6, 7`,
    )
    .run(id, id, from, to);
}

/** Finds for tag sets that came since under which one a roll-up counts them. */
function mapTagSets(database: Database, { id, keys }: Rollup): void {
  const newest =
    database.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM tag_set').get()?.id ?? 0;
  const { tag_sets: known = 0 } =
    database
      .prepare<[number], { tag_sets: number }>('SELECT tag_sets FROM rollup WHERE id = ?')
      .get(id) ?? {};
  if (newest <= known) return;
  const { values, joins, bound } = valuesOf(keys, 'tag_set.id');
  database
    .prepare(
      `INSERT OR IGNORE INTO rollup_values (rollup_id, tag_values, tag_set_id)
       SELECT ?, ${values}, tag_set.id FROM tag_set ${joins} WHERE tag_set.id > ? ORDER BY tag_set.id`,
    )
    .run(id, ...bound, known);
  database
    .prepare(
      `INSERT INTO rollup_tag_set (rollup_id, tag_set_id, counted_under)
       SELECT v.rollup_id, tag_set.id, v.tag_set_id FROM tag_set ${joins}
       JOIN rollup_values v ON v.rollup_id = ? AND v.tag_values = ${values} WHERE tag_set.id > ?`,
    )
    .run(...bound, id, known);
  database.prepare('UPDATE rollup SET tag_sets = ? WHERE id = ?').run(newest, id);
}

/** SQL: what a tag set says of some tags, and of the labels of their names, as one text. */
export function valuesOf(
  keys: readonly string[],
  tagSet: string,
): { readonly values: string; readonly joins: string; readonly bound: readonly string[] } {
  const bound = keys.flatMap((key) => [key, `${LABEL}${key}`]);
  return {
    values: `json_array(${bound.map((_, index) => `v${index}.value`).join(', ')})`,
    joins: bound
      .map(
        (_, index) =>
          `LEFT JOIN tag v${index} ON v${index}.key = ? AND v${index}.tag_set_id = ${tagSet}`,
      )
      .join(' '),
    bound,
  };
}

/** Whether a roll-up is so much shorter than the cube that it is worth keeping, judged by some of its spans. */
export function isWorthKeeping(database: Database, { id }: Rollup, { from, to }: Run): boolean {
  const { own = 0, cells = 0 } =
    database
      .prepare<[number, number, number, number, number], { own: number; cells: number }>(
        `SELECT (SELECT count(*) FROM rollup_cell WHERE rollup_id = ? AND hour >= ? AND hour < ?) AS own,
          (SELECT count(*) FROM cube WHERE hour >= ? AND hour < ?) AS cells`,
      )
      .get(id, from, to, from, to) ?? {};
  return own * WORTH <= cells;
}
