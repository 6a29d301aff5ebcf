import type { UsageTotals } from '../domain/meters.ts';
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
import { PARTS, type Part, type Status } from '../domain/usage.ts';
import type { Database } from './database.ts';
import { closedMonths } from './closed-months.ts';
import { extentOf } from './extent.ts';
import { identifierKeys } from './identifier-tags.ts';
import { longAnswers } from './long-answers.ts';
import { orderedCalls } from './ordered-calls.ts';
import type { Sql } from './dimension-sql.ts';
import { cutsWithin, type Reach } from './replay-cuts.ts';
import { ratesById, skusById } from './replay-rates.ts';
import { reachSql, type ReplaySql, replaySql } from './replay-sql.ts';
import { groupTags, type TagGroups } from './tag-groups.ts';
import { LOST_RATE } from './stored-rate.ts';

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
    longAnswers: (query) => longAnswers(database, query),
    skus: () => [...skusById(database).values()],
    extent: () => extentOf(database, closedMonths(database)),
  };
}

/** Calls one after another, with what their ids stand for. */
function callsOf(database: Database, query: OrderQuery): Iterable<OrderedCall> {
  const [skus, rates] = [skusById(database), ratesById(database)];
  return orderedCalls(database, query, {
    skuOf: (id) => skus.get(id),
    rateOf: (id) => rates.get(id) ?? LOST_RATE,
  });
}

/** Rows that are sorted at once. Fewer take as long, more take longer. */
const STRETCH = 5_000;

type Row = Readonly<Record<string, Value>>;

/** The classes of a question, in one transaction, so that nothing is re-rated between its statements. */
function replayed(database: Database, asked: ReplayQuery): readonly RequestClass[] {
  return database.transaction(() => {
    const identifiers = identifierKeys(database);
    const { text, values } = reachSql(asked, identifiers);
    const reach = database.prepare<unknown[], ReachRow>(text).get(...values);
    if (reach === undefined || reach.first_row === null || reach.last_row === null) return [];
    const query = { ...asked, cuts: cutsWithin(asked.cuts, reachOf(asked, reach)) };
    const groups = groupTags(database, query.by, identifiers);
    const sql = replaySql(query, identifiers, { beside: reach.beside > 0, groups });
    const keyOf = keyReader(query.by, groups);
    const places = placesOf(query.cuts);
    const rows = { first: reach.first_row, last: reach.last_row };
    const beside =
      reach.beside > 0 ? besideByClass(database, sql, rows) : new Map<string, Quantities>();
    const skus = skusById(database);
    const rates = ratesById(database);
    return [...countsByClass(database, sql, rows)].flatMap(
      ([name, row]): readonly RequestClass[] => {
        const sku = skus.get(Number(row.sku_id));
        // A sku is missing in a damaged ledger only, which doctor tells.
        if (sku === undefined) return [];
        const rate = rates.get(Number(row.rate_id)) ?? LOST_RATE;
        const usage = usageOf(row, beside.get(name) ?? NO_QUANTITIES);
        return [
          {
            key: keyOf(row),
            sku,
            rate,
            status: row.status,
            requests: row.requests,
            usage,
            sample: {
              time: row.time === null ? undefined : Number(row.time),
              size: (of) => sizeOf(row, places, sizeName(of)),
              holds: (filters) => holds(row, places, filtersName(filters)),
            },
          },
        ];
      },
    );
  })();
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

/** Where the cuts of a question stand, by what they cut. */
interface Places {
  readonly sizes: ReadonlyMap<string, { readonly side: string; readonly above: readonly number[] }>;
  readonly conditions: ReadonlyMap<string, string>;
}

const placesOf = (cuts: readonly Cut[]): Places => ({
  sizes: new Map(
    cuts.flatMap((cut, index) =>
      cut.kind === 'size'
        ? [[sizeName(cut.of), { side: `side${index}`, above: cut.above }] as const]
        : [],
    ),
  ),
  conditions: new Map(
    cuts.flatMap((cut, index) =>
      cut.kind === 'where' ? [[filtersName(cut.filters), `side${index}`] as const] : [],
    ),
  ),
});

/** The smallest sum that a request on its side of the cut by it can have. */
function sizeOf(row: ClassRow, { sizes }: Places, name: string): number {
  const cut = sizes.get(name);
  if (cut === undefined) throw new Error(`the question has no cut by ${name}`);
  const below = cut.above[Number(row[cut.side]) - 1];
  return below === undefined ? 0 : below + 1;
}

function holds(row: ClassRow, { conditions }: Places, name: string): boolean {
  const side = conditions.get(name);
  if (side === undefined) throw new Error(`the question has no cut by ${name}`);
  return row[side] === 1n;
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

function usageOf(row: ClassRow, extras: Quantities): UsageTotals {
  const cacheWrite = new Map<string, bigint>();
  const parts = new Map<Part, bigint>();
  const fees = new Map<string, bigint>();
  let rest = row.cache_write;
  for (const [name, quantity] of extras) {
    const part = PARTS.find((candidate) => candidate === name);
    if (part !== undefined) parts.set(part, quantity);
    else if (name.startsWith('fee:')) fees.set(name.slice('fee:'.length), quantity);
    else {
      cacheWrite.set(name.slice('cache_write@'.length), quantity);
      rest -= quantity;
    }
  }
  if (rest !== 0n) cacheWrite.set('default', rest);
  const { input, cache_read: cacheRead, output, reasoning } = row;
  return { input, cacheRead, cacheWrite, output, reasoning, parts, fees };
}
