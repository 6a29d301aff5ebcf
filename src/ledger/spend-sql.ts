import type { SpendQuery } from '../domain/spend.ts';
import { isCallTag } from '../domain/tags.ts';
import { type Segment, segments } from '../domain/time-zone.ts';
import { NO_HOUR } from './cube-cells.ts';
import { carrierOf, filterClause, identifierOf, readingOf, type Sql } from './dimension-sql.ts';

const HOUR_MS = 3_600_000;

/** How a query reads time: one stretch of constant offset, or the events that have none. */
export type Stretch =
  | { readonly kind: 'segment'; readonly segment: Segment }
  | { readonly kind: 'undated' };

/** Whether a query asks by what only single calls know: tags of calls, and identifiers. */
export const asksByCalls = ({ by, where }: SpendQuery, identifiers: ReadonlySet<string>): boolean =>
  [...by, ...where.map(({ dimension }) => dimension)].some(
    ({ kind, name }) => kind === 'tag' && (isCallTag(name) || identifiers.has(name)),
  );

/** Whether a query asks for something that only the events know. */
export function asksForCalls(query: SpendQuery, identifiers: ReadonlySet<string>): boolean {
  if (asksByCalls(query, identifiers)) return true;
  return [query.span.start, query.span.end].some(
    (edge) => edge !== undefined && edge % HOUR_MS !== 0,
  );
}

/** Whether every stretch is made of whole hours UTC; not so in India or Nepal, whose hours begin between. */
export const inWholeHours = (stretches: readonly Stretch[]): boolean =>
  stretches.every(
    (stretch) =>
      stretch.kind === 'undated' ||
      Object.values(stretch.segment).every((instant) => instant % HOUR_MS === 0),
  );

/** The stretches of a query's span; spans without a bound take the ledger's own first and last instants. */
export function stretches(
  query: SpendQuery,
  extent: { readonly first: number; readonly last: number } | undefined,
): readonly Stretch[] {
  const { span, grain, timeZone } = query;
  const undated: readonly Stretch[] =
    span.start === undefined && span.end === undefined ? [{ kind: 'undated' }] : [];
  if (extent === undefined) return undated;
  const start = Math.max(span.start ?? extent.first, extent.first);
  const end = Math.min(span.end ?? extent.last + 1, extent.last + 1);
  if (start >= end) return undated;
  const cut = grain === undefined ? [{ start, end, offset: 0 }] : segments(timeZone, start, end);
  return [...cut.map((segment): Stretch => ({ kind: 'segment', segment })), ...undated];
}

/** The table that a query reads: events, live sums of them, or what the books hold of a closed month. */
export type Source =
  | { readonly kind: 'event' | 'cube' }
  | { readonly kind: 'closed_cell' | 'correction_cell'; readonly month: string }
  | {
      readonly kind: 'rollup_cell';
      readonly rollup: number;
      /** How long its spans are. */
      readonly hours: number;
      /** Whether each of its tag sets is a group of the question by itself. */
      readonly groups: boolean;
    };

/** Sums per group and rate: one statement for the plain counts, one for the quantities beside them. */
export interface SpendSql {
  readonly counts: Sql;
  readonly extras: Sql;
  /**
   * The tags to look up for each group where k0 is its tag set; absent where k0, k1, ... are what it is called.
   * A group has a row for each of its rates, and its name is looked up once.
   */
  readonly tags?: readonly string[];
}

/**
 * The statements that answer a query over one stretch, from one table. Cells are summed by the ids that
 * decide their group before those are looked up: there are far fewer ids than cells.
 */
export function spendSql(
  query: SpendQuery,
  { stretch, source }: { readonly stretch: Stretch; readonly source: Source },
  identifiers: ReadonlySet<string>,
): SpendSql {
  const own = ownValues(query, source, identifiers);
  const { values: dimensions, joins } = readingOf(query.by, 'c', (index) => own.get(index)?.[0]);
  // Where tag sets are the groups, summing by them is all there is to do.
  const byTagSet = 'groups' in source && source.groups;
  const carriers = [...new Set(query.by.map(carrierOf))].map((carrier): Column => [
    byTagSet ? 'k0' : carrier,
    `s.${carrier}`,
  ]);
  const ids = [...own.values(), ...carriers];
  const step = stepOf(query, stretch, source);
  const conditions = [
    ...conditionsOf(source, stretch),
    ...query.where.map((filter) => filterClause(filter, 's', identifiers)),
  ];
  const named = [...own.keys()].map((index) => query.by[index]?.name);
  const values = [...named, ...step.values, ...conditions.flatMap((each) => each.values)];
  const where = `WHERE ${conditions.map(({ text }) => text).join(' AND ')}`;
  const summed = (from: string, sums: readonly Column[], more: readonly Column[]): Sql => {
    const parts: readonly Column[] = [['time_step', step.text], ['rate_id', 's.rate_id'], ...more];
    const cells = `SELECT ${columns([...ids, ...parts, ...sums])} FROM ${from} ${where} GROUP BY ${names([...ids, ...parts])}`;
    if (byTagSet) return { text: cells, values };
    const keys = dimensions.map((value, index): Column => [`k${index}`, value]);
    const again = (list: readonly Column[], as: (name: string) => string): readonly Column[] =>
      list.map(([name]) => [name, as(`c.${name}`)]);
    const read = [...keys, ...again(parts, (name) => name)];
    return {
      text: `SELECT ${columns([...read, ...again(sums, (name) => `sum(${name})`)])}
        FROM (${cells}) c ${joins.text} GROUP BY ${read.map((_, index) => index + 1).join(', ')}`,
      values: [...values, ...joins.values],
    };
  };
  const { from, name, quantity } = EXTRAS[source.kind];
  return {
    counts: summed(`${source.kind} s`, source.kind === 'event' ? EVENT_SUMS : CELL_SUM_COLUMNS, []),
    extras: summed(from, [['quantity', `sum(${quantity})`]], [['name', name]]),
    ...(byTagSet && { tags: query.by.map((tag) => tag.name) }),
  };
}

/** The columns of the identifiers that a query groups by, which are the events' own, by the index of their dimension. */
const ownValues = (
  { by }: SpendQuery,
  source: Source,
  identifiers: ReadonlySet<string>,
): ReadonlyMap<number, Column> =>
  new Map(
    [...by.entries()].flatMap(([index, { kind, name }]) =>
      source.kind === 'event' && kind === 'tag' && identifiers.has(name)
        ? [[index, [`own${index}`, identifierOf('s')] as const] as const]
        : [],
    ),
  );

type Column = readonly [name: string, expression: string];

const columns = (list: readonly Column[]): string =>
  list.map(([name, expression]) => `${expression} AS ${name}`).join(', ');
const names = (list: readonly Column[]): string => list.map(([name]) => name).join(', ');

const PLAIN_SUMS: readonly Column[] = [
  ['requests', 'sum(s.requests)'],
  ['errors', "sum(CASE WHEN s.status IN ('failure', 'timeout') THEN s.requests ELSE 0 END)"],
  ...['input', 'cache_read', 'cache_write', 'output', 'reasoning'].map((name): Column => [
    name,
    `sum(s.${name})`,
  ]),
];
/** What is summed of cells, by the names of CountRow, of a table called s. */
export const CELL_SUM_COLUMNS: readonly Column[] = [
  ...PLAIN_SUMS,
  ['reported_micro', 'sum(s.reported_microdollars)'],
  ['reported_rest', 'sum(s.reported_rest)'],
  ['reported_requests', 'sum(s.reported_requests)'],
];
const EVENT_SUMS: readonly Column[] = [
  ...PLAIN_SUMS,
  ['reported_micro', 'coalesce(sum(s.reported_picodollars / 1000000), 0)'],
  ['reported_rest', 'coalesce(sum(s.reported_picodollars % 1000000), 0)'],
  ['reported_requests', 'sum(CASE WHEN s.reported_picodollars IS NULL THEN 0 ELSE s.requests END)'],
];

/** Where the quantities beside the plain counts stand. A roll-up keeps them with the place of their cell. */
const EXTRAS: Readonly<
  Record<
    Source['kind'],
    { readonly from: string; readonly name: string; readonly quantity: string }
  >
> = {
  event: { from: 'event s JOIN json_each(s.extra) x', name: 'x.key', quantity: 'x.value' },
  cube: extraTable('cube', 'cube_id'),
  closed_cell: extraTable('closed_cell', 'cell_id'),
  correction_cell: extraTable('correction_cell', 'cell_id'),
  rollup_cell: { from: 'rollup_cell_extra s', name: 's.name', quantity: 's.quantity' },
};

function extraTable(table: string, cell: string) {
  const from = `${table} s JOIN ${table}_extra x ON x.${cell} = s.id`;
  return { from, name: 'x.name', quantity: 'x.quantity' };
}

/** The hours that a segment touches, half-open. */
export const hoursOf = ({ start, end }: Segment): { first: number; after: number } => ({
  first: Math.floor(start / HOUR_MS),
  after: Math.ceil(end / HOUR_MS),
});

/** Which rows of a table belong to a stretch. */
function conditionsOf(source: Source, stretch: Stretch): readonly Sql[] {
  const conditions: Sql[] = [];
  if ('month' in source) conditions.push({ text: 's.month = ?', values: [source.month] });
  if ('rollup' in source) conditions.push({ text: 's.rollup_id = ?', values: [source.rollup] });
  const fromEvents = source.kind === 'event';
  if (stretch.kind === 'undated')
    return [
      ...conditions,
      fromEvents
        ? { text: 's.time_ms IS NULL', values: [] }
        : { text: 's.hour = ?', values: [NO_HOUR] },
    ];
  const { start, end } = stretch.segment;
  if (fromEvents)
    return [...conditions, { text: 's.time_ms >= ? AND s.time_ms < ?', values: [start, end] }];
  const { first, after } = hoursOf(stretch.segment);
  // One span is kept in the order of its groups, which then need no sorting.
  return 'hours' in source && after - first === source.hours
    ? [...conditions, { text: 's.hour = ?', values: [first] }]
    : [...conditions, { text: 's.hour >= ? AND s.hour < ?', values: [first, after] }];
}

/** Hours since 1970 UTC, or days since 1970 of the zone; weeks and months are folded from days. */
function stepOf({ grain }: SpendQuery, stretch: Stretch, source: Source): Sql {
  if (grain === undefined || stretch.kind === 'undated') return { text: 'NULL', values: [] };
  const time = source.kind === 'event' ? 's.time_ms' : `s.hour * ${HOUR_MS}`;
  const size = grain === 'hour' ? HOUR_MS : 24 * HOUR_MS;
  // Rounds towards minus infinity also before 1970, where SQLite's division would not.
  return {
    text: `CAST(floor((${time} + ?) / ${size}.0) AS INTEGER)`,
    values: [stretch.segment.offset],
  };
}
