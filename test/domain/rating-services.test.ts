import { describe, expect, it } from 'vitest';
import { acornCost, acornQuote } from '../fixtures/rates/acorn.ts';

const MILLION = { input: 1_000_000 };

const card = (header: string, rows: string, more = ''): string => `
${header}
models:
  oak-1:
    ${more}
    prices:
      - {from: 2026-01-01, source: page, ${rows}}
`;

describe('a service tier', () => {
  const HEADER = `service_tiers:
  batch: {multiply: 0.5, covers: tokens}
  flex: {multiply: 0.5, only_listed_models: true}
  priority: {aliases: [fast], no_default: true}`;
  const PLAIN = card(HEADER, 'input: 2.00, cache_read: 0.25, output: 8.00');
  const PUBLISHED = card(
    HEADER,
    'input: 2.00, cache_read: 0.25, output: 8.00, service: {batch: {input: 1.00, cache_read: 0.13, output: 4.00}, priority: {input: 5.00}}',
  );

  it.each([
    { name: 'its multiplier', card: PLAIN, tier: 'batch', cost: '0.125' },
    {
      name: 'its published number before a multiplier',
      card: PUBLISHED,
      tier: 'batch',
      cost: '0.13',
    },
    {
      name: 'the price of the row for what it does not list',
      card: PUBLISHED,
      tier: 'fast',
      cost: '0.25',
    },
  ])('prices cached input at $name', ({ card: text, tier, cost }) => {
    expect(acornCost(text, { tier, tokens: { cache_read: 1_000_000 } })).toBe(cost);
  });

  it.each([
    { name: 'its alias', tier: 'fast', cost: '5' },
    { name: 'its name', tier: 'priority', cost: '5' },
    { name: 'its name in other letters', tier: 'PRIORITY', cost: '5' },
    { name: 'no name at all', tier: '', cost: '2' },
    { name: 'the name of the usual one', tier: 'default', cost: '2' },
    { name: 'the name of the usual one at Anthropic', tier: 'standard', cost: '2' },
    { name: 'the wish for any', tier: 'auto', cost: '2' },
  ])('is found by $name', ({ tier, cost }) => {
    expect(acornCost(PUBLISHED, { tier, tokens: MILLION })).toBe(cost);
  });

  it.each([
    {
      name: 'that has no default and no published price',
      tier: 'priority',
      reason: 'acorn/oak-1 publishes no priority price',
    },
    {
      name: 'that covers listed models only',
      tier: 'flex',
      reason: 'acorn/oak-1 publishes no flex price',
    },
    {
      name: 'that the card does not know',
      tier: 'express',
      reason: 'acorn/oak-1 has no price for service tier express',
    },
  ])('leaves a call unrated $name', ({ tier, reason }) => {
    expect(acornCost(PLAIN, { tier, tokens: MILLION })).toBe(reason);
  });

  it('that covers listed models only is had by a model that lists it', () => {
    const listed = card(HEADER, 'input: 2.00', 'service_tiers: [flex]');
    expect(acornCost(listed, { tier: 'flex', tokens: MILLION })).toBe('1');
  });

  it('may cover some counts only, with the parts inside them', () => {
    const text = card(
      'service_tiers: {batch: {multiply: 0.5, covers: [input, output]}}',
      'input: 2.00, cache_read: 0.20, output: 8.00, audio: {input: 4.00, cache_read: 0.40}',
    );
    const { lines } = acornQuote(text, {
      tier: 'batch',
      tokens: { input: 1, cache_read: 1, output: 1, input_audio: 1, cache_read_audio: 1 },
    });
    // Attodollars a token: 1.00, 0.20 (not covered), 4.00, 2.00 and 0.40 (not covered) a million.
    expect(lines.map(({ meter, price }) => [meter, price?.amount])).toEqual([
      ['input', 1_000_000_000_000n],
      ['cache_read', 200_000_000_000n],
      ['output', 4_000_000_000_000n],
      ['input_audio', 2_000_000_000_000n],
      ['cache_read_audio', 400_000_000_000n],
    ]);
  });

  it('that covers tokens does not touch a fee', () => {
    const text = card(
      `${HEADER}\nfees: {lookup: {per: 1000 calls, prices: [{from: 2026-01-01, price: 10.00, source: page}]}}`,
      'input: 2.00',
    );
    // 1,000,000 x 1.00 a million + 3 x 10.00 a thousand
    expect(acornCost(text, { tier: 'batch', tokens: MILLION, fees: { lookup: 3 } })).toBe('1.03');
  });

  it.each([
    {
      name: 'a published block uses its own context tiers',
      tier: 'flex',
      input: 2000,
      cost: '0.0008',
    },
    {
      name: 'a published block without tiers has one price',
      tier: 'priority',
      input: 2000,
      cost: '0.01',
    },
    // 2,000 x 3.00 x 0.5
    {
      name: 'a multiplier comes after the tier of the row',
      tier: 'batch',
      input: 2000,
      cost: '0.003',
    },
    { name: 'the tier of the row is for calls without one', tier: '', input: 2000, cost: '0.006' },
  ])('and context: $name', ({ tier, input, cost }) => {
    const text = card(
      HEADER,
      'input: 2.00, tiers: [{above: 1000, input: 3.00}], service: {flex: {input: 0.20, tiers: [{above: 1500, input: 0.40}]}, priority: {input: 5.00}}',
    );
    expect(acornCost(text, { tier, tokens: { input } })).toBe(cost);
  });

  it.each([
    { name: 'to its last millisecond', at: '2026-07-23T23:59:59.999Z', cost: '5' },
    {
      name: 'and no longer',
      at: '2026-07-24T00:00:00Z',
      cost: 'acorn/oak-1 publishes no priority price',
    },
  ])('lasts until its end: $name', ({ at, cost }) => {
    const text = card(HEADER, 'input: 2.00, service: {priority: {input: 5.00, until: 2026-07-24}}');
    expect(acornCost(text, { tier: 'fast', at, tokens: MILLION })).toBe(cost);
  });

  it('with hours multiplies the price of the hour', () => {
    const text = card(HEADER, 'input: 2.00, hours: [{utc: ["00:00-24:00"], input: 1.00}]');
    expect(acornCost(text, { tier: 'batch', tokens: MILLION })).toBe('0.5');
  });
});

describe('a surcharge', () => {
  const HEADER = `
service_tiers: {batch: {multiply: 0.5}}
surcharges:
  regional: {when: {region: [us, eu]}, multiply: 1.1, covers: tokens}
  residency: {when: {inference_geo: [us]}, multiply: 1.2, only_listed_models: true}
fees: {lookup: {per: 1000 calls, prices: [{from: 2026-01-01, price: 10.00, source: page}]}}`;
  const PLAIN = card(HEADER, 'input: 2.00');
  const LISTED = card(HEADER, 'input: 2.00', 'surcharges: [residency]');

  it.each([
    { name: 'of its region', card: PLAIN, call: { region: 'eu' }, cost: '2.2' },
    { name: 'of its region in other letters', card: PLAIN, call: { region: 'EU' }, cost: '2.2' },
    { name: 'of no other region', card: PLAIN, call: { region: 'eu-west-1' }, cost: '2' },
    { name: 'of no region', card: PLAIN, call: {}, cost: '2' },
    { name: 'of no unlisted model', card: PLAIN, call: { geo: 'us' }, cost: '2' },
    { name: 'of a listed model', card: LISTED, call: { geo: 'us' }, cost: '2.4' },
    { name: 'of no other geography', card: LISTED, call: { geo: 'global' }, cost: '2' },
    // A region is not a geography: 2.00 x 1.1.
    { name: 'of the one asked for', card: LISTED, call: { region: 'us' }, cost: '2.2' },
    // 2.00 x 1.1 x 1.2
    { name: 'beside another', card: LISTED, call: { region: 'us', geo: 'us' }, cost: '2.64' },
    // 2.00 x 0.5 x 1.1
    {
      name: 'after a service tier',
      card: PLAIN,
      call: { region: 'us', tier: 'batch' },
      cost: '1.1',
    },
  ])('raises the price $name', ({ card: text, call, cost }) => {
    expect(acornCost(text, { ...call, tokens: MILLION })).toBe(cost);
  });

  it('that covers tokens does not touch a fee', () => {
    expect(acornCost(PLAIN, { region: 'us', fees: { lookup: 1 } })).toBe('0.01');
  });

  it('is named among the steps', () => {
    expect(acornQuote(PLAIN, { region: 'us', tokens: MILLION }).steps).toEqual([
      'surcharge regional',
    ]);
  });
});
