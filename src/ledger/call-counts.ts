import type { CallCount, CountQuery } from '../domain/spend.ts';
import type { Database } from './database.ts';
import { carrierOf, filterClause, identifierOf, readingOf, type Sql } from './dimension-sql.ts';
import { identifierKeys } from './identifier-tags.ts';

/**
 * Counts calls by group, from the events. It only reads, so that it may be asked while events are being read, and
 * knows no prices: most groups of a question by run are of one call or two.
 */
export function countCalls(
  database: Database,
  { span, by, where }: CountQuery,
): readonly CallCount[] {
  const identifiers = identifierKeys(database);
  const own = by.flatMap(({ kind, name }, index) =>
    kind === 'tag' && identifiers.has(name) ? [{ name, index }] : [],
  );
  const conditions: readonly Sql[] = [
    ...timeConditions(span),
    ...where.map((filter) => filterClause(filter, 'event', identifiers)),
  ];
  const carriers = [...new Set(by.map(carrierOf))];
  const ids = [
    ...own.map(({ index }) => `${identifierOf('event')} AS own${index}`),
    ...carriers.map((carrier) => `event.${carrier} AS ${carrier}`),
  ];
  const { values, joins } = readingOf(by, 'call', (index) =>
    own.some((each) => each.index === index) ? `own${index}` : undefined,
  );
  const filter =
    conditions.length === 0 ? '' : `WHERE ${conditions.map(({ text }) => text).join(' AND ')}`;
  // Counted by ids before they are looked up: there are far fewer of them than calls.
  const calls = `SELECT ${[...ids, 'sum(event.requests) AS requests'].join(', ')} FROM event ${filter} ${groupedBy(ids)}`;
  const keys = values.map((value, index) => `${value} AS key${index}`);
  const select = `SELECT ${[...keys, 'sum(call.requests) AS requests'].join(', ')}
    FROM (${calls}) call ${joins.text} ${groupedBy(keys)}`;
  return database
    .prepare<unknown[], Readonly<Record<string, string | bigint | null>>>(select)
    .safeIntegers(true)
    .all(
      ...own.map(({ name }) => name),
      ...conditions.flatMap((condition) => condition.values),
      ...joins.values,
    )
    .map((row) => ({
      key: by.map((_, index) => {
        const value = row[`key${index}`] ?? null;
        return value === null ? null : String(value);
      }),
      requests: BigInt(row['requests'] ?? 0n),
    }));
}

function timeConditions(span: CountQuery['span']): readonly Sql[] {
  if (span === 'undated') return [{ text: 'event.time_ms IS NULL', values: [] }];
  const { start, end } = span;
  return [
    ...(start === undefined ? [] : [{ text: 'event.time_ms >= ?', values: [start] }]),
    ...(end === undefined ? [] : [{ text: 'event.time_ms < ?', values: [end] }]),
  ];
}

const groupedBy = (columns: readonly unknown[]): string =>
  columns.length === 0 ? '' : `GROUP BY ${columns.map((_, index) => index + 1).join(', ')}`;
