import type { CallSums, CallSumsQuery } from '../domain/call-signals.ts';
import type { Database } from './database.ts';
import { carrierOf, filterClause, identifierOf, readingOf } from './dimension-sql.ts';
import { indexEvents } from './event-indexes.ts';
import { identifierKeys } from './identifier-tags.ts';

interface Row {
  readonly [column: string]: string | bigint | null;
}

const SUMS = [
  ['requests', 'sum(event.requests)'],
  ['latency_ms', 'sum(event.latency_ms)'],
  ['timed', 'sum(iif(event.latency_ms IS NULL, 0, event.requests))'],
  ['retries', 'sum(event.retry_count)'],
  ['retry_counted', 'sum(iif(event.retry_count IS NULL, 0, event.requests))'],
] as const;

const groupedBy = (columns: number): string =>
  columns === 0
    ? ''
    : `GROUP BY ${Array.from({ length: columns }, (_, index) => index + 1).join(', ')}`;

/** Sums time and retries of calls from the events, since the cube keeps neither. */
export function sumCalls(
  database: Database,
  { span, by, where }: CallSumsQuery,
): readonly CallSums[] {
  indexEvents(database, 'time');
  const identifiers = identifierKeys(database);
  const own = by.flatMap(({ kind, name }, index) =>
    kind === 'tag' && identifiers.has(name) ? [{ name, column: `own${index}`, index }] : [],
  );
  const filters = where.map((filter) => filterClause(filter, 'event', identifiers));
  const conditions = [
    'event.time_ms >= ?',
    'event.time_ms < ?',
    ...filters.map(({ text }) => text),
  ];
  const ids = [
    ...own.map(({ column }) => `${identifierOf('event')} AS ${column}`),
    ...[...new Set(by.map(carrierOf))].map((carrier) => `event.${carrier} AS ${carrier}`),
  ];
  const { values, joins } = readingOf(
    by,
    'call',
    (index) => own.find((each) => each.index === index)?.column,
  );
  // Summed by ids before they are looked up: there are far fewer of them than calls.
  const calls = `SELECT ${[...ids, ...SUMS.map(([name, sum]) => `${sum} AS ${name}`)].join(', ')}
    FROM event WHERE ${conditions.join(' AND ')} ${groupedBy(ids.length)}`;
  const rows = database
    .prepare<unknown[], Row>(
      `SELECT ${[
        ...values.map((value, index) => `${value} AS key${index}`),
        ...SUMS.map(([name]) => `coalesce(sum(call.${name}), 0) AS ${name}`),
      ].join(', ')} FROM (${calls}) call ${joins.text} ${groupedBy(by.length)}`,
    )
    .safeIntegers(true)
    .all(
      ...own.map(({ name }) => name),
      span.start,
      span.end,
      ...filters.flatMap((filter) => filter.values),
      ...joins.values,
    );
  const count = (value: string | bigint | null | undefined): bigint => BigInt(value ?? 0n);
  return rows.map((row) => ({
    key: by.map((_, index) => {
      const value = row[`key${index}`] ?? null;
      return value === null ? null : String(value);
    }),
    requests: count(row['requests']),
    latencyMs: count(row['latency_ms']),
    timed: count(row['timed']),
    retries: count(row['retries']),
    retryCounted: count(row['retry_counted']),
  }));
}
