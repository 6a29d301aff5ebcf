import type { Dimension, Fact, Filter, SpendQuery } from '../domain/spend.ts';
import { type CallTag, isCallTag } from '../domain/tags.ts';
import { type Segment, segments } from '../domain/time-zone.ts';
import { NO_HOUR } from './cube.ts';
import { LABEL } from './event-row.ts';

const HOUR_MS = 3_600_000;

/** A statement and the values bound to it, in order. */
export interface Sql {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** How a query reads time: one stretch of constant offset, or the events that have none. */
export type Stretch =
  | { readonly kind: 'segment'; readonly segment: Segment }
  | { readonly kind: 'undated' };

/** Whether a query asks by what only single calls know. */
export const asksByCalls = ({ by, where }: SpendQuery): boolean =>
  [...by, ...where.map(({ dimension }) => dimension)].some(
    ({ kind, name }) => kind === 'tag' && isCallTag(name),
  );

/** Whether a query asks for something that only the events know. */
export function asksForCalls(query: SpendQuery): boolean {
  if (asksByCalls(query)) return true;
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
  | { readonly kind: 'rollup_cell'; readonly rollup: number };

/** How quantities beside the plain counts find their cell. */
const EXTRA_KEYS: Readonly<Record<Exclude<Source['kind'], 'event'>, string>> = {
  cube: 'x.cube_id = s.id',
  closed_cell: 'x.cell_id = s.id',
  correction_cell: 'x.cell_id = s.id',
  rollup_cell: ['rollup_id', 'hour', 'tag_set_id', 'sku_id', 'rate_id', 'status']
    .map((column) => `x.${column} = s.${column}`)
    .join(' AND '),
};

const FACT_COLUMNS: Readonly<Record<Fact, string>> = {
  provider: 'sku.provider',
  model: 'sku.model',
  request_model: 'sku.request_model',
  operation: 'sku.operation',
  service_tier: 'sku.service_tier',
  region: 'sku.region',
  status: 's.status',
  count_source: 'sku.count_source',
  format: 'sku.format',
};
const CALL_COLUMNS: Readonly<Record<CallTag, string>> = {
  run: 's.run',
  session: 's.session',
  user: 's.user',
  step: 's.step',
};

// A label keeps its separator in front, so that it prints as it was written; a bare one is just true.
const LABEL_TEXT = "CASE WHEN value = '' THEN 'true' ELSE substr(value, 2) END";

/** The joins and conditions of a query over one stretch, and an expression per dimension. */
class Clauses {
  readonly joins: string[] = [];
  readonly joinValues: unknown[] = [];
  readonly conditions: string[] = [];
  readonly conditionValues: unknown[] = [];

  expression(dimension: Dimension): string {
    if (dimension.kind === 'fact') return FACT_COLUMNS[dimension.name];
    if (isCallTag(dimension.name)) return CALL_COLUMNS[dimension.name];
    const tag = this.joinTag(dimension.name);
    const label = this.joinTag(`${LABEL}${dimension.name}`);
    return `coalesce(${tag}.value, ${LABEL_TEXT.replaceAll('value', `${label}.value`)})`;
  }

  private joinTag(key: string): string {
    const name = `t${this.joins.length}`;
    this.joins.push(
      `LEFT JOIN tag ${name} ON ${name}.key = ? AND ${name}.tag_set_id = s.tag_set_id`,
    );
    this.joinValues.push(key);
    return name;
  }

  filter({ dimension, pattern, negated }: Filter): void {
    const value = this.expression(dimension);
    if (pattern === '') {
      this.conditions.push(`${value} IS ${negated ? 'NOT ' : ''}NULL`);
      return;
    }
    this.conditions.push(negated ? `(${value} IS NULL OR NOT ${value} GLOB ?)` : `${value} GLOB ?`);
    // Of GLOB's special characters only * is ours.
    this.conditionValues.push(pattern.replace(/[[?]/g, '[$&]'));
  }

  condition(text: string, ...values: readonly unknown[]): void {
    this.conditions.push(text);
    this.conditionValues.push(...values);
  }
}

/** A filter as a condition on the table `event`, for questions about single calls. */
export function filterClause({ dimension, pattern, negated }: Filter): {
  readonly text: string;
  readonly bound: readonly unknown[];
} {
  const { expression, bound } = eventExpression(dimension);
  if (pattern === '') return { text: `${expression} IS ${negated ? 'NOT ' : ''}NULL`, bound };
  const glob = pattern.replace(/[[?]/g, '[$&]');
  return negated
    ? { text: `coalesce(NOT ${expression} GLOB ?, 1)`, bound: [...bound, glob] }
    : { text: `${expression} GLOB ?`, bound: [...bound, glob] };
}

function eventExpression(dimension: Dimension): {
  readonly expression: string;
  readonly bound: readonly unknown[];
} {
  if (dimension.kind === 'fact')
    return { expression: FACT_COLUMNS[dimension.name].replace(/^s\./, 'event.'), bound: [] };
  if (isCallTag(dimension.name)) return { expression: `event.${dimension.name}`, bound: [] };
  const from = 'FROM tag WHERE tag.tag_set_id = event.tag_set_id AND tag.key = ?';
  return {
    expression: `coalesce((SELECT value ${from}), (SELECT ${LABEL_TEXT} ${from}))`,
    bound: [dimension.name, `${LABEL}${dimension.name}`],
  };
}

/** Sums per group and rate: one statement for the plain counts, one for the quantities beside them. */
export interface SpendSql {
  readonly counts: Sql;
  readonly extras: Sql;
}

/** The statements that answer a query over one stretch, from one table. */
export function spendSql(query: SpendQuery, stretch: Stretch, source: Source): SpendSql {
  const fromEvents = source.kind === 'event';
  const clauses = new Clauses();
  const dimensions = query.by.map((dimension) => clauses.expression(dimension));
  for (const filter of query.where) clauses.filter(filter);
  const time = fromEvents ? 's.time_ms' : `s.hour * ${HOUR_MS}`;
  if ('month' in source) clauses.condition('s.month = ?', source.month);
  if ('rollup' in source) clauses.condition('s.rollup_id = ?', source.rollup);
  const stepValues = boundTime(clauses, stretch, fromEvents);
  const step =
    query.grain === undefined || stretch.kind === 'undated'
      ? 'NULL'
      : stepExpression(query.grain, time);
  const stepBound = step === 'NULL' ? [] : stepValues;
  const keys = [
    ...dimensions.map((text, index) => `${text} AS k${index}`),
    `${step} AS time_step`,
    's.rate_id AS rate_id',
  ];
  const groups = [...dimensions.map((_, index) => `k${index}`), 'time_step', 's.rate_id'].join(
    ', ',
  );
  const rest = (join: string, conditions: readonly string[]): string =>
    `FROM ${source.kind} s JOIN sku ON sku.id = s.sku_id ${join} ${clauses.joins.join(' ')} ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`} GROUP BY ${groups}`;
  const values = [...stepBound, ...clauses.joinValues, ...clauses.conditionValues];
  const reported = fromEvents
    ? `coalesce(sum(reported_picodollars / 1000000), 0) AS reported_micro, coalesce(sum(reported_picodollars % 1000000), 0) AS reported_rest,
       sum(CASE WHEN reported_picodollars IS NULL THEN 0 ELSE requests END) AS reported_requests`
    : 'sum(reported_microdollars) AS reported_micro, sum(reported_rest) AS reported_rest, sum(reported_requests) AS reported_requests';
  const extraJoin =
    source.kind === 'event'
      ? 'JOIN json_each(s.extra) x'
      : `JOIN ${source.kind}_extra x ON ${EXTRA_KEYS[source.kind]}`;
  const extraColumns = fromEvents
    ? 'x.key AS name, sum(x.value) AS quantity'
    : 'x.name AS name, sum(x.quantity) AS quantity';
  const extraConditions = fromEvents
    ? [...clauses.conditions, 's.extra IS NOT NULL']
    : clauses.conditions;
  return {
    counts: {
      text: `SELECT ${keys.join(', ')}, sum(requests) AS requests, sum(CASE WHEN s.status IN ('failure', 'timeout') THEN requests ELSE 0 END) AS errors,
        sum(input) AS input, sum(cache_read) AS cache_read, sum(cache_write) AS cache_write, sum(output) AS output, sum(reasoning) AS reasoning, ${reported}
        ${rest('', clauses.conditions)}`,
      values,
    },
    extras: {
      text: `SELECT ${keys.join(', ')}, ${extraColumns} ${rest(extraJoin, extraConditions)}, name`,
      values,
    },
  };
}

/** Adds the stretch to the conditions; returns what the step expression binds. */
function boundTime(clauses: Clauses, stretch: Stretch, fromEvents: boolean): readonly unknown[] {
  if (stretch.kind === 'undated') {
    if (fromEvents) clauses.condition('s.time_ms IS NULL');
    else clauses.condition('s.hour = ?', NO_HOUR);
    return [];
  }
  const { start, end, offset } = stretch.segment;
  if (fromEvents) clauses.condition('s.time_ms >= ? AND s.time_ms < ?', start, end);
  else
    clauses.condition(
      's.hour >= ? AND s.hour < ?',
      Math.floor(start / HOUR_MS),
      Math.ceil(end / HOUR_MS),
    );
  return [offset];
}

/** Hours since 1970 UTC, or days since 1970 of the zone; weeks and months are folded from days. Binds the offset. */
const stepExpression = (grain: NonNullable<SpendQuery['grain']>, time: string): string => {
  const size = grain === 'hour' ? HOUR_MS : 24 * HOUR_MS;
  // Rounds towards minus infinity also before 1970, where SQLite's division would not.
  return `CAST(floor((${time} + ?) / ${size}.0) AS INTEGER)`;
};
