import { type Desk, desk, jsonl } from './fake-runtime.ts';

/**
 * Models to move requests between, dollars per million tokens. gpt-4o-oak is large and dear. gpt-4o-elm is cheap, takes
 * text only, 2,000 tokens in all and 500 of answer, costs double above 1,000 of prompt, caches from 100 tokens, and
 * has batch prices. claude-yew and llama-3-ash have other tokenizers, zebra one that nobody knows; ash says no limits.
 */
export const MOVE_CARD = `rate_card: 1
provider: acorn
currency: USD
units: per million tokens
as_of: 2026-11-20
sources: {page: {note: price page, read: 2026-11-20}}
service_tiers: {batch: {multiply: 0.5, covers: tokens, only_listed_models: true}}
models:
  gpt-4o-oak:
    aliases: [gpt-4o-oak-2026-01-01]
    context_window: 128000
    max_output: 16000
    modalities: {input: [text, image], output: [text]}
    service_tiers: [batch]
    prices: [{from: 2026-01-01, source: page, input: 2.00, cache_read: 0.20, output: 8.00, image: {input: 2.00}}]
  gpt-4o-elm:
    context_window: 2000
    max_output: 500
    modalities: {input: [text], output: [text]}
    cache: {minimum: 100}
    prices: [{from: 2026-01-01, source: page, input: 0.50, cache_read: 0.05, output: 2.00, tiers: [{above: 1000, input: 1.00, cache_read: 0.10, output: 4.00}]}]
  claude-yew:
    context_window: 200000
    max_output: 64000
    prices: [{from: 2026-01-01, source: page, input: 1.00, output: 5.00}]
  llama-3-ash:
    prices: [{from: 2026-01-01, source: page, input: 0.10, output: 0.40}]
  zebra:
    prices: [{from: 2026-01-01, source: page, input: 0.10, output: 0.40}]
`;

/** A desk with that card and these calls, of gpt-4o-oak on 2026-11-02 unless they say otherwise; ids are c1, c2, ... */
export async function moveDesk(...calls: readonly object[]): Promise<Desk> {
  const here = desk();
  here.write('aicost.yaml', 'rates: ./rates\n');
  here.write('rates/acorn.yaml', MOVE_CARD);
  const records = calls.map((call, index) => ({
    id: `c${index + 1}`,
    time: '2026-11-02T12:00:00Z',
    provider: 'acorn',
    model: 'gpt-4o-oak',
    ...call,
  }));
  await here.must('ingest', here.write('log.jsonl', jsonl(...records)));
  return here;
}
