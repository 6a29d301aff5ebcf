import { describe, expect, it } from 'vitest';
import { acornBook, acornCost, acornQuote } from '../fixtures/rates/acorn.ts';

const model = (rows: string, header = ''): string => `
${header}
models:
  oak-1:
    prices:
      - {from: 2026-01-01, source: page, ${rows}}
`;

describe('a context tier', () => {
  // 1,000 tokens at 1.00 = 0.001; at 2.00 = 0.002. Output: 1,000 at 4.00 = 0.004; at 6.00 = 0.006.
  const ABOVE = model(
    'input: 1.00, cache_read: 0.10, cache_write: 1.25, output: 4.00, tiers: [{above: 1000, input: 2.00, cache_read: 0.20, cache_write: 2.50, output: 6.00}]',
  );
  const AT_LEAST = ABOVE.replace('above', 'at_least');

  it.each([
    { name: 'above, at its boundary', card: ABOVE, input: 1000, cost: '0.001' },
    // 1,001 x 2.00 / 1M
    { name: 'above, one past its boundary', card: ABOVE, input: 1001, cost: '0.002002' },
    // 999 x 1.00 / 1M
    { name: 'at least, one before its boundary', card: AT_LEAST, input: 999, cost: '0.000999' },
    { name: 'at least, at its boundary', card: AT_LEAST, input: 1000, cost: '0.002' },
  ])('prices the prompt: $name', ({ card, input, cost }) => {
    expect(acornCost(card, { tokens: { input } })).toBe(cost);
  });

  it.each([
    // 400 x 1.00 + 400 x 0.10 + 200 x 1.25 = 400 + 40 + 250 = 690; output 4,000.
    {
      name: 'at the boundary',
      tokens: { input: 400, cache_read: 400, cache_write: 200, output: 1000 },
      cost: '0.00469',
    },
    // 400 x 2.00 + 401 x 0.20 + 200 x 2.50 = 800 + 80.2 + 500 = 1,380.2; output 6,000.
    {
      name: 'one cached token past it',
      tokens: { input: 400, cache_read: 401, cache_write: 200, output: 1000 },
      cost: '0.0073802',
    },
  ])(
    'counts fresh, cached and written input and reprices output too: $name',
    ({ tokens, cost }) => {
      expect(acornCost(ABOVE, { tokens })).toBe(cost);
    },
  );

  it('does not count output', () => {
    expect(acornCost(ABOVE, { tokens: { input: 1000, output: 9000 } })).toBe('0.037');
  });

  it('keeps the price of the row for what it does not list', () => {
    const card = model('input: 1.00, output: 4.00, tiers: [{above: 1000, input: 2.00}]');
    // 2,000 x 2.00 + 1,000 x 4.00 = 8,000
    expect(acornCost(card, { tokens: { input: 2000, output: 1000 } })).toBe('0.008');
  });

  it.each([
    { input: 1000, cost: '0.001' },
    { input: 1001, cost: '0.002002' },
    { input: 2001, cost: '0.006003' },
  ])('is the highest that is reached: $input tokens', ({ input, cost }) => {
    const card = model(
      'input: 1.00, tiers: [{above: 1000, input: 2.00}, {above: 2000, input: 3.00}]',
    );
    expect(acornCost(card, { tokens: { input } })).toBe(cost);
  });

  it('counts only what prompt_size names', () => {
    const card = model(
      'input: 1.00, cache_read: 0.10, output: 4.00, tiers: [{above: 1000, input: 2.00, cache_read: 0.20, output: 8.00}]',
      'prompt_size: [input]',
    );
    // 1,000 x 1.00 + 1,000 x 0.10 = 1,100
    expect(acornCost(card, { tokens: { input: 1000, cache_read: 1000 } })).toBe('0.0011');
  });

  it('counts audio as part of the prompt', () => {
    const card = model('input: 1.00, audio: {input: 5.00}, tiers: [{above: 1000, input: 2.00}]');
    // 600 x 2.00 + 500 x 5.00 = 1,200 + 2,500
    expect(acornCost(card, { tokens: { input: 600, input_audio: 500 } })).toBe('0.0037');
  });

  it('is named among the steps', () => {
    expect(acornQuote(ABOVE, { tokens: { input: 1001 } }).steps).toEqual([
      'prompt above 1,000 tokens',
    ]);
  });

  it.each([
    { name: 'with a tier', card: ABOVE, lowerBound: true },
    { name: 'without one', card: model('input: 1.00, output: 4.00'), lowerBound: false },
  ])('is not applied to sums over many calls, a lower bound $name', ({ card, lowerBound }) => {
    const rating = acornBook(card).rater({
      provider: 'acorn',
      model: 'oak-1',
      serviceTier: undefined,
      region: undefined,
      inferenceGeo: undefined,
      aggregated: true,
    })(Date.UTC(2026, 10, 1), { input: 5_000_000, cache_read: 0, cache_write: 0 });
    expect(
      rating.kind === 'rated' && [rating.rate.lowerBound, rating.rate.prices.get('input')?.amount],
    ).toEqual([lowerBound, 10n ** 12n]);
  });
});

describe('hours', () => {
  // The half price of 0.50 holds at night; 1.00 by day. A million tokens.
  const hours = (block: string, header = ''): string =>
    model(`input: 1.00, output: 4.00, hours: [{${block}, input: 0.50}]`, header);
  const at = (card: string, time: string): string =>
    acornCost(card, { at: time, tokens: { input: 1_000_000 } });

  it.each([
    { name: 'begin with their first minute', time: '2026-11-18T01:00:00Z', cost: '0.5' },
    { name: 'do not begin sooner', time: '2026-11-18T00:59:59.999Z', cost: '1' },
    { name: 'end before their last minute', time: '2026-11-18T03:59:59.999Z', cost: '0.5' },
    { name: 'have ended by then', time: '2026-11-18T04:00:00Z', cost: '1' },
    { name: 'may come twice a day', time: '2026-11-18T06:30:00Z', cost: '0.5' },
    { name: 'are UTC', time: '2026-11-18T02:30:00+08:00', cost: '1' },
  ])('$name', ({ time, cost }) => {
    expect(at(hours('utc: ["01:00-04:00", "06:00-10:00"]'), time)).toBe(cost);
  });

  it.each([
    { name: 'before midnight', time: '2026-11-18T23:30:00Z', cost: '0.5' },
    { name: 'at midnight', time: '2026-11-19T00:00:00Z', cost: '0.5' },
    { name: 'after midnight', time: '2026-11-19T00:29:59.999Z', cost: '0.5' },
    { name: 'not at their end', time: '2026-11-19T00:30:00Z', cost: '1' },
    { name: 'not in the afternoon', time: '2026-11-18T16:29:59Z', cost: '1' },
  ])('may pass midnight: $name', ({ time, cost }) => {
    expect(at(hours('utc: ["16:30-00:30"]'), time)).toBe(cost);
  });

  it.each([
    { name: 'the last minute', time: '2026-11-18T23:59:59.999Z', cost: '0.5' },
    { name: 'not the first', time: '2026-11-19T00:00:00Z', cost: '1' },
  ])('may last until 24:00: $name', ({ time, cost }) => {
    expect(at(hours('utc: ["16:30-24:00"]'), time)).toBe(cost);
  });

  it.each([
    { name: 'Friday', time: '2026-11-20T12:00:00Z', cost: '0.5' },
    { name: 'not Saturday', time: '2026-11-21T12:00:00Z', cost: '1' },
    { name: 'not Sunday', time: '2026-11-22T12:00:00Z', cost: '1' },
    { name: 'Monday', time: '2026-11-23T12:00:00Z', cost: '0.5' },
  ])('may hold on some days of the week: $name', ({ time, cost }) => {
    expect(at(hours('utc: ["00:00-24:00"], days: [mon, tue, wed, thu, fri]'), time)).toBe(cost);
  });

  it.each([
    { name: 'the day before', time: '2026-09-30T12:00:00Z', cost: '0.5' },
    { name: 'its first day', time: '2026-10-01T00:00:00Z', cost: '1' },
    { name: 'its last day', time: '2026-10-07T23:59:59Z', cost: '1' },
    { name: 'the day after', time: '2026-10-08T00:00:00Z', cost: '0.5' },
    { name: 'a day alone', time: '2026-12-25T12:00:00Z', cost: '1' },
  ])('leave out the days of a calendar: $name', ({ time, cost }) => {
    const card = hours(
      'utc: ["00:00-24:00"], except: rest-days',
      'calendars: {rest-days: [2026-10-01..2026-10-07, 2026-12-25]}',
    );
    expect(at(card, time)).toBe(cost);
  });

  it('replace only the prices they list', () => {
    // 1,000,000 x 4.00 a million
    expect(acornCost(hours('utc: ["00:00-24:00"]'), { tokens: { output: 1_000_000 } })).toBe('4');
  });

  it('do not replace a published price of a service tier', () => {
    const card = model(
      'input: 1.00, output: 4.00, service: {fast: {input: 3.00}}, hours: [{utc: ["00:00-24:00"], input: 0.50}]',
      'service_tiers: {fast: {no_default: true}}',
    );
    expect(acornCost(card, { tier: 'fast', tokens: { input: 1_000_000 } })).toBe('3');
  });
});
