import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexModels } from '../../src/domain/model-lookup.ts';
import { rateFor } from '../../src/domain/rating.ts';
import { acornBook, acornCard } from '../fixtures/rates/acorn.ts';

// One of everything that may decide a price, so that what is remembered for one call meets the next.
const EVERYTHING = `
prompt_size: [input, cache_read]
cache_write_default: 5m
at_text_price: [image]
calendars: {rest-days: [2026-03-09..2026-03-11]}
service_tiers:
  batch: {multiply: 0.5, covers: [input, output]}
  priority: {aliases: [fast], no_default: true}
surcharges:
  regional: {when: {region: [eu]}, multiply: 1.1}
fees:
  lookup:
    per: 1000 calls
    prices:
      - {from: 2026-02-15, price: 10.00, source: page}
      - {from: "2026-03-20T06:00:00Z", price: 14.00, source: page}
models:
  oak-1:
    prices:
      - {from: 2026-02-01, source: page, input: 1.00, cache_read: 0.10, cache_write: {5m: 1.25, 1h: 2.00}, output: 4.00}
      - from: 2026-03-01
        source: page
        input: 2.00
        cache_read: 0.20
        output: 8.00
        tiers:
          - {above: 1000, input: 3.00, output: 9.00}
          - {at_least: 2000, input: 4.00, output: 12.00}
        service:
          priority: {input: 5.00, until: 2026-04-01, tiers: [{at_least: 1500, input: 7.00}]}
        hours:
          - {utc: ["01:00-04:00", "22:00-00:30"], days: [mon, tue, wed], except: rest-days, input: 0.50}
          - {utc: ["12:00-13:00"], output: 2.00}
      - {from: "2026-04-10T16:00:00Z", until: 2026-05-01, source: page, input: 1.50, output: 5.00}
`;

const days = (from: string, to: string): fc.Arbitrary<number> =>
  fc.integer({ min: Date.parse(from), max: Date.parse(to) });
const edge = fc.constantFrom(
  ...[
    '2026-02-01T00:00:00Z',
    '2026-02-15T00:00:00Z',
    '2026-03-01T00:00:00Z',
    '2026-03-09T01:00:00Z',
    '2026-03-20T06:00:00Z',
    '2026-04-01T00:00:00Z',
    '2026-04-10T16:00:00Z',
    '2026-05-01T00:00:00Z',
  ].flatMap((text) => [Date.parse(text) - 1, Date.parse(text)]),
);
const calls = fc.array(
  fc.record({
    time: fc.oneof(days('2026-01-25', '2026-05-05'), edge),
    prompt: fc.record({
      input: fc.oneof(
        fc.integer({ min: 0, max: 2500 }),
        fc.constantFrom(999, 1000, 1001, 1999, 2000),
      ),
      cache_read: fc.constantFrom(0, 1, 500),
      cache_write: fc.constantFrom(0, 5000),
    }),
  }),
  { maxLength: 30 },
);

describe('a rater', () => {
  it.each([
    { name: 'plain', serviceTier: undefined, region: undefined, aggregated: false },
    { name: 'by multiplier', serviceTier: 'batch', region: 'eu', aggregated: false },
    { name: 'by published price', serviceTier: 'fast', region: undefined, aggregated: false },
    { name: 'without a price', serviceTier: 'flex', region: undefined, aggregated: false },
    { name: 'aggregated', serviceTier: undefined, region: 'eu', aggregated: true },
  ])('answers as if it remembered nothing: $name', ({ serviceTier, region, aggregated }) => {
    const card = acornCard(EVERYTHING);
    const model = indexModels(card).find('oak-1');
    if (model === undefined) throw new Error('oak-1 is missing');
    const sku = { serviceTier, region, inferenceGeo: undefined, aggregated };
    fc.assert(
      fc.property(calls, (asked) => {
        const rater = acornBook(EVERYTHING).rater({ provider: 'acorn', model: 'oak-1', ...sku });
        for (const { time, prompt } of asked)
          expect(rater(time, prompt)).toEqual(rateFor(card, model, { ...sku, time, prompt }));
      }),
      { seed: 20261121, numRuns: 60 },
    );
  });

  it('gives the same answer object for calls that are priced alike', () => {
    const rater = acornBook(EVERYTHING).rater({
      provider: 'acorn',
      model: 'oak-1',
      serviceTier: undefined,
      region: undefined,
      inferenceGeo: undefined,
      aggregated: false,
    });
    const at = Date.parse('2026-03-25T15:00:00Z');
    expect(rater(at + 60_000, { input: 9, cache_read: 0, cache_write: 0 })).toBe(
      rater(at, { input: 5, cache_read: 0, cache_write: 0 }),
    );
  });
});

describe('what all calls about an instant are rated', () => {
  const PLAIN = { serviceTier: undefined, region: undefined, inferenceGeo: undefined };
  const sku = { provider: 'acorn', model: 'oak-1', aggregated: false, ...PLAIN };
  const hours = /        hours:\n(?:          - .*\n)+/;
  const steadyBook = acornBook(EVERYTHING.replace(hours, ''));

  it('is what each of them is rated, until a price changes or a prompt is large', () => {
    const check = fc.property(calls, (asked) => {
      const rater = steadyBook.rater(sku);
      for (const about of asked) {
        const steady = rater.steady?.(about.time);
        if (steady === undefined) throw new Error('oak-1 has no other prices by the hour');
        expect(steady.start <= about.time && about.time < steady.end).toBe(true);
        const alike = asked.filter(
          ({ time, prompt: { input, cache_read, cache_write } }) =>
            time >= steady.start &&
            time < steady.end &&
            input + cache_read + cache_write < steady.promptBelow,
        );
        for (const { time, prompt } of alike) expect(rater(time, prompt)).toBe(steady.rating);
      }
    });
    fc.assert(check, { seed: 20_261_122, numRuns: 60 });
  });

  it('ends at the first tier, and where the card changes anything', () => {
    const steady = steadyBook.rater(sku).steady?.(Date.parse('2026-03-25T15:00:00Z'));
    expect(steady).toMatchObject({
      // From the fee's new price until that of the service tier ends.
      start: Date.parse('2026-03-20T06:00:00Z'),
      end: Date.parse('2026-04-01T00:00:00Z'),
      promptBelow: 1_000,
      rating: { kind: 'rated' },
    });
  });

  it('is not told of prices by the hour', () => {
    expect(acornBook(EVERYTHING).rater(sku).steady).toBeUndefined();
  });

  it('is that there is no price for a model that no card has, at any time and size', () => {
    const steady = steadyBook.rater({ ...sku, model: 'elm-1' }).steady?.(0);
    expect(steady).toMatchObject({
      start: -Infinity,
      end: Infinity,
      promptBelow: Infinity,
      rating: { kind: 'unrated', why: { code: 'unknown-model' } },
    });
  });
});

describe('the entry of a model', () => {
  const entry = (text: string, model = 'oak-1'): string => acornBook(text).entry('acorn', model);

  it.each([
    { name: 'a price', from: 'input: 1.50', to: 'input: 1.51' },
    { name: 'a fee of the card', from: 'price: 14.00', to: 'price: 15.00' },
    { name: 'a surcharge', from: 'multiply: 1.1', to: 'multiply: 1.2' },
    { name: 'a day of a calendar', from: '2026-03-11', to: '2026-03-12' },
    { name: 'the end of a tier', from: 'until: 2026-04-01', to: 'until: 2026-04-02' },
  ])('changes with $name', ({ from, to }) => {
    expect(entry(EVERYTHING.replace(from, to))).not.toBe(entry(EVERYTHING));
  });

  it('does not change with another model', () => {
    const more = `${EVERYTHING}  elm-1: {prices: [{from: 2026-01-01, source: page, input: 9.00}]}\n`;
    expect(entry(more)).toBe(entry(EVERYTHING));
  });

  it('is empty for a model that has none', () => expect(entry(EVERYTHING, 'elm-1')).toBe(''));
});
