import type { OrderedCall, OrderQuery } from '../domain/ordered-call.ts';
import {
  type Cut,
  filtersName,
  type ReplayLedger,
  type ReplayQuery,
  type RequestClass,
  sizeName,
} from '../domain/replay-question.ts';
import type { Dimension } from '../domain/spend.ts';
import type { Status } from '../domain/usage.ts';
import type { Database } from './database.ts';
import { closedMonths } from './closed-months.ts';
import { settleForQuestions } from './event-blocks.ts';
import { extentOf } from './extent.ts';
import { identifierKeys } from './identifier-tags.ts';
import { longAnswers } from './long-answers.ts';
import { orderedCalls } from './ordered-calls.ts';
import type { Sql } from './dimension-sql.ts';
import { classesInBlocks, type ReplayNames } from './replay-blocks.ts';
import { cutsWithin, type Reach } from './replay-cuts.ts';
import { ratesById, skusById } from './replay-rates.ts';
import { reachSql, type ReplaySql, replaySql } from './replay-sql.ts';
import { groupTags, type TagGroups } from './tag-groups.ts';
import { LOST_RATE } from './stored-rate.ts';
import { usageOfSums } from './usage-sums.ts';

type Value = string | bigint | null;

interface ClassRow {
  readonly [column: string]: Value;
  readonly sku_id: bigint;
  readonly rate_id: bigint;
  readonly status: Status;
  readonly time: bigint | null;
  readonly requests: bigint;
  readonly input: bigint;
  readonly cache_read: bigint;
  readonly cache_write: bigint;
  readonly output: bigint;
  readonly reasoning: bigint;
}

interface ExtraRow {
  readonly [column: string]: Value;
  readonly name: string;
  readonly quantity: bigint;
}

/** What-ifs ask the events, once each: SQL sums what is alike, whatever is done with a class costs by its number. */
export function openReplayLedger(database: Database): ReplayLedger {
  return {
    replay: (query) => replayed(database, query),
    calls: (query) => callsOf(database, query),
    longAnswers(query) {
      settleForQuestions(database);
      return longAnswers(database, query);
    },
    skus: () => [...skusById(database).values()],
    extent: () => extentOf(database, closedMonths(database)),
  };
}

/** Calls one after another, with what their ids stand for. */
function callsOf(database: Database, query: OrderQuery): Iterable<OrderedCall> {
  settleForQuestions(database);
  const [skus, rates] = [skusById(database), ratesById(database)];
  return orderedCalls(database, query, {
    skuOf: (id) => skus.get(id),
    rateOf: (id) => rates.get(id) ?? LOST_RATE,
  });
}

/** Rows that are sorted at once. Fewer take as long, more take longer. */
const STRETCH = 5_000;

type Row = Readonly<Record<string, Value>>;

/**
 * The classes of a question, in one transaction, so that nothing is re-rated between its statements. Events that are in
 * blocks are summed there, if they can be: making rows of a million takes longer than the question.
 */
function replayed(database: Database, asked: ReplayQuery): readonly RequestClass[] {
  return database.transaction(() => {
    const identifiers = identifierKeys(database);
    const groups = groupTags(database, asked.by, identifiers);
    const rates = ratesById(database);
    const names = {
      skus: skusById(database),
      rateOf: (id: number) => rates.get(id) ?? LOST_RATE,
      groups,
      identifiers,
    };
    const inBlocks = classesInBlocks(database, asked, names);
    if (inBlocks === undefined) settleForQuestions(database);
    return [...classesOfRows(database, asked, names), ...(inBlocks ?? [])];
  })();
}

function classesOfRows(
  database: Database,
  asked: ReplayQuery,
  { skus, rateOf, groups, identifiers }: ReplayNames,
): readonly RequestClass[] {
  const { text, values } = reachSql(asked, identifiers);
  const reach = database.prepare<unknown[], ReachRow>(text).get(...values);
  if (reach === undefined || reach.first_row === null || reach.last_row === null) return [];
  const query = { ...asked, cuts: cutsWithin(asked.cuts, reachOf(asked, reach)) };
  const sql = replaySql(query, identifiers, { beside: reach.beside > 0, groups });
  const keyOf = keyReader(query.by, groups);
  const rows = { first: reach.first_row, last: reach.last_row };
  const beside =
    reach.beside > 0 ? besideByClass(database, sql, rows) : new Map<string, Quantities>();
  return [...countsByClass(database, sql, rows)].flatMap(([name, row]): readonly RequestClass[] => {
    const sku = skus.get(Number(row.sku_id));
    // A sku is missing in a damaged ledger only, which doctor tells.
    if (sku === undefined) return [];
    return [
      {
        key: keyOf(row),
        sku,
        rate: rateOf(Number(row.rate_id)),
        status: row.status,
        requests: row.requests,
        usage: usageOfSums(row, beside.get(name) ?? NO_QUANTITIES),
        sample: {
          time: row.time === null ? undefined : Number(row.time),
          size: (of) => sizeOf(row, query.cuts, sizeName(of)),
          holds: (filters) => holds(row, query.cuts, filtersName(filters)),
        },
      },
    ];
  });
}

/** What a row is grouped by, in the order of the question: its tags by their number, the rest by k0, k1, ... */
function keyReader(
  by: readonly Dimension[],
  groups: TagGroups | undefined,
): (row: ClassRow) => readonly (string | null)[] {
  let others = 0;
  const readers = by.map((dimension): ((row: ClassRow) => string | null) => {
    const place = groups?.of.indexOf(dimension) ?? -1;
    if (place >= 0) return (row) => groups?.valuesOf(Number(row['tag_group'])).at(place) ?? null;
    const column = `k${others}`;
    others += 1;
    return (row) => keyText(row[column] ?? null);
  });
  return (row) => readers.map((read) => read(row));
}

interface ReachRow {
  readonly [size: `size${number}`]: number | null;
  readonly beside: number;
  readonly first_row: number | null;
  readonly last_row: number | null;
  readonly first: number | null;
  readonly last: number | null;
}

const reachOf = ({ cuts }: ReplayQuery, row: ReachRow): Reach => ({
  first: row.first ?? undefined,
  last: row.last ?? undefined,
  largest: new Map(
    cuts.flatMap((cut, index) =>
      cut.kind === 'size' ? [[sizeName(cut.of), row[`size${index}`] ?? 0]] : [],
    ),
  ),
});

/** The smallest sum that a request on its side of the cut by it can have. */
function sizeOf(row: ClassRow, cuts: readonly Cut[], name: string): number {
  const index = cuts.findIndex((cut) => cut.kind === 'size' && sizeName(cut.of) === name);
  const cut = cuts[index];
  if (cut?.kind !== 'size') throw new Error(`the question has no cut by ${name}`);
  const below = cut.above[Number(row[`side${index}`]) - 1];
  return below === undefined ? 0 : below + 1;
}

function holds(row: ClassRow, cuts: readonly Cut[], name: string): boolean {
  const index = cuts.findIndex((cut) => cut.kind === 'where' && filtersName(cut.filters) === name);
  if (index < 0) throw new Error(`the question has no cut by ${name}`);
  return row[`side${index}`] === 1n;
}

interface Rows {
  readonly first: number;
  readonly last: number;
}

/** The rows of a statement, asked for one stretch of events after another where it has to be. */
function* rowsOf<Found>(
  database: Database,
  { text, values }: Sql,
  { inStretches }: ReplaySql,
  { first, last }: Rows,
): Generator<Found> {
  const statement = database.prepare<unknown[], Found>(text).safeIntegers(true);
  if (!inStretches) return yield* statement.iterate(...values);
  for (let from = first; from <= last; from += STRETCH)
    yield* statement.all(...values, { first: from, after: from + STRETCH });
}

const nameOf = ({ names }: ReplaySql, row: Row): string =>
  JSON.stringify(names.map((name) => textOf(row[name])));

/** Sums of the same class in several stretches as one; what is smallest stays so. */
function countsByClass(
  database: Database,
  sql: ReplaySql,
  rows: Rows,
): ReadonlyMap<string, ClassRow> {
  const classes = new Map<string, ClassRow>();
  for (const row of rowsOf<ClassRow>(database, sql.counts, sql, rows)) {
    const name = nameOf(sql, row);
    const known = classes.get(name);
    classes.set(name, known === undefined ? row : joined(known, row));
  }
  return classes;
}

const joined = (one: ClassRow, other: ClassRow): ClassRow => ({
  ...one,
  time: one.time !== null && other.time !== null && other.time < one.time ? other.time : one.time,
  requests: one.requests + other.requests,
  input: one.input + other.input,
  cache_read: one.cache_read + other.cache_read,
  cache_write: one.cache_write + other.cache_write,
  output: one.output + other.output,
  reasoning: one.reasoning + other.reasoning,
});

type Quantities = ReadonlyMap<string, bigint>;

const NO_QUANTITIES: Quantities = new Map();

/** Quantities beside the plain counts, by the name of their class and their own. */
function besideByClass(
  database: Database,
  sql: ReplaySql,
  rows: Rows,
): ReadonlyMap<string, Quantities> {
  const beside = new Map<string, Map<string, bigint>>();
  for (const row of rowsOf<ExtraRow>(database, sql.extras, sql, rows)) {
    const name = nameOf(sql, row);
    const ofClass = beside.get(name) ?? new Map<string, bigint>();
    beside.set(name, ofClass);
    ofClass.set(row.name, (ofClass.get(row.name) ?? 0n) + row.quantity);
  }
  return beside;
}

const textOf = (value: Value | undefined): string | null =>
  typeof value === 'bigint' ? String(value) : (value ?? null);

const keyText = (value: Value): string | null => (typeof value === 'bigint' ? null : value);
