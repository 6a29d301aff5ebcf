import type { UsageTotals } from '../domain/meters.ts';
import type { OrderedCall, OrderQuery } from '../domain/ordered-call.ts';
import {
  type CalledSku,
  type ReplayLedger,
  type ReplayQuery,
  type RequestClass,
  sizeName,
} from '../domain/replay-question.ts';
import { type CountSource, PARTS, type Part, type Status } from '../domain/usage.ts';
import { runRows } from './counted-rows.ts';
import type { Database } from './database.ts';
import { extentOfEvents } from './extent.ts';
import { indexEvents } from './event-indexes.ts';
import { identifierKeys } from './identifier-tags.ts';
import { orderedCalls } from './ordered-calls.ts';
import { replaySql } from './replay-sql.ts';
import { LOST_RATE, parseRate, type StoredRate } from './stored-rate.ts';

type Value = string | bigint | null;

interface ClassRow {
  readonly [column: string]: Value;
  readonly sku_id: bigint;
  readonly rate_id: bigint;
  readonly status: Status;
  readonly time: bigint | null;
  readonly requests: bigint;
  readonly input: bigint;
  readonly cache_read: bigint;
  readonly cache_write: bigint;
  readonly output: bigint;
  readonly reasoning: bigint;
}

interface ExtraRow {
  readonly [column: string]: Value;
  readonly name: string;
  readonly quantity: bigint;
}

interface SkuRow {
  readonly id: number;
  readonly provider: string;
  readonly model: string;
  readonly request_model: string | null;
  readonly operation: string;
  readonly service_tier: string | null;
  readonly region: string | null;
  readonly inference_geo: string | null;
  readonly billable: number;
  readonly count_source: CountSource;
}

/** What-ifs ask the events, once each: SQL sums what is alike, whatever is done with a class costs by its number. */
export function openReplayLedger(database: Database): ReplayLedger {
  return {
    replay: (query) => replayed(database, query),
    calls: (query) => callsOf(database, query),
    skus: () => [...skusById(database).values()],
    extent: () => extentOfEvents(database),
  };
}

/** Calls one after another, with what their ids stand for. */
function callsOf(database: Database, query: OrderQuery): Iterable<OrderedCall> {
  const [skus, rates] = [skusById(database), ratesById(database)];
  return orderedCalls(database, query, {
    skuOf: (id) => skus.get(id),
    rateOf: (id) => rates.get(id) ?? LOST_RATE,
  });
}

/** The classes of a question, in one transaction, so that nothing is re-rated between its statements. */
function replayed(database: Database, query: ReplayQuery): readonly RequestClass[] {
  const { start, end } = query.span;
  if ((start ?? end) !== undefined) indexEvents(database, 'time');
  return database.transaction(() => {
    const { counts, extras, names, sizes } = replaySql(query, identifierKeys(database));
    const nameOf = (row: Readonly<Record<string, Value>>): string =>
      JSON.stringify(names.map((name) => textOf(row[name])));
    const beside = new Map<string, Map<string, bigint>>();
    for (const row of runRows<ExtraRow>(database, extras)) {
      const name = nameOf(row);
      const ofClass = beside.get(name) ?? new Map<string, bigint>();
      beside.set(name, ofClass);
      ofClass.set(row.name, (ofClass.get(row.name) ?? 0n) + row.quantity);
    }
    const skus = skusById(database);
    const rates = ratesById(database);
    const classes: RequestClass[] = [];
    for (const row of runRows<ClassRow>(database, counts)) {
      const sku = skus.get(Number(row.sku_id));
      // A sku is missing in a damaged ledger only, which doctor tells.
      if (sku === undefined) continue;
      const sizeOf = (name: string): number => {
        const column = sizes.get(name);
        const size = column === undefined ? null : row[column];
        if (typeof size !== 'bigint') throw new Error(`the question has no cut by ${name}`);
        return Number(size);
      };
      classes.push({
        key: query.by.map((_, index) => keyText(row[`k${index}`] ?? null)),
        sku,
        rate: rates.get(Number(row.rate_id)) ?? LOST_RATE,
        status: row.status,
        requests: row.requests,
        usage: usageOf(row, beside.get(nameOf(row)) ?? NO_EXTRAS),
        sample: {
          time: row.time === null ? undefined : Number(row.time),
          size: (of) => sizeOf(sizeName(of)),
        },
      });
    }
    return classes;
  })();
}

const textOf = (value: Value | undefined): string | null =>
  typeof value === 'bigint' ? String(value) : (value ?? null);

const keyText = (value: Value): string | null => (typeof value === 'bigint' ? null : value);

const NO_EXTRAS: ReadonlyMap<string, bigint> = new Map();

function usageOf(row: ClassRow, extras: ReadonlyMap<string, bigint>): UsageTotals {
  const cacheWrite = new Map<string, bigint>();
  const parts = new Map<Part, bigint>();
  const fees = new Map<string, bigint>();
  let rest = row.cache_write;
  for (const [name, quantity] of extras) {
    const part = PARTS.find((candidate) => candidate === name);
    if (part !== undefined) parts.set(part, quantity);
    else if (name.startsWith('fee:')) fees.set(name.slice('fee:'.length), quantity);
    else {
      cacheWrite.set(name.slice('cache_write@'.length), quantity);
      rest -= quantity;
    }
  }
  if (rest !== 0n) cacheWrite.set('default', rest);
  const { input, cache_read: cacheRead, output, reasoning } = row;
  return { input, cacheRead, cacheWrite, output, reasoning, parts, fees };
}

const skusById = (database: Database): ReadonlyMap<number, CalledSku> =>
  new Map(
    database
      .prepare<[], SkuRow>(
        `SELECT id, provider, model, request_model, operation, service_tier, region, inference_geo, billable,
           count_source FROM sku ORDER BY id`,
      )
      .all()
      .map((row) => [
        row.id,
        {
          provider: row.provider,
          model: row.model,
          requestModel: row.request_model ?? undefined,
          operation: row.operation,
          serviceTier: row.service_tier ?? undefined,
          region: row.region ?? undefined,
          inferenceGeo: row.inference_geo ?? undefined,
          billable: row.billable !== 0,
          countSource: row.count_source,
        },
      ]),
  );

const ratesById = (database: Database): ReadonlyMap<number, StoredRate> =>
  new Map(
    database
      .prepare<[], { readonly id: number; readonly detail: string }>('SELECT id, detail FROM rate')
      .all()
      .map(({ id, detail }) => [id, parseRate(detail)]),
  );
