import type { ReplayQuery } from '../domain/replay-question.ts';
import { carrierOf, filterClause, identifierOf, readingOf, type Sql } from './dimension-sql.ts';
import { sideOf, sumOf } from './replay-cuts.ts';
import { TAG_GROUP, type TagGroups } from './tag-groups.ts';

/** The statements that answer a ReplayQuery: sums per class, and the quantities beside the plain counts. */
export interface ReplaySql {
  /** Where `inStretches`, both take the first row as @first and the one behind the last as @after. */
  readonly counts: Sql;
  readonly extras: Sql;
  /** Columns that name a class, in both. */
  readonly names: readonly string[];
  /**
   * Whether it is asked for stretches of rows, whose sums are added up: SQLite sorts what it groups, and sorts
   * thousands of rows a few hundred times in two thirds of the time that it takes for all at once.
   */
  readonly inStretches: boolean;
}

type Column = readonly [name: string, sql: Sql];

/** How far the events of a question reach: rows, times, how many have quantities beside, and the largest size of each cut. */
export function reachSql(query: ReplayQuery, identifiers: ReadonlySet<string>): Sql {
  const columns = [
    'count(s.extra) AS beside',
    'min(s.id) AS first_row',
    'max(s.id) AS last_row',
    'min(s.time_ms) AS first',
    'max(s.time_ms) AS last',
    ...query.cuts.flatMap((cut, index) =>
      cut.kind === 'size' ? [`max(${sumOf(cut.of)}) AS size${index}`] : [],
    ),
  ];
  const conditions = conditionsOf(query, identifiers);
  return {
    text: `SELECT ${columns.join(', ')} FROM event s ${whereOf(conditions)}`,
    values: conditions.flatMap(({ values }) => values),
  };
}

/**
 * One look at every event of the selection. Ids are grouped first and looked up afterwards, as in reports; each
 * cut is a number per event, so that requests on one side of it have the same. `beside` says whether there are
 * quantities beside the plain counts at all; what `groups` stands for is not read again.
 */
export function replaySql(
  query: ReplayQuery,
  identifiers: ReadonlySet<string>,
  { beside, groups }: { readonly beside: boolean; readonly groups: TagGroups | undefined },
): ReplaySql {
  const by = query.by.filter((dimension) => groups?.of.includes(dimension) !== true);
  const own = new Map(
    by.flatMap(({ kind, name }, index): readonly (readonly [number, Column])[] =>
      kind === 'tag' && identifiers.has(name)
        ? [[index, [`own${index}`, { text: identifierOf('s'), values: [name] }]]]
        : [],
    ),
  );
  // What a sku is called, and the status, make no more groups than there are classes.
  const inStretches = by.every(({ kind }) => kind === 'fact') && (groups?.count ?? 0) <= FEW_GROUPS;
  const carriers = [...new Set(['sku_id', 'rate_id', 'status', ...by.map(carrierOf)])];
  const ids: readonly Column[] = [
    ...own.values(),
    ...carriers.map((name): Column => [name, plain(`s.${name}`)]),
    ...(groups === undefined ? [] : [['tag_group', TAG_GROUP] as const]),
  ];
  const sides = query.cuts.map((cut, index): Column => [`side${index}`, sideOf(cut, identifiers)]);
  const parts = [...ids, ...sides, ...(beside ? [['shape', plain(SHAPE)] as const] : [])];
  const reading = readingOf(by, 'c', (index) => own.get(index)?.[0]);
  const keys = reading.values.map((value, index) => [`k${index}`, value] as const);
  const named = parts
    .filter(([name]) => CLASS_COLUMN.test(name))
    .map(([name]) => [name, `c.${name}`] as const);
  const conditions = [
    ...(inStretches ? [plain('s.id >= @first AND s.id < @after')] : []),
    ...conditionsOf(query, identifiers, inStretches),
  ];
  const statement = (
    from: string,
    more: readonly Column[],
    measures: readonly Column[],
    only: readonly Sql[],
  ): Sql => {
    const group = [...parts, ...more];
    const columns = [...group, ...measures];
    const cells = `SELECT ${columns.map(([name, sql]) => `${sql.text} AS ${name}`).join(', ')} FROM ${from}
      ${whereOf([...only, ...conditions])} GROUP BY ${places(group)}`;
    const outer = [...keys, ...named, ...more.map(([name]) => [name, `c.${name}`] as const)];
    const again = measures.map(([name]) => `${foldedBy(name)}(c.${name}) AS ${name}`);
    return {
      text: `SELECT ${[...outer.map(([name, value]) => `${value} AS ${name}`), ...again].join(', ')}
        FROM (${cells}) c ${reading.joins.text} GROUP BY ${places(outer)}`,
      values: [
        ...columns.flatMap(([, sql]) => sql.values),
        ...conditions.flatMap(({ values }) => values),
        ...reading.joins.values,
      ],
    };
  };
  return {
    counts: statement('event s', [], SUMS, []),
    extras: statement(
      'event s JOIN json_each(s.extra) x',
      [['name', plain('x.key')]],
      [['quantity', plain('sum(x.value)')]],
      [plain('s.extra IS NOT NULL')],
    ),
    names: [...keys, ...named].map(([name]) => name),
    inStretches,
  };
}

/**
 * Which events a question is about. With `byRow` they are found by their rows: the + keeps SQLite from looking up
 * their times in an index instead.
 */
function conditionsOf(
  { span, where }: ReplayQuery,
  identifiers: ReadonlySet<string>,
  byRow = false,
): readonly Sql[] {
  const time = `${byRow ? '+' : ''}s.time_ms`;
  return [
    ...(span.start === undefined ? [] : [{ text: `${time} >= ?`, values: [span.start] }]),
    ...(span.end === undefined ? [] : [{ text: `${time} < ?`, values: [span.end] }]),
    ...where.map((filter) => filterClause(filter, 's', identifiers)),
  ];
}

/** More groups than this are summed at once: each stretch would have most of them. */
const FEW_GROUPS = 200;

const plain = (text: string): Sql => ({ text, values: [] });

const whereOf = (conditions: readonly Sql[]): string =>
  conditions.length === 0 ? '' : `WHERE ${conditions.map(({ text }) => text).join(' AND ')}`;

const places = (columns: readonly unknown[]): string =>
  columns.map((_, index) => index + 1).join(', ');

/** Columns that tell classes apart besides what the question groups by. */
const CLASS_COLUMN = /^(?:sku_id|rate_id|status|tag_group|shape|side\d+)$/;

/** Sums are added up again where several ids have one name; what is smallest stays so. */
const foldedBy = (name: string): 'min' | 'sum' => (name === 'time' ? 'min' : 'sum');

/** The kinds of quantities that a call uses beside the plain counts, in the order of its record. */
const SHAPE =
  "CASE WHEN s.extra IS NULL THEN NULL ELSE (SELECT group_concat(key, ' ') FROM json_each(s.extra)) END";

const SUMS: readonly Column[] = [
  ['requests', plain('sum(s.requests)')],
  ...['input', 'cache_read', 'cache_write', 'output', 'reasoning'].map((name): Column => [
    name,
    plain(`sum(s.${name})`),
  ]),
  ['time', plain('min(s.time_ms)')],
];
