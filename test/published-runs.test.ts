import { expect, it } from 'vitest';
import { divideHalfEven, decimalText, parseMoney } from '../src/domain/money.ts';
import { quotedLines, type RateRow, rateRows } from './support/rate-fixtures.ts';

const RUNS = rateRows('aider-runs.csv');

// The tokens are sums over 225 calls, none of which was long: what counts is the price below every context tier.
const prices = await quotedLines(
  RUNS.map(({ run = '', provider = '', model = '', date = '' }) => ({
    id: run,
    provider,
    model,
    at: `${date}T12:00:00Z`,
    context: {},
    buckets: { input: 1, output: 1 },
    fees: {},
  })),
);

const MILLION = 1_000_000n;
const PER_TEN_THOUSANDTH = 10n ** 14n;

/** Tokens times the price of that day, to four decimals as the benchmark prints it. */
function costOf(run: RateRow): string {
  const lines = prices.get(run['run'] ?? '') ?? [];
  const cost = ['input', 'output'].map((meter) => {
    const price = lines.find((line) => line.meter === meter)?.unit_price_usd_per_million;
    return BigInt(run[`${meter}_tokens`] ?? '') * (parseMoney(price ?? 'none') ?? 0n);
  });
  const attodollars = cost.reduce((sum, part) => sum + part, 0n) / MILLION;
  return decimalText(divideHalfEven(attodollars, PER_TEN_THOUSANDTH), 4);
}

it.each(RUNS.map((run) => ({ name: run['run'], run })))(
  'a published benchmark run costs what its author paid: $name',
  ({ run }) => expect(costOf(run)).toBe(run['published_cost_usd']),
);
