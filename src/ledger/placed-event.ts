import type { CubeChange } from './cube-cells.ts';

/** An event as a row of its table, where `null` means that the source does not say, and what it adds to the cube. */
export interface PlacedEvent extends CubeChange {
  readonly key: string;
  /** 1 where the key is the event's own id. */
  readonly ownId: number;
  readonly replay: number;
  readonly errorCode: string | null;
  readonly latencyMs: number | null;
  readonly retryCount: number | null;
  readonly run: string | null;
  readonly session: string | null;
  readonly user: string | null;
  readonly step: string | null;
  /** Tags that are kept with the call, as a JSON object. */
  readonly identifiers: string | null;
  readonly fileId: number | null;
  readonly line: number;
}

/** Columns whose values most events share, with these values as SQL: most rows are written without them. */
export const USUAL = {
  own_id: '1',
  replay: '0',
  status: "'success'",
  error_code: 'NULL',
  requests: '1',
  extra: 'NULL',
  reported_picodollars: 'NULL',
  identifiers: 'NULL',
} as const;

/** Whether an event has the usual value in every column of USUAL. */
export const isUsual = (event: PlacedEvent): boolean =>
  event.ownId === 1 &&
  event.replay === 0 &&
  event.status === 'success' &&
  event.errorCode === null &&
  event.requests === 1 &&
  event.extra === null &&
  event.reported === null &&
  event.identifiers === null;

/** The columns whose values differ from event to event, in the order of ownValues. */
export const OWN_COLUMNS = [
  'key',
  'time_ms',
  'sku_id',
  'rate_id',
  'tag_set_id',
  'latency_ms',
  'retry_count',
  'input',
  'cache_read',
  'cache_write',
  'output',
  'reasoning',
  'run',
  'session',
  'user',
  'step',
  'file_id',
  'line',
] as const;

/** An event's values in the order of OWN_COLUMNS, added to a list. */
export function addOwnValues(values: unknown[], event: PlacedEvent): void {
  values.push(
    event.key,
    event.time,
    event.skuId,
    event.rateId,
    event.tagSetId,
    event.latencyMs,
    event.retryCount,
    event.input,
    event.cacheRead,
    event.cacheWrite,
    event.output,
    event.reasoning,
    event.run,
    event.session,
    event.user,
    event.step,
    event.fileId,
    event.line,
  );
}

/** Every column that is written, in the order of allValues. */
export const ALL_COLUMNS = [
  ...OWN_COLUMNS,
  'own_id',
  'replay',
  'status',
  'error_code',
  'requests',
  'extra',
  'reported_picodollars',
  'identifiers',
] as const;

/** An event's values in the order of ALL_COLUMNS, added to a list. */
export function addAllValues(values: unknown[], event: PlacedEvent): void {
  addOwnValues(values, event);
  values.push(
    event.ownId,
    event.replay,
    event.status,
    event.errorCode,
    event.requests,
    event.extra === null ? null : JSON.stringify(event.extra),
    event.reported,
    event.identifiers,
  );
}

/** An event's values in the order of ALL_COLUMNS. */
export function allValues(event: PlacedEvent): readonly unknown[] {
  const values: unknown[] = [];
  addAllValues(values, event);
  return values;
}

/** Whether two events say the same in every column. */
export function sameRow(one: PlacedEvent, other: PlacedEvent): boolean {
  const values = allValues(other);
  return allValues(one).every((value, column) => value === values[column]);
}
