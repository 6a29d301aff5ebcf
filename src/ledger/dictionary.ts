import type { Database } from './database.ts';

/** Gives texts that repeat a number, kept in a table of the ledger. Ids never change and are never reused. */
export interface Dictionary<Entry> {
  /** The id of an entry by its key; `add` is asked for the row only when the key is new. */
  readonly id: (key: string, entry: () => Entry) => number;
}

/** Most keys that a dictionary keeps in memory; past that it asks the table again. */
const REMEMBERED = 200_000;

/** A dictionary over a table with columns `id` and `key`; `insert` writes the rest of a new row. */
export function createDictionary<Entry>(
  database: Database,
  table: 'sku' | 'tag_set' | 'rate',
  insert: (key: string, entry: Entry) => number,
): Dictionary<Entry> {
  const find = database.prepare<[string], { id: number }>(`SELECT id FROM ${table} WHERE key = ?`);
  const known = new Map<string, number>();
  return {
    id(key, entry) {
      const remembered = known.get(key);
      if (remembered !== undefined) return remembered;
      const id = find.get(key)?.id ?? insert(key, entry());
      if (known.size >= REMEMBERED) known.clear();
      known.set(key, id);
      return id;
    },
  };
}
