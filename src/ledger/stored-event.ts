import type { CountSource, Status, UsageEvent } from '../domain/usage.ts';
import type { Database } from './database.ts';
import {
  fromPicodollars,
  fromTagPairs,
  sortedPairs,
  type TagPairs,
  usageFrom,
} from './event-row.ts';
import { ALL_COLUMNS, allValues, type PlacedEvent } from './placed-event.ts';
import { LOST_RATE, parseRate, type StoredRate } from './stored-rate.ts';

/** An event as the ledger holds it: with its key, its place in a file and the rate that covers it. */
export interface StoredEvent {
  readonly rowId: number;
  readonly key: string;
  readonly event: UsageEvent;
  readonly format: string;
  readonly fileId: number | null;
  /** Absolute path of the source file; null when it came through a pipe. */
  readonly file: string | null;
  readonly line: number;
  readonly rate: StoredRate;
  /** Ids of the rows it refers to, as the cube counts it. */
  readonly ids: { readonly sku: number; readonly rate: number; readonly tagSet: number };
}

interface EventRow {
  readonly id: bigint;
  readonly sku_id: bigint;
  readonly rate_id: bigint;
  readonly tag_set_id: bigint;
  readonly key: string;
  readonly own_id: bigint;
  readonly replay: bigint;
  readonly time_ms: bigint | null;
  readonly provider: string;
  readonly model: string;
  readonly request_model: string | null;
  readonly operation: string;
  readonly service_tier: string | null;
  readonly region: string | null;
  readonly inference_geo: string | null;
  readonly billable: bigint;
  readonly count_source: CountSource;
  readonly format: string;
  readonly status: Status;
  readonly error_code: string | null;
  readonly latency_ms: bigint | null;
  readonly retry_count: bigint | null;
  readonly requests: bigint;
  readonly input: bigint;
  readonly cache_read: bigint;
  readonly cache_write: bigint;
  readonly output: bigint;
  readonly reasoning: bigint;
  readonly extra: string | null;
  readonly reported_picodollars: bigint | null;
  readonly run: string | null;
  readonly session: string | null;
  readonly user: string | null;
  readonly step: string | null;
  readonly identifiers: string | null;
  readonly file_id: bigint | null;
  readonly path: string | null;
  readonly line: bigint;
  readonly tag_pairs: string;
  /** NULL only in a damaged ledger. */
  readonly rate_detail: string | null;
}

/** Every column of an event with what its ids stand for; add a WHERE and an ORDER BY. */
const SELECT = `
  SELECT event.*, sku.provider, sku.model, sku.request_model, sku.operation, sku.service_tier, sku.region,
    sku.inference_geo, sku.billable, sku.count_source, sku.format, tag_set.key AS tag_pairs,
    rate.detail AS rate_detail, source_file.path
  FROM event
  JOIN sku ON sku.id = event.sku_id
  JOIN tag_set ON tag_set.id = event.tag_set_id
  LEFT JOIN rate ON rate.id = event.rate_id
  LEFT JOIN source_file ON source_file.id = event.file_id`;

/**
 * Selects the event of a row. The plus keeps SQLite from looking at the id while it plans: otherwise it prepares
 * a join again for every id that is bound, 60 µs where reading the row takes 5.
 */
const OF_ROW = `${SELECT} WHERE event.id = +?`;

/** Selects what would be read if there were a row of these values. */
const OF_VALUES = `
  WITH event (id, ${ALL_COLUMNS.join(', ')}) AS (VALUES (?${', ?'.repeat(ALL_COLUMNS.length)}))
  ${SELECT}`;

/** The event of a row; `undefined` when there is none. */
export function readEventOfRow(database: Database, rowId: number): StoredEvent | undefined {
  const row = statement(database, OF_ROW).get(rowId);
  return row === undefined ? undefined : storedEvent(row);
}

/** An event that is in no row of its own, as it would be read from one. */
export function readPlacedEvent(
  database: Database,
  id: number,
  event: PlacedEvent,
): StoredEvent | undefined {
  // Bound numbers are floats, which no column makes whole again here.
  const values = [id, ...allValues(event)].map((value) =>
    typeof value === 'number' ? BigInt(value) : value,
  );
  const row = statement(database, OF_VALUES).get(...values);
  return row === undefined ? undefined : storedEvent(row);
}

/** Events that a condition selects, one after another; `clause` is our own text, values are bound. */
export function* readEvents(
  database: Database,
  clause: string,
  values: readonly unknown[],
): Generator<StoredEvent> {
  for (const row of statement(database, `${SELECT} ${clause}`).iterate(...values))
    yield storedEvent(row);
}

const statements = new WeakMap<Database, Map<string, ReturnType<typeof prepare>>>();
const prepare = (database: Database, sql: string) =>
  database.prepare<unknown[], EventRow>(sql).safeIntegers(true);

function statement(database: Database, sql: string): ReturnType<typeof prepare> {
  const ofDatabase = statements.get(database) ?? new Map<string, ReturnType<typeof prepare>>();
  statements.set(database, ofDatabase);
  const known = ofDatabase.get(sql);
  if (known !== undefined) return known;
  const prepared = prepare(database, sql);
  ofDatabase.set(sql, prepared);
  return prepared;
}

/** Most rates that are remembered; a ledger rarely has as many. */
const RATES_REMEMBERED = 1_000;
const rates = new Map<string, StoredRate>();

/** The rate that a text stands for, read once for all the events that share it. */
function rateOf(detail: string): StoredRate {
  const known = rates.get(detail);
  if (known !== undefined) return known;
  const rate = parseRate(detail);
  if (rates.size >= RATES_REMEMBERED) rates.clear();
  rates.set(detail, rate);
  return rate;
}

function storedEvent(row: EventRow): StoredEvent {
  const pairs: TagPairs = JSON.parse(row.tag_pairs);
  const apart: TagPairs =
    row.identifiers === null ? [] : Object.entries<string>(JSON.parse(row.identifiers));
  // In the order of their keys, whether or not a tag was kept apart already when the call came.
  const { tags, labels } = fromTagPairs(
    apart.length === 0 ? pairs : sortedPairs([...pairs, ...apart]),
  );
  for (const name of ['run', 'session', 'user', 'step'] as const) {
    const value = row[name];
    if (value !== null) tags[name] = value;
  }
  const number = (value: bigint | null): number | undefined =>
    value === null ? undefined : Number(value);
  return {
    rowId: Number(row.id),
    key: row.key,
    format: row.format,
    fileId: number(row.file_id) ?? null,
    file: row.path,
    line: Number(row.line),
    rate: row.rate_detail === null ? LOST_RATE : rateOf(row.rate_detail),
    ids: { sku: Number(row.sku_id), rate: Number(row.rate_id), tagSet: Number(row.tag_set_id) },
    event: {
      id: row.own_id === 1n ? row.key : undefined,
      replay: row.replay === 1n,
      time: number(row.time_ms),
      provider: row.provider,
      model: row.model,
      requestModel: row.request_model ?? undefined,
      operation: row.operation,
      serviceTier: row.service_tier ?? undefined,
      region: row.region ?? undefined,
      inferenceGeo: row.inference_geo ?? undefined,
      status: row.status,
      errorCode: row.error_code ?? undefined,
      billable: row.billable === 1n,
      latencyMs: number(row.latency_ms),
      retryCount: number(row.retry_count),
      countSource: row.count_source,
      requests: Number(row.requests),
      usage: usageFrom(
        {
          input: Number(row.input),
          cacheRead: Number(row.cache_read),
          cacheWrite: Number(row.cache_write),
          output: Number(row.output),
          reasoning: Number(row.reasoning),
        },
        row.extra === null ? {} : JSON.parse(row.extra),
      ),
      reportedCost:
        row.reported_picodollars === null ? undefined : fromPicodollars(row.reported_picodollars),
      tags,
      labels,
    },
  };
}
