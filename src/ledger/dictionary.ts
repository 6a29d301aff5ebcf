import type { Database } from './database.ts';

/** Gives texts that repeat a number, kept in a table of the ledger. Ids never change and are never reused. */
export interface Dictionary<Entry> {
  /** The id of an entry by its key; `add` is asked for the row only when the key is new. */
  readonly id: (key: string, entry: () => Entry) => number;
}

/** Most keys that a dictionary keeps in memory; past that it asks the table again. */
const REMEMBERED = 200_000;

/**
 * A dictionary over a table with columns `id` and `key`; `insert` writes a new row and gives its id, or `undefined`
 * where the table has the key.
 */
export function createDictionary<Entry>(
  database: Database,
  table: 'sku' | 'tag_set' | 'rate',
  insert: (key: string, entry: Entry) => number | undefined,
): Dictionary<Entry> {
  const find = database.prepare<[string], { id: number }>(`SELECT id FROM ${table} WHERE key = ?`);
  const known = new Map<string, number>();
  let lastWasNew = false;
  const idOf = (key: string, entry: Entry): number => {
    // What is new comes in rows, and need not be looked for then.
    const present = lastWasNew ? undefined : find.get(key)?.id;
    const made = present === undefined ? insert(key, entry) : undefined;
    lastWasNew = made !== undefined;
    const id = present ?? made ?? find.get(key)?.id;
    if (id === undefined) throw new Error(`${table} lacks a key that it has`);
    return id;
  };
  return {
    id(key, entry) {
      const remembered = known.get(key);
      if (remembered !== undefined) return remembered;
      const id = idOf(key, entry());
      if (known.size >= REMEMBERED) known.clear();
      known.set(key, id);
      return id;
    },
  };
}

/** The id of the row that an INSERT OR IGNORE made; `undefined` when it was there. */
export const newRow = ({
  changes,
  lastInsertRowid,
}: ReturnType<ReturnType<Database['prepare']>['run']>): number | undefined =>
  changes === 0 ? undefined : Number(lastInsertRowid);
