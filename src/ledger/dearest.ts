import { charge } from '../domain/charge.ts';
import { totalsOf, type UsageTotals } from '../domain/meters.ts';
import type { Database } from './database.ts';
import { usageFrom } from './event-row.ts';
import { parseRate, type StoredRate } from './stored-rate.ts';

interface CountsRow {
  readonly id: number;
  readonly rate_id: number;
  readonly key: string;
  readonly requests: number;
  readonly input: number;
  readonly cache_read: number;
  readonly cache_write: number;
  readonly output: number;
  readonly reasoning: number;
  readonly extra: string | null;
}

interface Candidate {
  readonly id: number;
  readonly key: string;
  readonly cost: bigint;
}

/** What usage costs under a rate; `undefined` where that is not known. */
export type CostOfUsage = (
  rate: StoredRate,
  usage: UsageTotals,
  requests: bigint,
) => bigint | undefined;

/**
 * Row ids of the `limit` dearest events, dearest first; events without a price are left out. A float
 * sieve passes over events that are clearly cheaper than what was found so far; the rest is priced exactly.
 */
export function dearestEvents(
  database: Database,
  { where, values }: { readonly where: string; readonly values: readonly unknown[] },
  limit: number,
  costOf?: CostOfUsage,
): readonly number[] {
  const rates = new Map<number, Sieve>();
  for (const { id, detail } of database
    .prepare<[], { id: number; detail: string }>('SELECT id, detail FROM rate')
    .all())
    rates.set(id, sieveOf(parseRate(detail)));
  let found: Candidate[] = [];
  let floor = -1;
  const select = `SELECT event.id, rate_id, event.key, requests, input, cache_read, cache_write, output, reasoning, extra FROM event JOIN sku ON sku.id = event.sku_id ${where}`;
  for (const row of database.prepare<unknown[], CountsRow>(select).iterate(...values)) {
    const sieve = rates.get(row.rate_id);
    if (sieve === undefined || sieve.rate.kind === 'not-billable') continue;
    if (costOf === undefined && sieve.rate.kind === 'unrated') continue;
    const most = (row.input + row.cache_read + row.cache_write + row.output) * sieve.dearestToken;
    // A generous margin keeps rounding of floats from hiding a candidate; fees are outside the bound.
    if (costOf === undefined && most * 1.0001 < floor && row.extra === null) continue;
    const cost = (costOf ?? listCost)(sieve.rate, usageOf(row), BigInt(row.requests));
    if (cost === undefined) continue;
    found.push({ id: row.id, key: row.key, cost });
    if (found.length >= limit * 4 + 1000) {
      found = dearest(found, limit);
      floor = Number(found.at(-1)?.cost ?? -1n);
    }
  }
  return dearest(found, limit).map(({ id }) => id);
}

const dearest = (candidates: Candidate[], limit: number): Candidate[] =>
  candidates
    .sort((a, b) => (a.cost === b.cost ? (a.key < b.key ? -1 : 1) : a.cost > b.cost ? -1 : 1))
    .slice(0, limit);

interface Sieve {
  readonly rate: StoredRate;
  /** Attodollars of the rate's dearest token, as a float. */
  readonly dearestToken: number;
}

function sieveOf(rate: StoredRate): Sieve {
  const prices = rate.kind === 'rated' ? [...rate.prices.values()] : [];
  return {
    rate,
    dearestToken: Math.max(0, ...prices.map(({ amount, per }) => Number(amount) / per)),
  };
}

const listCost: CostOfUsage = (rate, usage, requests) =>
  rate.kind === 'rated' ? charge(usage, rate.prices, requests).cost : undefined;

function usageOf(row: CountsRow): UsageTotals {
  const counts = {
    input: row.input,
    cacheRead: row.cache_read,
    cacheWrite: row.cache_write,
    output: row.output,
    reasoning: row.reasoning,
  };
  return totalsOf(usageFrom(counts, row.extra === null ? {} : JSON.parse(row.extra)));
}
