import type { CalledSku } from '../domain/replay-question.ts';
import type { CountSource } from '../domain/usage.ts';
import type { Database } from './database.ts';
import { parseRate, type StoredRate } from './stored-rate.ts';

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

/** Everything that was ever called, by its row. */
export const skusById = (database: Database): ReadonlyMap<number, CalledSku> =>
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

/** Prices of the ledger, by their row. */
export const ratesById = (database: Database): ReadonlyMap<number, StoredRate> =>
  new Map(
    database
      .prepare<[], { readonly id: number; readonly detail: string }>('SELECT id, detail FROM rate')
      .all()
      .map(({ id, detail }) => [id, parseRate(detail)]),
  );
