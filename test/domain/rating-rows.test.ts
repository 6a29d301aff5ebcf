import { describe, expect, it } from 'vitest';
import { acornBook, acornCost, acornQuote } from '../fixtures/rates/acorn.ts';

const MILLION = { input: 1_000_000 };

describe('dated rows', () => {
  const CARD = `
models:
  oak-1:
    prices:
      - {from: 2026-03-01, source: page, input: 3.00, output: 9.00}
      - {from: 2026-06-01, source: page, input: 2.00, output: 6.00}
      - {from: "2026-08-16T16:00:00Z", source: page, until: 2026-10-01, input: 1.00, output: 3.00}
`;

  it.each([
    { name: 'from 00:00 UTC of its day', at: '2026-03-01T00:00:00Z', cost: '3' },
    { name: 'to the last millisecond before the next', at: '2026-05-31T23:59:59.999Z', cost: '3' },
    { name: 'which ends where the next begins', at: '2026-06-01T00:00:00Z', cost: '2' },
    { name: 'by UTC, whatever the offset of the time', at: '2026-06-01T01:30:00+02:00', cost: '3' },
    { name: 'before the hour of a change', at: '2026-08-16T15:59:59.999Z', cost: '2' },
    { name: 'from the hour of a change', at: '2026-08-16T16:00:00Z', cost: '1' },
    { name: 'to the last millisecond before its end', at: '2026-09-30T23:59:59.999Z', cost: '1' },
    {
      name: 'and none before the first',
      at: '2026-02-28T23:59:59.999Z',
      cost: 'acorn/oak-1 has no price before 2026-03-01',
    },
    {
      name: 'and none after the end of the last',
      at: '2026-10-01T00:00:00Z',
      cost: 'acorn/oak-1 has no price after its last row ended',
    },
  ])('price a call $name', ({ at, cost }) => {
    expect(acornCost(CARD, { at, tokens: MILLION })).toBe(cost);
  });

  it('say which row was taken and where it stands', () => {
    expect(acornQuote(CARD, { at: '2026-07-01T00:00:00Z', tokens: MILLION }).rate).toEqual({
      model: 'oak-1',
      from: '2026-06-01',
      status: 'verified',
      card: 'acorn.yaml:13',
    });
  });

  it('are complete: a row does not inherit from the one before', () => {
    const card = `
models:
  oak-1:
    prices:
      - {from: 2026-03-01, source: page, input: 3.00, cache_read: 0.30, output: 9.00}
      - {from: 2026-06-01, source: page, input: 2.00, output: 6.00}
`;
    expect(acornCost(card, { tokens: { cache_read: 10 } })).toBe(
      'acorn/oak-1 (from 2026-06-01) has no price for cache_read',
    );
  });

  it('need a time', () => {
    const rater = acornBook(CARD).rater({
      provider: 'acorn',
      model: 'oak-1',
      serviceTier: undefined,
      region: undefined,
      inferenceGeo: undefined,
      aggregated: false,
    });
    const rating = rater(undefined, { input: 1, cache_read: 0, cache_write: 0 });
    expect(rating.kind === 'unrated' ? rating.why.code : 'rated').toBe('no-time');
  });
});

describe('a model', () => {
  const row = (price: string) => `prices: [{from: 2026-01-01, source: page, input: ${price}}]`;
  const CARD = `
models:
  claude-sonnet-5: {aliases: [claude-sonnet-5-latest, sonnet], ${row('2.00')}}
  ft-oak: {match: "ft:oak-*:team-*", ${row('8.00')}}
  oak-1: {${row('1.00')}}
`;

  it.each([
    { name: 'its id', model: 'claude-sonnet-5', cost: '2' },
    { name: 'an alias', model: 'sonnet', cost: '2' },
    { name: 'its id in other letters', model: 'Claude-Sonnet-5', cost: '2' },
    { name: 'its glob', model: 'ft:oak-2:team-support', cost: '8' },
    { name: 'the provider before its name', model: 'acorn/oak-1', cost: '1' },
  ])('is found by $name', ({ model, cost }) => {
    expect(acornCost(CARD, { model, tokens: MILLION })).toBe(cost);
  });

  it.each([
    {
      name: 'a longer name that begins alike',
      model: 'claude-sonnet-5-5',
      reason:
        'acorn has no price for model "claude-sonnet-5-5"; the nearest name is claude-sonnet-5',
    },
    {
      name: 'a shorter name',
      model: 'claude-sonnet',
      reason: 'acorn has no price for model "claude-sonnet"; the nearest name is claude-sonnet-5',
    },
    {
      name: 'a name that only ends alike',
      model: 'my-oak-1-of-the-quarter-end-closing',
      reason: 'acorn has no price for model "my-oak-1-of-the-quarter-end-closing"',
    },
    {
      name: 'the name after some other path',
      model: 'hosted/acorns/in/a/far/away/forest/oak-1',
      reason: 'acorn has no price for model "hosted/acorns/in/a/far/away/forest/oak-1"',
    },
  ])('is not found by $name', ({ model, reason }) => {
    expect(acornCost(CARD, { model, tokens: MILLION })).toBe(reason);
  });

  it('of a provider without a card has no price', () => {
    expect(acornCost(CARD, { provider: 'beech', tokens: MILLION })).toBe(
      'no rate card for provider "beech"',
    );
  });
});

describe('a meter without a price', () => {
  const CARD = `models: {oak-1: {prices: [{from: 2026-01-01, source: page, input: 1.00, output: 4.00}]}}`;

  it.each([
    { name: 'cached input', tokens: { input: 5, cache_read: 5 }, missing: 'cache_read' },
    { name: 'cache writes', tokens: { 'cache_write@1h': 5 }, missing: 'cache_write@1h' },
    { name: 'audio', tokens: { input_audio: 5 }, missing: 'input_audio' },
    {
      name: 'two of them',
      tokens: { cache_read: 5, output_image: 5 },
      missing: 'cache_read, output_image',
    },
  ])('leaves the whole call unrated: $name', ({ tokens, missing }) => {
    expect(acornCost(CARD, { tokens })).toBe(
      `acorn/oak-1 (from 2026-01-01) has no price for ${missing}`,
    );
  });

  it('leaves a call with a fee that no card lists unrated, by the plain name of the fee', () => {
    expect(acornCost(CARD, { tokens: { input: 5 }, fees: { web_search: 1 } })).toBe(
      'acorn/oak-1 (from 2026-01-01) has no price for web_search',
    );
  });

  it('does not matter while none of it is used', () => {
    expect(acornCost(CARD, { tokens: { input: 1_000_000, cache_read: 0 } })).toBe('1');
  });

  it('still shows the price of the lines that have one', () => {
    const { lines } = acornQuote(CARD, { tokens: { input: 1_000_000, cache_read: 7 } });
    expect(lines.map(({ meter, cost }) => [meter, cost])).toEqual([
      ['input', 10n ** 18n],
      ['cache_read', undefined],
    ]);
  });
});
