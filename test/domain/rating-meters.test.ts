import { describe, expect, it } from 'vitest';
import { acornCost, acornQuote } from '../fixtures/rates/acorn.ts';

const card = (header: string, rows: string): string => `
${header}
models:
  oak-1:
    prices:
      - {from: 2026-01-01, source: page, ${rows}}
`;

describe('a fee', () => {
  const HEADER = `fees:
  lookup:
    per: 1000 calls
    prices:
      - {from: 2026-02-01, price: 10.00, source: page}
      - {from: 2026-06-01, price: 14.00, source: page}
  scan: {per: call, prices: [{from: 2026-01-01, price: 0.04, source: page}]}
  gift: {per: call, prices: [{from: 2026-01-01, free: true, source: page}]}`;
  const CARD = card(HEADER, 'input: 1.00');

  it.each([
    {
      name: 'no price before its first day',
      at: '2026-01-31T23:59:59Z',
      fees: { lookup: 1 },
      cost: 'acorn/oak-1 (from 2026-01-01) has no price for lookup',
    },
    { name: 'its first price', at: '2026-02-01T00:00:00Z', fees: { lookup: 3 }, cost: '0.03' },
    { name: 'its next price', at: '2026-06-01T00:00:00Z', fees: { lookup: 3 }, cost: '0.042' },
    { name: 'a price per call', at: '2026-06-01T00:00:00Z', fees: { scan: 2 }, cost: '0.08' },
    { name: 'no cost when it is free', at: '2026-06-01T00:00:00Z', fees: { gift: 9 }, cost: '0' },
  ])('has $name', ({ at, fees, cost }) => {
    expect(acornCost(CARD, { at, fees })).toBe(cost);
  });

  it('of a row goes before the one of the card', () => {
    // 2 x 35.00 a thousand
    expect(
      acornCost(card(HEADER, 'input: 1.00, fees: {lookup: 35.00}'), { fees: { lookup: 2 } }),
    ).toBe('0.07');
  });

  it('that only models price has a price for the models whose rows list it', () => {
    const named = `fees: {lookup: {per: 1000 calls}}
models:
  oak-1: {prices: [{from: 2026-01-01, source: page, input: 1.00, fees: {lookup: 35.00}}]}
  elm-1: {prices: [{from: 2026-01-01, source: page, input: 1.00}]}
`;
    // 2 x 35.00 a thousand
    expect(acornCost(named, { fees: { lookup: 2 } })).toBe('0.07');
    expect(acornCost(named, { model: 'elm-1', fees: { lookup: 2 } })).toBe(
      'acorn/elm-1 (from 2026-01-01) has no price for lookup',
    );
  });

  it('per request is added to every call', () => {
    // 0.005 + 1,000 x 1.00 a million
    expect(
      acornCost(card('', 'input: 1.00, per_request: 0.005'), { tokens: { input: 1000 } }),
    ).toBe('0.006');
  });
});

describe('a price of things that are not tokens', () => {
  it.each([
    // 3 x 2.00 / 1,000
    { name: 'searches', rows: 'per_1000_searches: 2.00', fees: { search_unit: 3 }, cost: '0.006' },
    // 40 x 1.50 / 1,000
    { name: 'pages', rows: 'per_1000_pages: 1.50', fees: { page: 40 }, cost: '0.06' },
    { name: 'images', rows: 'per_image: 0.04', fees: { image: 2 }, cost: '0.08' },
    // 2,000 x 15.00 / 1,000,000
    { name: 'characters', rows: 'characters: 15.00', fees: { character: 2000 }, cost: '0.03' },
    // 30,000 x 2.00 / 1,000,000
    {
      name: 'citations',
      rows: 'citation_tokens: 2.00',
      fees: { citation_token: 30_000 },
      cost: '0.06',
    },
    // 90 s x 0.36 / 3,600 s
    {
      name: 'an hour of audio',
      rows: 'audio_hour: 0.36',
      fees: { audio_milliseconds: 90_000 },
      cost: '0.009',
    },
    // 500,000 x 4.50 / 1,000,000
    {
      name: 'storing the cache',
      rows: 'cache_storage_hour: 4.50',
      fees: { cache_storage_token_hour: 500_000 },
      cost: '2.25',
    },
  ])('is charged for $name', ({ rows, fees, cost }) => {
    expect(acornCost(card('', rows), { fees })).toBe(cost);
  });
});

describe('a free model', () => {
  it('costs nothing for any plain count', () => {
    expect(
      acornCost(card('', 'free: true'), {
        tokens: { input: 5, cache_read: 5, cache_write: 5, output: 5 },
      }),
    ).toBe('0');
  });
});

describe('reasoning', () => {
  it.each([
    // 1,000 x 8.00
    { name: 'inside output where it has no price', rows: 'output: 8.00', cost: '0.008' },
    // 600 x 8.00 + 400 x 2.00
    { name: 'apart where it has one', rows: 'output: 8.00, reasoning: 2.00', cost: '0.0056' },
  ])('is priced $name', ({ rows, cost }) => {
    expect(acornCost(card('', rows), { tokens: { output: 600, reasoning: 400 } })).toBe(cost);
  });
});

describe('audio and images', () => {
  const ROWS =
    'input: 4.00, cache_read: 0.40, output: 16.00, audio: {input: 32.00, cache_read: 0.80, output: 64.00}';

  it('are priced apart from text', () => {
    // 100 x 4.00 + 200 x 32.00 + 300 x 0.40 + 400 x 0.80 + 500 x 16.00 + 600 x 64.00
    // = 400 + 6,400 + 120 + 320 + 8,000 + 38,400 = 53,640
    const tokens = {
      input: 100,
      input_audio: 200,
      cache_read: 300,
      cache_read_audio: 400,
      output: 500,
      output_audio: 600,
    };
    expect(acornCost(card('', ROWS), { tokens })).toBe('0.05364');
  });

  it.each([
    {
      name: 'not unless the card says so',
      header: '',
      tokens: { input_image: 1000 },
      cost: 'acorn/oak-1 (from 2026-01-01) has no price for input_image',
    },
    // 1,000 x 4.00
    {
      name: 'input',
      header: 'at_text_price: [image]',
      tokens: { input_image: 1000 },
      cost: '0.004',
    },
    // 1,000 x 0.40
    {
      name: 'cached input',
      header: 'at_text_price: [image]',
      tokens: { cache_read_image: 1000 },
      cost: '0.0004',
    },
    {
      name: 'never output',
      header: 'at_text_price: [image]',
      tokens: { output_image: 1000 },
      cost: 'acorn/oak-1 (from 2026-01-01) has no price for output_image',
    },
    // 1,000 x 32.00: the row's own price goes first.
    {
      name: 'not where the row has a price',
      header: 'at_text_price: [audio]',
      tokens: { input_audio: 1000 },
      cost: '0.032',
    },
  ])('may cost what text costs: $name', ({ header, tokens, cost }) => {
    expect(acornCost(card(header, ROWS), { tokens })).toBe(cost);
  });

  it('at the price of text follow it into a context tier', () => {
    const text = card('at_text_price: [image]', 'input: 4.00, tiers: [{above: 1000, input: 6.00}]');
    // 2,000 x 6.00
    expect(acornCost(text, { tokens: { input_image: 2000 } })).toBe('0.012');
  });
});

describe('a cache write', () => {
  const MAP = card('cache_write_default: 5m', 'input: 1.00, cache_write: {5m: 1.25, 1h: 2.00}');
  const NUMBER = card('cache_write_default: 5m', 'input: 1.00, cache_write: 1.25');
  const NO_DEFAULT = card('', 'input: 1.00, cache_write: 1.25');

  it.each([
    { name: 'by its time to live', card: MAP, meter: 'cache_write@5m', cost: '1.25' },
    { name: 'by a longer time to live', card: MAP, meter: 'cache_write@1h', cost: '2' },
    {
      name: 'at the usual time when it does not say',
      card: MAP,
      meter: 'cache_write',
      cost: '1.25',
    },
    {
      name: 'at a number, which is for the usual time',
      card: NUMBER,
      meter: 'cache_write@5m',
      cost: '1.25',
    },
    { name: 'at a number when it does not say', card: NUMBER, meter: 'cache_write', cost: '1.25' },
    {
      name: 'at a number without a usual time',
      card: NO_DEFAULT,
      meter: 'cache_write',
      cost: '1.25',
    },
    {
      name: 'for 1h never at the price of 5m',
      card: NUMBER,
      meter: 'cache_write@1h',
      cost: 'acorn/oak-1 (from 2026-01-01) has no price for cache_write@1h',
    },
    {
      name: 'for 12h never at any other price',
      card: MAP,
      meter: 'cache_write@12h',
      cost: 'acorn/oak-1 (from 2026-01-01) has no price for cache_write@12h',
    },
  ])('is priced $name', ({ card: text, meter, cost }) => {
    expect(acornCost(text, { tokens: { [meter]: 1_000_000 } })).toBe(cost);
  });

  it('shows its time to live in the lines', () => {
    const { lines } = acornQuote(MAP, { tokens: { 'cache_write@1h': 7, cache_write: 5 } });
    expect(lines.map(({ meter, quantity }) => [meter, quantity])).toEqual([
      ['cache_write@1h', 7n],
      ['cache_write@default', 5n],
    ]);
  });
});
