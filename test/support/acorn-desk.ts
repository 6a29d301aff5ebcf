import { type Desk, desk, jsonl } from './fake-runtime.ts';

// oak-1 costs $2.00 in and $8.00 out per million tokens. It is noon of 2026-11-21 in every test.
const CARD = `rate_card: 1
provider: acorn
currency: USD
units: per million tokens
as_of: 2026-11-20
sources: {page: {note: price page, read: 2026-11-20}}
models:
  oak-1: {prices: [{from: 2026-01-01, source: page, input: 2.00, output: 8.00}]}
`;

/** Calls of features a and b: 6 M and 4 M tokens in November, list 12 and 8; 3 M of a in October, list 6. */
export const CALLS = [
  { id: 'a1', time: '2026-11-02T09:00:00Z', input_tokens: 6_000_000, tags: { feature: 'a' } },
  { id: 'b1', time: '2026-11-03T09:00:00Z', input_tokens: 4_000_000, tags: { feature: 'b' } },
  { id: 'a0', time: '2026-10-05T09:00:00Z', input_tokens: 3_000_000, tags: { feature: 'a' } },
];

/** A desk with the card of acorn, an overlay beside it, and calls in its ledger. */
export async function deskWith(
  overlay: string,
  calls: readonly object[] = CALLS,
  folder = 'contracts',
): Promise<Desk> {
  const here = desk();
  here.write('aicost.yaml', 'rates: ./rates\nledger: ./ledger.db\n');
  here.write('rates/acorn.yaml', CARD);
  here.write(`rates/${folder}/terms.yaml`, overlay);
  const records = calls.map((call) => ({ provider: 'acorn', model: 'oak-1', ...call }));
  const log = here.write('log.jsonl', jsonl(...records));
  await here.must('ingest', log);
  return here;
}

/** A contract of acorn with these terms. */
export const contract = (terms: string, more = 'from: 2026-10-01'): string =>
  `contract: 1\nname: Acorn 2026\ncurrency: USD\n${more}\nterms:\n${terms}\n`;
