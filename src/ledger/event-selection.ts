import type { Filter, Span } from '../domain/spend.ts';
import type { Database } from './database.ts';
import { type CostOfUsage, dearestEvents } from './dearest.ts';
import { filterClause } from './dimension-sql.ts';
import { settleForQuestions } from './event-blocks.ts';
import { indexEvents } from './event-indexes.ts';
import { eventOfKey } from './event-keys.ts';
import { identifierKeys } from './identifier-tags.ts';
import { readEvents, type StoredEvent } from './stored-event.ts';

/** Which events, and in which order. */
export interface EventSelection {
  readonly span: Span;
  readonly where: readonly Filter[];
  /** Only the event with this id. */
  readonly id?: string;
  /** Only events whose id begins so. */
  readonly idBegins?: string;
  /** Only the calls of a run, or of a session. */
  readonly run?: string;
  readonly session?: string;
  /** `dearest` needs a limit, and leaves out events without a price; `latest` are those that came last. */
  readonly order: 'time' | 'latest' | 'dearest' | 'slowest' | 'most-retried';
  readonly limit?: number;
  /** What usage costs, for `dearest`; list cost when absent. */
  readonly costOf?: CostOfUsage;
}

/** The events of a selection, one after another. */
export function* selectEvents(
  database: Database,
  selection: EventSelection,
): Generator<StoredEvent> {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const add = (condition: string, ...bound: readonly unknown[]): void => {
    conditions.push(condition);
    values.push(...bound);
  };
  settleForQuestions(database);
  const { span, id, idBegins, run, session } = selection;
  // By the index they come in their order; without it all of them have to be sorted first.
  if (run !== undefined) indexEvents(database, 'run');
  else if (id === undefined && (selection.order === 'time' || isBounded(span)))
    indexEvents(database, 'time');
  if (span.start !== undefined) add('event.time_ms >= ?', span.start);
  if (span.end !== undefined) add('event.time_ms < ?', span.end);
  if (id !== undefined) {
    const [condition, bound] = eventOfKey(database, id);
    add(condition, ...bound);
  }
  if (idBegins !== undefined) add('event.key GLOB ?', `${escapeGlob(idBegins)}*`);
  if (run !== undefined) add('event.run = ?', run);
  if (session !== undefined) add('event.session = ?', session);
  const identifiers = identifierKeys(database);
  for (const filter of selection.where) {
    const { text, values: bound } = filterClause(filter, 'event', identifiers);
    add(text, ...bound);
  }
  if (selection.order === 'slowest') add('event.latency_ms IS NOT NULL');
  if (selection.order === 'most-retried') add('event.retry_count > 0');
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  if (selection.order === 'dearest') {
    for (const rowId of dearestEvents(
      database,
      { where, values },
      selection.limit ?? 10,
      selection.costOf,
    ))
      yield* readEvents(database, 'WHERE event.id = ?', [rowId]);
    return;
  }
  const limit = selection.limit === undefined ? '' : 'LIMIT ?';
  if (selection.limit !== undefined) values.push(selection.limit);
  yield* readEvents(database, `${where} ORDER BY ${ORDERS[selection.order]} ${limit}`, values);
}

const isBounded = ({ start, end }: Span): boolean => start !== undefined || end !== undefined;

const ORDERS: Readonly<Record<Exclude<EventSelection['order'], 'dearest'>, string>> = {
  // Equal times fall back to the key, so that the order does not depend on the order of ingest.
  time: 'event.time_ms, event.key',
  latest: 'event.id DESC',
  slowest: 'event.latency_ms DESC, event.key',
  'most-retried': 'event.retry_count DESC, event.key',
};

const escapeGlob = (text: string): string => text.replace(/[[?*]/g, '[$&]');
