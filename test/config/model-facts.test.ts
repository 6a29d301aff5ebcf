import { describe, expect, it } from 'vitest';
import { decodeRateCard } from '../../src/config/rate-card-file.ts';
import { lintRateCard } from '../../src/config/rate-card-lint.ts';
import type { Problem } from '../../src/config/yaml-tree.ts';
import { factAt } from '../../src/domain/model-facts.ts';
import { showOrigin } from '../../src/errors.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const ROW = '{from: 2026-01-01, source: page, input: 1.00, cache_read: 0.10, output: 4.00}';

function read(model: string, header = '', row = ROW) {
  const problems: Problem[] = [];
  const text = `rate_card: 1
provider: acorn
currency: USD
units: per million tokens
as_of: 2026-11-20
sources: {page: {note: price page, read: 2026-11-20}, table: {note: a table, read: 2026-11-20}}
${header}
models:
  oak-1:
    ${model}
    prices: [${row}]
`;
  const card = decodeRateCard(text, 'acorn.yaml', (problem) => problems.push(problem));
  lintRateCard(card, NOW, (problem) => problems.push(problem));
  const said = problems.map(({ origin, message }) => `${showOrigin(origin)}: ${message}`);
  const [oak] = card.models;
  if (oak === undefined) throw new Error('the card has no model');
  return { card, oak, said };
}

const day = (text: string): number => Date.parse(text);

describe('what a model is', () => {
  it('is said beside its prices', () => {
    const { oak, said } = read(
      'tokenizer: o200k_base\n    modalities: {input: [text, image], output: [text]}\n    features: [tools, prompt_caching]\n    retires: 2027-01-01',
    );
    expect(said).toEqual([]);
    expect(oak).toMatchObject({
      tokenizer: 'o200k_base',
      modalities: { input: ['text', 'image'], output: ['text'] },
      features: ['tools', 'prompt_caching'],
      retires: '2027-01-01',
    });
  });

  it('is one number where it never changed', () => {
    const { oak } = read('context_window: 200000');
    expect(factAt(oak.contextWindow, day('2020-01-01'))).toBe(200_000);
  });

  it('changes on the day that a list says, and is unknown before its first', () => {
    const { oak, said } = read(
      'context_window: [{from: 2026-02-05, tokens: 200000}, {from: 2026-03-13, tokens: 1000000}]',
    );
    expect(said).toEqual([]);
    expect(
      ['2026-02-04', '2026-02-05', '2026-03-12T23:59:59Z', '2026-03-13'].map((time) =>
        factAt(oak.contextWindow, day(time)),
      ),
    ).toEqual([undefined, 200_000, 200_000, 1_000_000]);
  });

  it('has a cache of its own, and the card one for all', () => {
    const { card, oak, said } = read(
      'cache: [{from: 2026-01-01, minimum: 1024, ttls: [5m]}, {from: 2026-06-01, minimum: 512, ttls: [5m, 1h]}]',
      'cache: {minimum: 2048, ttls: [5m]}',
    );
    expect(said).toEqual([]);
    expect(factAt(card.cache, NOW)).toEqual({ minimum: 2048, ttls: ['5m'] });
    expect(factAt(oak.cache, day('2026-05-31'))).toEqual({ minimum: 1024, ttls: ['5m'] });
    expect(factAt(oak.cache, NOW)).toEqual({ minimum: 512, ttls: ['5m', '1h'] });
  });

  it.each([
    [
      'a kind of content that there is not',
      'modalities: {input: [smell]}',
      'acorn.yaml:10:25: models.oak-1.modalities.input: expected some of text, image, audio, video, file, found "smell"',
    ],
    [
      'a feature that there is not',
      'features: [flying]',
      'acorn.yaml:10:15: models.oak-1.features: expected some of tools, reasoning, structured_output, prompt_caching, batch, fine_tuning, web_search, found "flying"',
    ],
    [
      'a list without a day',
      'context_window: [{tokens: 200000}]',
      'acorn.yaml:10:22: models.oak-1.context_window: one of a list needs "from:", the day from which it holds',
    ],
    [
      'days that go backwards',
      'max_output: [{from: 2026-03-01, tokens: 1}, {from: 2026-02-01, tokens: 2}]',
      'acorn.yaml:10:17: models.oak-1.max_output: dates go oldest first; 2026-02-01 does not',
    ],
    [
      'a cache that says nothing',
      'cache: {}',
      'acorn.yaml:10:12: models.oak-1.cache: says nothing; write minimum and ttls, or leave it out',
    ],
  ])('%s is refused with its place', (_, model, expected) => {
    expect(read(model).said).toContain(expected);
  });
});

describe('a price that others see differently', () => {
  it('keeps what they say beside it', () => {
    const { oak, said } = read(
      'kind: chat',
      '',
      '{from: 2026-01-01, source: page, input: 1.00, output: 4.00, others_say: [{source: table, input: 1.10, why: with a surcharge}]}',
    );
    expect(said).toEqual([]);
    // $1.10 per million tokens are 1.1e-6 dollars each: 1,100,000,000,000 attodollars.
    expect(oak.rows[0]?.othersSay).toEqual([
      {
        source: 'table',
        prices: new Map([['input', { amount: 1_100_000_000_000n, per: 1 }]]),
        why: 'with a surcharge',
      },
    ]);
  });

  it('names a source that the card knows', () => {
    const { said } = read(
      'kind: chat',
      '',
      '{from: 2026-01-01, source: page, input: 1.00, output: 4.00, others_say: [{source: hearsay, input: 2.00}]}',
    );
    expect(said).toEqual([
      'acorn.yaml:11:87: models.oak-1@2026-01-01.others_say: source "hearsay" is not listed under sources; declare it there with url (or note) and read, the day it was read',
    ]);
  });
});

describe('a price that looks odd', () => {
  const odd = (rest: string) =>
    read('kind: chat', '', `{from: 2026-01-01, source: page, input: 4.00, output: 1.00${rest}}`);

  it('is asked about', () => {
    expect(odd('').said).toEqual([
      'acorn.yaml:11:21: oak-1@2026-01-01: output is cheaper than input',
    ]);
  });

  it('is not asked about once the card says that it is published so', () => {
    expect(odd(', as_published: [output], note: on the page').said).toEqual([]);
  });

  it('is still asked about where the word is meant for another meter', () => {
    expect(odd(', as_published: [input_audio], note: on the page').said).toHaveLength(1);
  });

  it('needs a note that says who publishes it', () => {
    expect(odd(', as_published: [output]').said).toEqual([
      'acorn.yaml:11:14: models.oak-1@2026-01-01: as_published needs a note that says who publishes it so',
    ]);
  });
});
