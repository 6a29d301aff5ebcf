import { call, desk, type Desk, freshFolder, jsonl } from './fake-runtime.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cardText, cardsWith } from './ledgers.ts';

/** So many million tokens of a model that costs a dollar a million. */
export const dollars = (
  id: string,
  amount: number,
  tags: Readonly<Record<string, string>>,
  more: Readonly<Record<string, unknown>> = {},
) =>
  call({
    id,
    provider: 'acme',
    model: 'anvil',
    input_tokens: amount * 1_000_000,
    output_tokens: 0,
    tags,
    ...more,
  });

const CARD = cardText('acme', {
  anvil: { input: '1.00', output: '1.00' },
  bellows: { input: '0.50', output: '0.50' },
});

/** A desk with calls in its ledger, and rules. */
export async function deskWith(rules: string, ...calls: readonly unknown[]): Promise<Desk> {
  const here = desk();
  here.write('acme.yaml', CARD);
  here.write('aicost.yaml', `rates: acme.yaml\n${rules}`);
  await here.must('ingest', here.write('calls.jsonl', jsonl(...calls)));
  return here;
}

interface Reported {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly totals: Readonly<Record<string, unknown>>;
  readonly notes: readonly { readonly code: string; readonly message: string }[];
}

/** A report as JSON. */
export const asked = async (here: Desk, ...argv: readonly string[]): Promise<Reported> =>
  JSON.parse(await here.must('report', '--format', 'json', ...argv));

/** Costs by the values of a dimension, without groups that have no calls. */
export async function costs(here: Desk, by: string, ...argv: readonly string[]) {
  const { rows } = await asked(here, '--by', by, ...argv);
  return Object.fromEntries(
    rows.flatMap((row) =>
      row['requests'] === 0
        ? []
        : [
            [
              by
                .split(',')
                .map((name) => String(row[name]))
                .join(' '),
              row['cost_usd'],
            ],
          ],
    ),
  );
}

/** The prices of a small card alone: reading one of the shipped ones takes longer than most tests. */
export function priced(price: string): ReturnType<typeof cardsWith>['book'] {
  const file = join(freshFolder(), 'acme.yaml');
  writeFileSync(file, cardText('acme', { anvil: { input: price, output: price } }));
  return cardsWith(file).book;
}
