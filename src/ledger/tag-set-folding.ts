import { CELL_SUMS } from './closed-months.ts';
import type { Database } from './database.ts';
import { settleBlocks } from './event-blocks.ts';
import { isKeptApart, type TagPairs } from './event-row.ts';
import { dropRollup } from './rollup-building.ts';
import { openTagSets } from './tag-sets.ts';

/** Tag sets that are read at once. */
const BATCH = 10_000;

/**
 * Takes tags out of the tag sets they are in and keeps them with each call. Tag sets that are alike without
 * them become one, and so do their cells: every sum stays what it was. Roll-ups are dropped; the next reports
 * make them again. Belongs to the caller's transaction, and the cube has to be written before.
 */
export function foldTagSets(database: Database, keys: ReadonlySet<string>): void {
  database.exec(`
    CREATE TEMP TABLE IF NOT EXISTS folded_tag_set (
      id INTEGER PRIMARY KEY, into_id INTEGER NOT NULL, identifiers TEXT NOT NULL);
    DELETE FROM folded_tag_set;`);
  if (!findFolds(database, keys)) return;
  settleBlocks(database);
  database.exec(`
    UPDATE main.event SET tag_set_id = f.into_id, identifiers = json_patch(coalesce(main.event.identifiers, '{}'), f.identifiers)
      FROM folded_tag_set f WHERE f.id = main.event.tag_set_id`);
  foldCells(database, { table: 'cube', cell: 'cube_id', key: [] });
  for (const table of ['closed_cell', 'correction_cell'])
    foldCells(database, { table, cell: 'cell_id', key: ['month'] });
  for (const id of database.prepare<[], number>('SELECT id FROM rollup').pluck().all())
    dropRollup(database, id);
  database.exec(`
    DELETE FROM tag WHERE tag_set_id IN (SELECT id FROM folded_tag_set);
    DELETE FROM tag_set WHERE id IN (SELECT id FROM folded_tag_set);
    DELETE FROM folded_tag_set;`);
}

/** Finds into which tag set each one goes that has such a tag; whether there are any. */
function findFolds(database: Database, keys: ReadonlySet<string>): boolean {
  const batch = database.prepare<[string, number, number], { id: number; key: string }>(
    `SELECT id, key FROM tag_set
     WHERE id IN (SELECT tag_set_id FROM tag WHERE tag.key IN (SELECT value FROM json_each(?))) AND id > ? ORDER BY id LIMIT ?`,
  );
  const keep = database.prepare(
    'INSERT INTO folded_tag_set (id, into_id, identifiers) VALUES (?, ?, ?)',
  );
  const sets = openTagSets(database, () => keys);
  const last =
    database.prepare<[], number | null>('SELECT max(id) FROM tag_set').pluck().get() ?? 0;
  let found = false;
  for (let after = 0; after < last;) {
    const rows = batch.all(JSON.stringify([...keys]), after, BATCH);
    for (const { id, key } of rows) {
      const pairs: TagPairs = JSON.parse(key);
      const apart = pairs.filter(([name, value]) => isKeptApart(name, value, keys));
      if (apart.length === 0) continue;
      found = true;
      const rest = pairs.filter((pair) => !apart.includes(pair));
      keep.run(id, sets.id(rest), JSON.stringify(Object.fromEntries(apart)));
    }
    after = rows.at(-1)?.id ?? last;
  }
  return found;
}

interface CellTable {
  readonly table: string;
  /** What its table of other quantities calls a cell. */
  readonly cell: string;
  /** Columns of its key beside those of every cell. */
  readonly key: readonly string[];
}

const CELL = ['hour', 'sku_id', 'rate_id', 'status'];

/** Adds cells of tag sets that are folded to those of the tag sets they go into. */
function foldCells(database: Database, { table, cell, key }: CellTable): void {
  const place = [...key, ...CELL];
  const old = `${table} o JOIN folded_tag_set f ON f.id = o.tag_set_id`;
  const added = (sum: string): string => `${sum} = ${sum} + excluded.${sum}`;
  database.exec(`
    INSERT INTO ${table} (${place.join(', ')}, tag_set_id, ${CELL_SUMS.join(', ')})
      SELECT ${place.map((column) => `o.${column}`).join(', ')}, f.into_id, ${CELL_SUMS.map((sum) => `sum(o.${sum})`).join(', ')}
      FROM ${old} GROUP BY ${place.map((column) => `o.${column}`).join(', ')}, f.into_id
      ON CONFLICT DO UPDATE SET ${CELL_SUMS.map(added).join(', ')};
    INSERT INTO ${table}_extra (${cell}, name, quantity)
      SELECT n.id, x.name, sum(x.quantity)
      FROM ${old} JOIN ${table}_extra x ON x.${cell} = o.id
      JOIN ${table} n ON n.tag_set_id = f.into_id AND ${place.map((column) => `n.${column} = o.${column}`).join(' AND ')}
      GROUP BY n.id, x.name
      ON CONFLICT DO UPDATE SET ${added('quantity')};
    DELETE FROM ${table}_extra WHERE ${cell} IN (SELECT o.id FROM ${old});
    DELETE FROM ${table} WHERE tag_set_id IN (SELECT id FROM folded_tag_set);`);
}
