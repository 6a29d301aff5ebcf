/** What an adapter of tables says of the columns it knows; see Adapter.columns. */
interface KnowsColumns {
  readonly id: string;
  readonly columns?: readonly string[];
}

/** Looks at the header of each table once. */
export interface ColumnWatch {
  readonly look: (adapter: KnowsColumns, record: unknown) => void;
}

/**
 * Tells which columns of a table its adapter does not know: a new one may carry tokens or money that are
 * not read, a renamed one certainly does. All rows of a table have the same columns, so one row tells.
 */
export function createColumnWatch(unknown: (adapter: string, column: string) => void): ColumnWatch {
  const seen = new Set<string>();
  return {
    look({ id, columns }, record) {
      if (columns === undefined || seen.has(id) || typeof record !== 'object' || record === null)
        return;
      seen.add(id);
      const names = new Set(columns.filter((column) => !column.endsWith('*')));
      const prefixes = columns
        .filter((column) => column.endsWith('*'))
        .map((each) => each.slice(0, -1));
      for (const column of Object.keys(record)) {
        const name = column.trim().toLowerCase();
        if (name !== '' && !names.has(name) && !prefixes.some((prefix) => name.startsWith(prefix)))
          unknown(id, column.trim());
      }
    },
  };
}
