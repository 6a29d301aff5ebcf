import type { HoursBlock } from '../domain/rate-card.ts';
import { type Count, type Cut, type ReplayQuery, sizeName } from '../domain/replay-question.ts';
import { carrierOf, filterClause, identifierOf, readingOf, type Sql } from './dimension-sql.ts';

/** The statements that answer a ReplayQuery: sums per class, and the quantities beside the plain counts. */
export interface ReplaySql {
  readonly counts: Sql;
  readonly extras: Sql;
  /** Columns that name a class, in both. */
  readonly names: readonly string[];
  /** The column of the smallest sum of counts, by the name of the sum. */
  readonly sizes: ReadonlyMap<string, string>;
}

type Column = readonly [name: string, sql: Sql];

/**
 * One look at every event of the selection. Ids are grouped first and looked up afterwards, as in reports; each
 * cut is a number per event, so that requests on one side of it have the same.
 */
export function replaySql(query: ReplayQuery, identifiers: ReadonlySet<string>): ReplaySql {
  const { by, span, where } = query;
  const own = new Map(
    by.flatMap(({ kind, name }, index): readonly (readonly [number, Column])[] =>
      kind === 'tag' && identifiers.has(name)
        ? [[index, [`own${index}`, { text: identifierOf('s'), values: [name] }]]]
        : [],
    ),
  );
  const carriers = [...new Set(['sku_id', 'rate_id', 'status', ...by.map(carrierOf)])];
  const ids: readonly Column[] = [
    ...own.values(),
    ...carriers.map((name): Column => [name, plain(`s.${name}`)]),
  ];
  const sides = query.cuts.map((cut, index): Column => [`side${index}`, sideOf(cut)]);
  const shape: Column = ['shape', plain(SHAPE)];
  const parts = [...ids, ...sides, shape];
  const sums = query.cuts.flatMap((cut) => (cut.kind === 'size' ? [cut.of] : []));
  const sizes = new Map(sums.map((of, index) => [sizeName(of), { of, column: `size${index}` }]));
  const measured: readonly Column[] = [
    ...SUMS,
    ...[...sizes.values()].map(({ of, column }): Column => [column, plain(`min(${sumOf(of)})`)]),
  ];
  const filters = [
    ...(span.start === undefined ? [] : [{ text: 's.time_ms >= ?', values: [span.start] }]),
    ...(span.end === undefined ? [] : [{ text: 's.time_ms < ?', values: [span.end] }]),
    ...where.map((filter) => filterClause(filter, 's', identifiers)),
  ];
  const reading = readingOf(by, 'c', (index) => own.get(index)?.[0]);
  const keys = reading.values.map((value, index) => [`k${index}`, value] as const);
  const named = parts
    .filter(([name]) => ['sku_id', 'rate_id', 'status', 'shape'].includes(name) || isSide(name))
    .map(([name]) => [name, `c.${name}`] as const);
  const read = [...keys, ...named];
  const statement = (
    from: string,
    group: readonly Column[],
    measures: readonly Column[],
    conditions: readonly Sql[],
  ): Sql => {
    const columns = [...group, ...measures];
    const cells = `SELECT ${columns.map(([name, sql]) => `${sql.text} AS ${name}`).join(', ')} FROM ${from}
      ${conditions.length === 0 ? '' : `WHERE ${conditions.map(({ text }) => text).join(' AND ')}`}
      GROUP BY ${group.map((_, index) => index + 1).join(', ')}`;
    const values = [
      ...columns.flatMap(([, sql]) => sql.values),
      ...conditions.flatMap((each) => each.values),
    ];
    const more = group.slice(parts.length).map(([name]) => [name, `c.${name}`] as const);
    const outer = [...read, ...more];
    const again = measures.map(([name]) => `${foldedBy(name)}(c.${name}) AS ${name}`);
    return {
      text: `SELECT ${[...outer.map(([name, value]) => `${value} AS ${name}`), ...again].join(', ')}
        FROM (${cells}) c ${reading.joins.text} GROUP BY ${outer.map((_, index) => index + 1).join(', ')}`,
      values: [...values, ...reading.joins.values],
    };
  };
  return {
    counts: statement('event s', parts, measured, filters),
    extras: statement(
      'event s JOIN json_each(s.extra) x',
      [...parts, ['name', plain('x.key')]],
      [['quantity', plain('sum(x.value)')]],
      [plain('s.extra IS NOT NULL'), ...filters],
    ),
    names: read.map(([name]) => name),
    sizes: new Map([...sizes].map(([name, { column }]) => [name, column])),
  };
}

const plain = (text: string): Sql => ({ text, values: [] });

const isSide = (name: string): boolean => /^side\d+$/.test(name);

/** Sums are added up again where several ids have one name; what is smallest stays so. */
const foldedBy = (name: string): 'min' | 'sum' =>
  name === 'time' || name.startsWith('size') ? 'min' : 'sum';

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

const sumOf = (of: readonly Count[]): string => `(${of.map((count) => `s.${count}`).join(' + ')})`;

/** SQL: on which side of a cut an event lies, as a whole number. */
function sideOf(cut: Cut): Sql {
  switch (cut.kind) {
    case 'time':
      return {
        text: cut.instants.map(() => '(s.time_ms >= ?)').join(' + '),
        values: cut.instants,
      };
    case 'size':
      return {
        text:
          cut.above.length === 0 ? '0' : cut.above.map(() => `(${sumOf(cut.of)} > ?)`).join(' + '),
        values: cut.above,
      };
    case 'hours': {
      const cases = cut.blocks.map(inBlock);
      return {
        text: `CASE ${cases.map(({ text }, index) => `WHEN ${text} THEN ${index + 1}`).join(' ')} ELSE 0 END`,
        values: cases.flatMap(({ values }) => values),
      };
    }
  }
}

const DAY_MS = 86_400_000;
/** Days since 1970 and minutes of the day, also before 1970, where SQLite's division rounds the other way. */
const DAY = `CAST(floor(s.time_ms / ${DAY_MS}.0) AS INTEGER)`;
const MINUTE = `((((s.time_ms % ${DAY_MS}) + ${DAY_MS}) % ${DAY_MS}) / 60000)`;
/** 1970 began on a Thursday, which is 4. */
const WEEKDAY = `((((${DAY} + 4) % 7) + 7) % 7)`;

/** SQL: as matchesHours has it. */
function inBlock({ windows, days, except }: HoursBlock): Sql {
  const inWindow = windows.map(({ start, end }) =>
    start < end
      ? `(${MINUTE} >= ${start} AND ${MINUTE} < ${end})`
      : `(${MINUTE} >= ${start} OR ${MINUTE} < ${end})`,
  );
  const left = [...except].map((day) => Date.parse(`${day}T00:00:00Z`) / DAY_MS);
  const text = [
    inWindow.length === 0 ? '0' : `(${inWindow.join(' OR ')})`,
    ...(days.length === 0 ? [] : [`${WEEKDAY} IN (${days.join(', ')})`]),
    ...(left.length === 0 ? [] : [`${DAY} NOT IN (${left.map(() => '?').join(', ')})`]),
  ].join(' AND ');
  return { text, values: left };
}
