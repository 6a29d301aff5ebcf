import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/ledger/database.ts';
import { createRateAssignment, type SkuRates } from '../../src/ledger/rate-assignment.ts';
import { acornBook } from '../fixtures/rates/acorn.ts';
import { event } from '../support/ledgers.ts';

// Nothing to read from a cache in spring, nothing for writing into one for five minutes.
const CARD = `
models:
  oak-1:
    prices:
      - {from: 2026-02-01, source: page, input: 1.00, cache_write: {1h: 2.00}, output: 4.00}
      - from: 2026-06-01
        source: page
        input: 2.00
        cache_read: 0.20
        output: 8.00
        tiers: [{above: 1000, input: 3.00, output: 9.00}]
`;
const SPRING = Date.UTC(2026, 2, 1);
const SUMMER = Date.UTC(2026, 6, 1);

function ratesOfOak() {
  const database = openDatabase(':memory:', false);
  const facts = event({ id: 'call', provider: 'acorn', model: 'oak-1' });
  const rates = createRateAssignment(database, acornBook(CARD)).ofSku(facts, 1);
  const kept = (): readonly string[] =>
    database.prepare<[], string>('SELECT detail FROM rate ORDER BY id').pluck().all();
  return { rates, kept };
}

interface Counts {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly short: number;
  readonly long: number;
  readonly output: number;
}
const NONE: Counts = { input: 0, cacheRead: 0, cacheWrite: 0, short: 0, long: 0, output: 0 };

const steadily = ({ steady }: SkuRates, time: number, counts: Counts): number | undefined =>
  steady.of(
    time,
    counts.input,
    counts.cacheRead,
    counts.cacheWrite,
    counts.short,
    counts.long,
    counts.output,
  );

const oneByOne = ({ of }: SkuRates, time: number, counts: Counts): number =>
  of({
    time: Number.isNaN(time) ? undefined : time,
    usage: {
      input: counts.input,
      cacheRead: counts.cacheRead,
      cacheWrite: { default: counts.cacheWrite, '5m': counts.short, '1h': counts.long },
      output: counts.output,
      reasoning: 0,
      parts: {},
      fees: {},
    },
    tags: {},
  });

describe('the rate that calls have got for a while', () => {
  it('is the one that each gets by itself, wherever it tells any', () => {
    expect.hasAssertions();
    const count = fc.constantFrom(0, 0, 1, 400, 1_000, 1_001);
    const call = fc.record({
      time: fc.constantFrom(0, SPRING, SPRING + 1, SUMMER - 1, SUMMER, Number.NaN),
      counts: fc.record({
        input: count,
        cacheRead: count,
        cacheWrite: count,
        short: count,
        long: count,
        output: count,
      }),
    });
    const check = fc.property(fc.array(call, { maxLength: 20 }), (calls) => {
      const { rates } = ratesOfOak();
      const both = calls.map(({ time, counts }) => [
        steadily(rates, time, counts),
        oneByOne(rates, time, counts),
      ]);
      expect(both.filter(([told, own]) => told !== undefined && told !== own)).toEqual([]);
    });
    fc.assert(check, { seed: 20_261_122, numRuns: 50 });
  });

  it('tells plain calls, also once their prices have changed, and writes a rate down for the first of them', () => {
    const { rates, kept } = ratesOfOak();
    expect(steadily(rates, SPRING, { ...NONE, input: 999, output: 5_000 })).toBe(1);
    expect(steadily(rates, SPRING + 1, { ...NONE, long: 9 })).toBe(1);
    expect(kept()).toHaveLength(1);
    expect(steadily(rates, SUMMER, { ...NONE, input: 500, cacheRead: 499 })).toBe(2);
    expect(kept()).toHaveLength(2);
  });

  it.each([
    ['whose time nobody knows', Number.NaN, { input: 1 }],
    ['with a meter that has no price', SPRING, { cacheRead: 1 }],
    ['that writes for a time that has no price', SPRING, { short: 1 }],
    ['with a prompt that reaches a tier with all it has', SUMMER, { input: 600, cacheRead: 401 }],
  ])('tells nothing of a call %s, and writes nothing down', (_, time, counts) => {
    const { rates, kept } = ratesOfOak();
    expect(steadily(rates, time, { ...NONE, ...counts })).toBeUndefined();
    expect(kept()).toEqual([]);
  });

  it('is that of all calls that are not billed or tell no tokens only one by one', () => {
    const database = openDatabase(':memory:', false);
    const { ofSku } = createRateAssignment(database, acornBook(CARD));
    for (const [id, facts] of [
      event({ id: 'one', billable: false }),
      event({ id: 'two', countSource: 'missing' }),
    ].entries())
      expect(steadily(ofSku(facts, id), SPRING, NONE)).toBeUndefined();
  });
});
