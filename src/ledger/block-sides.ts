import { matchesHours } from '../domain/price-row.ts';
import type { Count, Cut } from '../domain/replay-question.ts';
import type { Filter } from '../domain/spend.ts';
import { STATUSES } from '../domain/usage.ts';
import type { BlockColumns } from './block-reading.ts';
import { carrierOf, filterClause } from './dimension-sql.ts';
import type { Database } from './database.ts';

/** On which side of a cut an event lies: a whole number below `size`. */
export interface Side {
  readonly size: number;
  readonly of: (columns: BlockColumns, row: number) => number;
}

/** How to tell the side of a cut from the columns of a block. */
export function sideOf(cut: Cut, database: Database, identifiers: ReadonlySet<string>): Side {
  switch (cut.kind) {
    case 'time':
      return {
        size: cut.instants.length + 1,
        of: ({ time }, row) => countUpTo(cut.instants, time[row] ?? Number.NaN),
      };
    case 'size': {
      const sum = sumOf(cut.of);
      return {
        size: cut.above.length + 1,
        // What is above a size is at least the next one.
        of: (columns, row) => countUpTo(cut.above, sum(columns, row) - 1),
      };
    }
    case 'hours':
      return {
        size: cut.blocks.length + 1,
        of({ time }, row) {
          const at = time[row] ?? Number.NaN;
          return Number.isNaN(at)
            ? 0
            : cut.blocks.findIndex((block) => matchesHours(block, at)) + 1;
        },
      };
    case 'where': {
      const passes = passing(database, cut.filters, identifiers);
      return { size: 2, of: (columns, row) => (passes(columns, row) ? 1 : 0) };
    }
  }
}

/** How many of some ascending numbers are at most a value; none are for NaN. */
function countUpTo(numbers: readonly number[], value: number): number {
  let count = 0;
  for (const number of numbers) if (number <= value) count += 1;
  return count;
}

const COLUMN = {
  input: 'input',
  cache_read: 'cacheRead',
  cache_write: 'cacheWrite',
  output: 'output',
} as const satisfies Record<Count, keyof BlockColumns>;

const sumOf =
  (of: readonly Count[]) =>
  (columns: BlockColumns, row: number): number => {
    let sum = 0;
    for (const count of of) sum += numberAt(columns[COLUMN[count]], row);
    return sum;
  };

/** A count of an event; none where its source does not say. */
export const numberAt = (column: Float64Array, row: number): number => column[row] || 0;

/** Whether an event of a block passes filters. */
export type Passing = (columns: BlockColumns, row: number) => boolean;

/** A test of filters: which skus, tag sets and statuses pass is asked once for all of them. */
export function passing(
  database: Database,
  filters: readonly Filter[],
  identifiers: ReadonlySet<string>,
): Passing {
  if (filters.length === 0) return () => true;
  const ids = (carrier: keyof typeof CARRIERS): ReadonlySet<number> | undefined => {
    const own = filters.filter(({ dimension }) => carrierOf(dimension) === carrier);
    if (own.length === 0) return undefined;
    const clauses = own.map((filter) => filterClause(filter, 's', identifiers));
    const rows = database
      .prepare<unknown[], number>(
        `SELECT s.id FROM (${CARRIERS[carrier]}) s WHERE ${clauses.map(({ text }) => text).join(' AND ')}`,
      )
      .pluck()
      .all(...clauses.flatMap(({ values }) => values));
    return new Set(rows);
  };
  const [skus, tagSets, statuses] = [ids('sku_id'), ids('tag_set_id'), ids('status')];
  return ({ skuId, tagSetId, status }, row) =>
    (skus === undefined || skus.has(skuId[row] ?? 0)) &&
    (tagSets === undefined || tagSets.has(tagSetId[row] ?? 0)) &&
    (statuses === undefined || statuses.has(status[row] ?? 0));
}

/** SQL: all that a column of events may hold, with the number that blocks have for it. */
const CARRIERS = {
  sku_id: 'SELECT id, id AS sku_id FROM sku',
  tag_set_id: 'SELECT id, id AS tag_set_id FROM tag_set',
  status: STATUSES.map((name, index) => `SELECT ${index} AS id, '${name}' AS status`).join(
    ' UNION ALL ',
  ),
} as const;
