import type { CallKind, OrderedCall, OrderQuery } from '../domain/ordered-call.ts';
import type { CalledSku, RateInForce } from '../domain/replay-question.ts';
import type { Dimension } from '../domain/spend.ts';
import type { Status } from '../domain/usage.ts';
import { isCallTag } from '../domain/tags.ts';
import type { Database } from './database.ts';
import { LABEL } from './event-row.ts';
import { carrierOf, filterClause, identifierOf, readingOf, type Sql } from './dimension-sql.ts';
import { indexEvents } from './event-indexes.ts';
import { identifierKeys } from './identifier-tags.ts';

/** What the ids of an event stand for. */
export interface Names {
  readonly skuOf: (id: number) => CalledSku | undefined;
  readonly rateOf: (id: number) => RateInForce;
}

type Text = string | null;
type Row = readonly [
  sku: number,
  rate: number,
  /** Null for the usual one, which most rows need not hand over. */
  status: Status | null,
  time: number | null,
  requests: number,
  input: number,
  cacheRead: number,
  cacheWrite: number,
  output: number,
  reasoning: number,
  extra: Text,
  tagSet: number,
  ...rest: readonly Text[],
];
/** Columns before those of the question's own. */
const OWN_COLUMNS = 12;
const USUAL: Status = 'success';
const COLUMNS = `e.sku_id, e.rate_id, nullif(e.status, '${USUAL}'), e.time_ms, e.requests, e.input, e.cache_read,
  e.cache_write, e.output, e.reasoning, e.extra, e.tag_set_id`;
const CONVERSATION = 'coalesce(e.session, e.run)';

/**
 * The events of a question in the order of time. They are handed over one by one, since no sum can tell which call
 * found what in a cache; the index by time keeps them from being sorted.
 */
export function* orderedCalls(
  database: Database,
  query: OrderQuery,
  { skuOf, rateOf }: Names,
): Generator<OrderedCall> {
  indexEvents(database, 'time');
  const identifiers = identifierKeys(database);
  const own = query.by.some(({ kind, name }) => kind === 'tag' && isOfOneCall(name, identifiers));
  const { text, values, factColumns } = orderSql(database, query, { identifiers, own });
  const keys = own ? query.by.length : 0;
  const keyOf = own
    ? (row: Row) => row.slice(OWN_COLUMNS, OWN_COLUMNS + keys) as readonly Text[]
    : keyReader(database, query.by);
  const kinds = new Map<string, CallKind>();
  const byIds = new Map<number, Map<number, CallKind>>();
  const kindOf = (row: Row): CallKind | undefined => {
    const key = keyOf(row);
    const name = JSON.stringify([row[0], row[1], row[2], ...key]);
    const known = kinds.get(name);
    if (known !== undefined) return known;
    const sku = skuOf(row[0]);
    // A sku is missing in a damaged ledger only, which doctor tells.
    if (sku === undefined) return undefined;
    const kind = { key, sku, rate: rateOf(row[1]), status: row[2] ?? USUAL };
    kinds.set(name, kind);
    return kind;
  };
  for (const row of database
    .prepare<unknown[], Row>(text)
    .raw()
    .iterate(...values)) {
    // Most calls succeed, and few questions ask for what each call has of its own: then ids name the kind.
    const plain = !own && row[2] === null;
    const ids = row[0] * RATES + row[1];
    const tagSet = query.by.length === 0 ? NO_TAG_SET : row[11];
    const ofTagSet = byIds.get(tagSet) ?? new Map<number, CallKind>();
    const kind = (plain ? ofTagSet.get(ids) : undefined) ?? kindOf(row);
    if (kind === undefined) continue;
    if (plain) byIds.set(tagSet, ofTagSet.set(ids, kind));
    yield {
      kind,
      time: row[3] ?? undefined,
      requests: row[4],
      input: row[5],
      cacheRead: row[6],
      cacheWrite: row[7],
      output: row[8],
      reasoning: row[9],
      extra: row[10] === null ? undefined : JSON.parse(row[10]),
      facts: factColumns.map((column) =>
        column === undefined ? undefined : textOf(row[OWN_COLUMNS + keys + column]),
      ),
    };
  }
}

const textOf = (value: Row[number] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** Where tag sets do not matter. */
const NO_TAG_SET = 0;
/** More rates than a ledger has. */
const RATES = 2 ** 26;

/** Whether a tag is kept with each call and not in its tag set. */
const isOfOneCall = (name: string, identifiers: ReadonlySet<string>): boolean =>
  isCallTag(name) || identifiers.has(name);

/** What calls are grouped by, read for all skus and tag sets at once; there are far fewer of them than calls. */
function keyReader(database: Database, by: readonly Dimension[]): (row: Row) => readonly Text[] {
  const readers = by.map((dimension): ((row: Row) => Text) => {
    const carrier = carrierOf(dimension);
    if (carrier === 'status') return ([, , status]) => status ?? USUAL;
    const ofSku = carrier === 'sku_id';
    const { values, joins } = readingOf([dimension], 'e', () => undefined);
    const rows = database
      .prepare<unknown[], readonly [number, Text]>(
        `SELECT e.id, ${values.join('')} FROM
           (SELECT id, id AS ${carrier} FROM ${ofSku ? 'sku' : 'tag_set'}) e ${joins.text}`,
      )
      .raw()
      .all(...joins.values);
    const known = new Map(rows.filter(([, value]) => value !== null));
    return ofSku
      ? ([sku]) => known.get(sku) ?? null
      : ([, , , , , , , , , , , tagSet]) => known.get(tagSet) ?? null;
  });
  return (row) => readers.map((read) => read(row));
}

interface OrderSql extends Sql {
  /** Which column behind the keys holds a fact; `undefined` for a fact that no call of the ledger has. */
  readonly factColumns: readonly (number | undefined)[];
}

function orderSql(
  database: Database,
  { span, where, by, facts }: OrderQuery,
  {
    identifiers,
    own,
  }: {
    readonly identifiers: ReadonlySet<string>;
    /** Whether each row brings what it is grouped by. */
    readonly own: boolean;
  },
): OrderSql {
  const told = facts.filter(
    (fact) => fact !== 'conversation' && isTold(database, fact, identifiers),
  );
  const asked: readonly Dimension[] = [
    ...(own ? by : []),
    ...told.map((name): Dimension => ({ kind: 'tag', name })),
  ];
  const reading = readingOf(asked, 'e', () => undefined);
  const columns = asked.map(({ kind, name }, index): Sql => {
    const value = reading.values[index] ?? 'NULL';
    return kind === 'tag' && identifiers.has(name)
      ? { text: `coalesce(${identifierOf('e')}, ${value})`, values: [name] }
      : { text: value, values: [] };
  });
  if (facts.includes('conversation')) columns.push({ text: CONVERSATION, values: [] });
  const columnOf = (fact: string): number | undefined => {
    if (fact === 'conversation') return told.length;
    const place = told.findIndex((each) => each === fact);
    return place < 0 ? undefined : place;
  };
  const conditions: readonly Sql[] = [
    ...(span.start === undefined ? [] : [{ text: 'e.time_ms >= ?', values: [span.start] }]),
    ...(span.end === undefined ? [] : [{ text: 'e.time_ms < ?', values: [span.end] }]),
    ...where.map((filter) => filterClause(filter, 'e', identifiers)),
  ];
  const selected = [COLUMNS, ...columns.map(({ text }) => text)].join(', ');
  const condition =
    conditions.length === 0 ? '' : `WHERE ${conditions.map(({ text }) => text).join(' AND ')}`;
  return {
    text: `SELECT ${selected} FROM event e ${reading.joins.text} ${condition} ORDER BY e.time_ms, e.id`,
    values: [
      ...columns.flatMap(({ values }) => values),
      ...reading.joins.values,
      ...conditions.flatMap(({ values }) => values),
    ],
    factColumns: facts.map(columnOf),
  };
}

/** Whether any call has a tag: a look at one entry of an index, so that ledgers without it are not slower. */
const isTold = (database: Database, fact: string, identifiers: ReadonlySet<string>): boolean =>
  isCallTag(fact) ||
  identifiers.has(fact) ||
  database
    .prepare<[string, string], unknown>('SELECT 1 FROM tag WHERE key IN (?, ?) LIMIT 1')
    .get(fact, `${LABEL}${fact}`) !== undefined;
