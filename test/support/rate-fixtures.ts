import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { runIn } from './fake-runtime.ts';

/** One row of a table under fixtures/rates, by column. */
export type RateRow = Readonly<Record<string, string>>;

/** The rows of a table under fixtures/rates; lines that begin with # say what the figures are. */
export const rateRows = (name: string): readonly RateRow[] =>
  parse(readFileSync(join(import.meta.dirname, '../fixtures/rates', name), 'utf8'), {
    columns: true,
    comment: '#',
    comment_no_infix: true,
  });

/** A case for `rates quote --stdin`. */
export interface PriceCase {
  readonly id: string;
  readonly provider: string;
  readonly model: string;
  readonly at: string;
  readonly context: Readonly<Record<string, string>>;
  readonly buckets: Readonly<Record<string, number>>;
  readonly fees: Readonly<Record<string, number>>;
}

/** What `rates quote` says of one meter: dollars per million tokens, and of the whole line; null where there is no price. */
export interface QuotedLine {
  readonly meter: string;
  readonly unit_price_usd_per_million: string | null;
  readonly cost_usd: string | null;
}

/** The lines that `rates quote --stdin` answers with, by id of the case. */
export async function quotedLines(
  cases: readonly PriceCase[],
): Promise<ReadonlyMap<string, readonly QuotedLine[]>> {
  const stdin = cases.map((one) => `${JSON.stringify(one)}\n`).join('');
  const { out } = await runIn({ stdin }, ['rates', 'quote', '--stdin']);
  return new Map(
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ id, lines }) => [id, lines]),
  );
}
