import { describe, expect, it } from 'vitest';
import { acornBook, acornCost, acornQuote, NOW, readAcornCard } from '../fixtures/rates/acorn.ts';

const card = (rows: string, header = '', more = ''): string => `
${header}
models:
  oak-1:
    ${more}
    prices:
      - {from: 2026-01-01, source: page, ${rows}}
`;

const MILLION = { input: 1_000_000 };

describe('a region with prices of its own', () => {
  const TOKYO = card(
    'input: 1.00, cache_read: 0.10, output: 4.00, regions: [{in: [tokyo, osaka], input: 1.20, cache_read: 0.12, output: 4.80}, {in: [oslo], input: 1.50}]',
  );

  it.each([
    // 1,000 x 1.20 + 1,000 x 0.12 + 1,000 x 4.80 = 6,120
    { region: 'tokyo', cost: '0.00612' },
    { region: 'OSAKA', cost: '0.00612' },
    // 1,000 x 1.50, the rest as elsewhere: 1,500 + 100 + 4,000 = 5,600
    { region: 'oslo', cost: '0.0056' },
    // 1,000 + 100 + 4,000 = 5,100
    { region: 'lima', cost: '0.0051' },
  ])('prices a call of $region', ({ region, cost }) => {
    const tokens = { input: 1000, cache_read: 1000, output: 1000 };
    expect(acornCost(TOKYO, { region, tokens })).toBe(cost);
  });

  it('is not the price of a call that tells no region', () => {
    expect(acornCost(TOKYO, { tokens: MILLION })).toBe('1');
  });

  it('says where the price comes from, and how well it is known', () => {
    const text = card(
      'input: 1.00, regions: [{in: [tokyo], source: page, status: single-source, input: 1.20}]',
    );
    const { rate, steps } = acornQuote(text, { region: 'Tokyo', tokens: MILLION });
    expect([rate?.status, steps]).toEqual(['single-source', ['region tokyo: published price']]);
    expect(acornQuote(text, { tokens: MILLION }).rate?.status).toBe('verified');
  });

  it('keeps calls of several regions apart in one book', () => {
    const book = acornBook(TOKYO);
    const unit = (region: string): string => {
      const sku = { provider: 'acorn', model: 'oak-1', region, aggregated: false };
      const rating = book.rater({ ...sku, serviceTier: undefined, inferenceGeo: undefined })(NOW, {
        input: 1,
        cache_read: 0,
        cache_write: 0,
      });
      return rating.kind === 'rated' ? String(rating.rate.prices.get('input')?.amount) : 'unrated';
    };
    // Attodollars a token: 1.20, 1.50 and 1.00 dollars per million.
    expect([unit('tokyo'), unit('oslo'), unit('lima'), unit('tokyo')]).toEqual([
      '1200000000000',
      '1500000000000',
      '1000000000000',
      '1200000000000',
    ]);
  });
});

describe('a surcharge of a region with prices of its own', () => {
  const text = card(
    'input: 1.00, output: 4.00, regions: [{in: [tokyo], input: 1.50}]',
    `surcharges:
  far: {when: {region: [tokyo, oslo]}, multiply: 1.1}
  kept: {when: {inference_geo: [jp]}, multiply: 1.2}`,
  );

  it.each([
    // The region's 1.50 as it is; output 4.00 x 1.1 = 4.40.
    { name: 'its own prices hold it already', call: { region: 'tokyo' }, cost: '5.9' },
    // (1.00 + 4.00) x 1.1
    { name: 'another region bears it', call: { region: 'oslo' }, cost: '5.5' },
    // (1.50 + 4.40) x 1.2
    { name: 'one by geography comes on top', call: { region: 'tokyo', geo: 'jp' }, cost: '7.08' },
  ])('$name', ({ call, cost }) => {
    expect(acornCost(text, { ...call, tokens: { ...MILLION, output: 1_000_000 } })).toBe(cost);
  });
});

describe('service tiers in a region with prices of its own', () => {
  const HEADER = `service_tiers:
  batch: {multiply: 0.5}
  priority: {no_default: true}`;

  it.each([
    // 1.20 x 0.5
    { name: 'a multiplier applies', rows: '', tier: 'batch', cost: '0.6' },
    {
      name: 'the number of the row is of another region',
      rows: 'service: {batch: {input: 0.60}},',
      tier: 'batch',
      cost: 'acorn/oak-1 has no price for service tier batch in tokyo',
    },
    {
      name: 'a tier without multiplier has no price',
      rows: 'service: {priority: {input: 2.00}},',
      tier: 'priority',
      cost: 'acorn/oak-1 has no price for service tier priority in tokyo',
    },
    {
      name: 'the number of the region beats all',
      rows: 'service: {priority: {input: 2.00}},',
      own: ', service: {priority: {input: 2.40}}',
      tier: 'priority',
      cost: '2.4',
    },
    {
      name: 'a number of the row that has ended is in nobody’s way',
      rows: 'service: {batch: {input: 0.60, until: 2026-11-01}},',
      tier: 'batch',
      cost: '0.6',
    },
  ])('$name', ({ rows, own = '', tier, cost }) => {
    const text = card(
      `input: 1.00, ${rows} regions: [{in: [tokyo], input: 1.20${own}}]`,
      HEADER,
      'service_tiers: [batch]',
    );
    expect(acornCost(text, { region: 'tokyo', tier, tokens: MILLION })).toBe(cost);
  });
});

describe('long prompts in a region with prices of its own', () => {
  const ROW = 'input: 1.00, tiers: [{above: 1000, input: 2.00}]';

  it.each([
    // 1,000 x 1.20
    { name: 'a short prompt is priced', own: '', input: 1000, cost: '0.0012' },
    {
      name: 'a tier that only the row prices is of another region',
      own: '',
      input: 1001,
      cost: 'acorn/oak-1 has no price for prompts of more than 1,000 tokens in tokyo',
    },
    // 1,001 x 2.40
    {
      name: 'a tier of its own holds',
      own: ', tiers: [{above: 1000, input: 2.40}]',
      input: 1001,
      cost: '0.0024024',
    },
    {
      name: 'a tier of its own below the row’s does not stand for it',
      own: ', tiers: [{above: 500, input: 2.40}]',
      input: 1001,
      cost: 'acorn/oak-1 has no price for prompts of more than 1,000 tokens in tokyo',
    },
  ])('$name', ({ own, input, cost }) => {
    const text = card(`${ROW}, regions: [{in: [tokyo], input: 1.20${own}}]`);
    expect(acornCost(text, { region: 'tokyo', tokens: { input } })).toBe(cost);
  });

  it('have a lower bound only, where counts are summed over calls', () => {
    const book = acornBook(card(`${ROW}, regions: [{in: [tokyo], input: 1.20}]`));
    const sku = { provider: 'acorn', model: 'oak-1', region: 'tokyo', aggregated: true };
    const rating = book.rater({ ...sku, serviceTier: undefined, inferenceGeo: undefined })(NOW, {
      input: 5000,
      cache_read: 0,
      cache_write: 0,
    });
    expect(rating.kind === 'rated' && rating.rate.lowerBound).toBe(true);
  });
});

it('hours with a price of their own leave a region without one', () => {
  const text = card(
    'input: 1.00, hours: [{utc: ["01:00-02:00"], input: 2.00}], regions: [{in: [tokyo], input: 1.20}]',
  );
  const call = { region: 'tokyo', tokens: MILLION };
  expect(acornCost(text, { ...call, at: '2026-11-20T02:00:00Z' })).toBe('1.2');
  expect(acornCost(text, { ...call, at: '2026-11-20T01:00:00Z' })).toBe(
    'acorn/oak-1 has no price for these hours in tokyo',
  );
});

describe('a card with regions', () => {
  it.each([
    {
      name: 'no region',
      regions: '{input: 1.20}',
      error: 'models.oak-1@2026-01-01.regions: needs "in:", the regions whose prices these are',
    },
    {
      name: 'no price',
      regions: '{in: [tokyo]}',
      error: 'models.oak-1@2026-01-01.regions: lists no price',
    },
    {
      name: 'a source that is not declared',
      regions: '{in: [tokyo], source: paeg, input: 1.20}',
      error: expect.stringContaining('models.oak-1@2026-01-01.regions: source "paeg"'),
    },
    {
      name: 'a region twice',
      regions: '{in: [tokyo], input: 1.20}, {in: [oslo, Tokyo], input: 1.30}',
      error: 'oak-1@2026-01-01: regions: tokyo stands there twice; keep one of them',
    },
    {
      name: 'tiers out of order',
      regions:
        '{in: [tokyo], input: 1.20, tiers: [{above: 9, input: 2.00}, {above: 5, input: 3.00}]}',
      error: 'oak-1@2026-01-01: regions tokyo: tiers go by ascending size',
    },
  ])('has an error: $name', ({ regions, error }) => {
    expect(readAcornCard(card(`input: 1.00, regions: [${regions}]`)).errors).toEqual([error]);
  });

  it.each([
    { regions: '{in: [tokyo], input: 5.00}', warnings: [] },
    {
      regions: '{in: [tokyo], input: 5.01}',
      warnings: [
        'oak-1@2026-01-01: regions tokyo: input is more than five times dearer or cheaper than elsewhere; is it a slip of the unit?',
      ],
    },
    {
      regions: '{in: [tokyo, oslo], input: 0.19}',
      warnings: [
        'oak-1@2026-01-01: regions tokyo, oslo: input is more than five times dearer or cheaper than elsewhere; is it a slip of the unit?',
      ],
    },
  ])('is asked about a price far from elsewhere: $regions', ({ regions, warnings }) => {
    expect(readAcornCard(card(`input: 1.00, regions: [${regions}]`)).warnings).toEqual(warnings);
  });

  it('is asked about a price of the row that a region does not list', () => {
    const text = card('input: 1.00, output: 4.00, regions: [{in: [tokyo], input: 1.20}]');
    expect(readAcornCard(text).warnings).toEqual([
      'oak-1@2026-01-01: regions tokyo: output is not listed, which keeps the base price',
    ]);
  });
});
