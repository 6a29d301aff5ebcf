import { type Desk, desk, jsonl } from './fake-runtime.ts';

/**
 * Prices of acorn, per million tokens. oak-1 costs $3 in, $0.30 read, $3.75 written for 5 minutes, $6 for an hour,
 * $15 out; prompts of less than 1,000 tokens are not cached; above 10,000 tokens a prompt's input costs $6 and
 * reading $0.60. elm-1 caches by itself: $2 in, $0.50 read, nothing more for writing. yew-1 has no cache.
 */
const CARD = `rate_card: 1
provider: acorn
currency: USD
units: per million tokens
as_of: 2026-11-20
sources: {page: {note: price page, read: 2026-11-20}}
cache_write_default: 5m
models:
  oak-1:
    cache: {minimum: 1000, ttls: [5m, 1h]}
    prices:
      - from: 2026-01-01
        source: page
        input: 3.00
        cache_read: 0.30
        cache_write: {5m: 3.75, 1h: 6.00}
        output: 15.00
        cache_storage_hour: 1.00
        tiers: [{above: 10000, input: 6.00, cache_read: 0.60, cache_write: {5m: 7.50, 1h: 12.00}, output: 15.00}]
  elm-1:
    prices: [{from: 2026-01-01, source: page, input: 2.00, cache_read: 0.50, output: 8.00}]
  yew-1:
    prices: [{from: 2026-01-01, source: page, input: 1.00, output: 4.00}]
`;

/** What tests read of `aicost whatif LEVER --format json`. */
export interface WhatifJson {
  readonly requests: Readonly<Record<'total' | 'changed' | 'unchanged' | 'excluded', number>>;
  readonly before_usd: string;
  readonly after_usd: Readonly<Record<'low' | 'mid' | 'high', string>>;
  readonly saving_usd: Readonly<Record<'low' | 'mid' | 'high', string>>;
  readonly report_total_usd: string;
  readonly rows: readonly {
    readonly part: string;
    readonly reason: string | null;
    readonly requests: number;
    readonly before_usd: string;
  }[];
  readonly assumptions: readonly {
    readonly name: string;
    readonly value: string;
    readonly source: string;
    readonly note: string;
  }[];
}

/** A desk with the card of acorn and these calls of oak-1, at noon of 2026-11-02 unless they say otherwise. */
export async function deskOf(...calls: readonly object[]): Promise<Desk> {
  const here = desk();
  here.write('aicost.yaml', 'rates: ./rates\nledger: ./ledger.db\n');
  here.write('rates/acorn.yaml', CARD);
  const records = calls.map((call, index) => ({
    id: `c${index + 1}`,
    time: '2026-11-02T12:00:00Z',
    provider: 'acorn',
    model: 'oak-1',
    ...call,
  }));
  await here.must('ingest', here.write('log.jsonl', jsonl(...records)));
  return here;
}

/** What a lever answers for programs. */
export const whatif = async (here: Desk, ...argv: readonly string[]): Promise<WhatifJson> =>
  JSON.parse(await here.must('whatif', ...argv, '--format', 'json'));

/** What an answer took or measured, by its name. */
export const taken = ({ assumptions }: WhatifJson, name: string): string | undefined =>
  assumptions.find((each) => each.name === name)?.value;

/** Requests that stay out, by the code of the reason. */
export const excluded = ({ rows }: WhatifJson): Readonly<Record<string, number>> =>
  Object.fromEntries(
    rows
      .filter(({ part }) => part === 'excluded')
      .map(({ reason, requests }) => [reason, requests]),
  );
