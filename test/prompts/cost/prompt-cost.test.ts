import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moneyText } from '../../../src/domain/money.ts';
import type { Amount, CostInputs, ModelPrices } from '../../../src/prompts/costed-prompt.ts';
import { arrivalHitRatio, secondsOf } from '../../../src/prompts/cost/cache-outcome.ts';
import { promptCost } from '../../../src/prompts/cost/prompt-cost.ts';
import { caseOf, decimal, inputsOf, modelOf, said } from './made-up-costs.ts';

const text = (amount: Amount): string =>
  amount.kind === 'known' ? moneyText(amount.value) : `unknown: ${amount.why}`;
const monthly = (inputs: CostInputs, prices: ModelPrices): string =>
  text(promptCost(inputs, prices).perMonth);

const MINI = modelOf({ input: '0.15', output: '0.60' });
const CACHED = modelOf(
  { input: '1.00', output: '5.00', cache_read: '0.10', 'cache_write@default': '1.25' },
  { cacheMinimum: said(1024) },
);
const hits = (ratio: string) => ({ cache: { hitRatio: said(decimal(ratio)), off: false } });

describe('the monthly cost of a prompt', () => {
  it('is calls times tokens at their prices', () => {
    // 2,658 x 0.15 + 200 x 0.60 = 518.7 dollars a million calls.
    expect(monthly(inputsOf([caseOf(2658)]), MINI)).toBe('51.87');
    // 2,328 x 2.50 + 200 x 10.00 = 7,820.
    expect(monthly(inputsOf([caseOf(2328)]), modelOf({ input: '2.50', output: '10.00' }))).toBe(
      '782',
    );
  });

  it('reckons hits at the read price and misses at the write price', () => {
    // 1,321 x 1.00 + 1,337 x (0.95 x 0.10 + 0.05 x 1.25) + 200 x 5.00 = 1,321 + 210.5775 + 1,000.
    expect(monthly(inputsOf([caseOf(2658, { stable: 1337 })], hits('0.95')), CACHED)).toBe(
      '253.15775',
    );
  });

  it('reckons with no cache below the minimum, and with one from it on', () => {
    // 2,328 + 1,000; then 2,675 + 1,000.
    expect(monthly(inputsOf([caseOf(2328, { stable: 1007 })], hits('0.95')), CACHED)).toBe('332.8');
    expect(monthly(inputsOf([caseOf(2675, { stable: 7 })], hits('0.95')), CACHED)).toBe('367.5');
    // 1,024 x 0.1575 = 161.28 and 976 x 1.00, with 1,000 for the answer.
    expect(monthly(inputsOf([caseOf(2000, { stable: 1024 })], hits('0.95')), CACHED)).toBe(
      '213.728',
    );
  });

  it('charges a miss as plain input where the card has no price for writing', () => {
    const prices = modelOf(
      { input: '1.00', output: '5.00', cache_read: '0.10' },
      { cacheMinimum: said(1024) },
    );
    // 1,000 x 1.00 + 2,000 x (0.5 x 0.10 + 0.5 x 1.00) + 1,000 = 3,100.
    expect(monthly(inputsOf([caseOf(3000, { stable: 2000 })], hits('50e-2')), prices)).toBe('310');
  });

  it('keeps whole steps of a prefix where the provider does', () => {
    const prices = modelOf(
      { input: '1.00', output: '5.00', cache_read: '0.10' },
      { cacheMinimum: said(1024), cacheStep: 128 },
    );
    // 1,337 is 1,024 and two steps of 128, 1,280, and 57 more: 1,720 + 128 + 1,000 = 2,848 at full hits.
    expect(monthly(inputsOf([caseOf(3000, { stable: 1337 })], hits('1')), prices)).toBe('284.8');
  });

  it('weighs cases, each with its own prefix and length', () => {
    const cases = [
      caseOf(1000, { weight: decimal('0.8') }),
      caseOf(2000, { weight: decimal('0.2') }),
    ];
    // 1,200 x 0.15 + 200 x 0.60 = 300.
    expect(monthly(inputsOf(cases), MINI)).toBe('30');
  });

  it('adds what earlier turns left to every later one', () => {
    const turns = said({ mean: decimal('3'), growthTokens: 450 });
    // Three turns of 1,000, 1,450 and 1,900: 4,350 x 0.15 + 600 x 0.60 = 1,012.5.
    expect(monthly(inputsOf([caseOf(1000)], { turns }), MINI)).toBe('101.25');
    // The average of the three calls.
    expect(text(promptCost(inputsOf([caseOf(1000)], { turns }), MINI).perCall)).toBe('0.0003375');
  });

  it('takes two and a half turns for two or three, as often', () => {
    const turns = said({ mean: decimal('2.5'), growthTokens: 100 });
    // 1,000 + 1,100 + half of 1,200 = 2,700; answers 2.5 x 200: 2,700 x 0.15 + 500 x 0.60 = 705.
    expect(monthly(inputsOf([caseOf(1000)], { turns }), MINI)).toBe('70.5');
  });

  it('prices each turn by the length that its whole input has come to', () => {
    const turns = said({ mean: decimal('2'), growthTokens: 500 });
    const prices = modelOf(
      { input: '1.00', output: '5.00' },
      { dearFrom: 1400, dear: { input: '2.00', output: '10.00' } },
    );
    // 1,000 + 200 x 5 = 2,000; then 1,500 x 2 + 200 x 10 = 5,000.
    const cost = promptCost(inputsOf([caseOf(1000)], { turns }), prices);
    expect(text(cost.perMonth)).toBe('700');
    expect(cost.contextTier).toBe('prompt of at least 1400 tokens');
  });

  it('reckons no answer longer than the prompt allows', () => {
    const inputs = { ...inputsOf([caseOf(1000)]), maxOutputTokens: 50 };
    // 1,000 x 0.15 + 50 x 0.60 = 180.
    expect(monthly(inputs, MINI)).toBe('18');
  });

  it('is not known, and never nothing, without calls, without a price, without a meter', () => {
    const { callsPerMonth: _, ...assumptions } = inputsOf([]).assumptions;
    const uncounted = { ...inputsOf([caseOf(1000)]), assumptions };
    expect(monthly(uncounted, MINI)).toBe(
      'unknown: nobody says how many calls are made in a month',
    );
    expect(text(promptCost(uncounted, MINI).perCall)).toBe('0.00027');
    expect(monthly(inputsOf([caseOf(1000)]), modelOf({ input: '1.00' }))).toBe(
      'unknown: acorn/oak-1 has no price for output',
    );
    expect(monthly(inputsOf([]), MINI)).toBe('unknown: there is no case');
  });

  it('charges images at their own price where the card has one', () => {
    const parts = [
      {
        part: 'images',
        tokens: { tokens: 765, low: 765, high: 765, source: 'counted' },
        source: 'counted',
        prefix: { tokens: 0, low: 0, high: 0, source: 'counted' },
      },
    ] as const;
    const prices = modelOf({ input: '1.00', input_image: '4.00', output: '5.00' });
    // 235 x 1 + 765 x 4 + 200 x 5 = 4,295.
    expect(monthly(inputsOf([caseOf(1000, { parts })]), prices)).toBe('429.5');
  });
});

describe('the band of a cost', () => {
  it('follows the band of the tokens', () => {
    const tokens = { tokens: 1000, low: 900, high: 1200, source: 'estimated' } as const;
    // 200 answers of 0.60 are 120: 900 x 0.15 = 135, 1,200 x 0.15 = 180.
    expect(promptCost(inputsOf([caseOf(tokens)]), MINI).perMonth).toMatchObject({
      value: 27n * 10n ** 18n,
      low: 255n * 10n ** 17n,
      high: 30n * 10n ** 18n,
    });
  });

  it('spans a cliff that lies within it, whichever side is dearer', () => {
    const prefix = { tokens: 1100, low: 1000, high: 1200, source: 'estimated' } as const;
    const tokens = { tokens: 1100, low: 1000, high: 1200, source: 'estimated' } as const;
    const { perMonth } = promptCost(inputsOf([caseOf(tokens, { prefix })], hits('1')), CACHED);
    // Without a cache 1,000 x 1.00 = 1,000; with one 110 and 120; and 1,000 for the answer each.
    expect(perMonth).toMatchObject({
      value: 111n * 10n ** 18n,
      low: 111n * 10n ** 18n,
      high: 200n * 10n ** 18n,
    });
  });
});

describe('the ceiling of a call', () => {
  it('is its dearest case, longest variables and answer, last turn, nothing in the cache', () => {
    const cases = [
      caseOf(1000, { stable: 1000, weight: decimal('9') }),
      caseOf(2000, { stable: 2000, moreAtP95: 640 }),
    ];
    const more = {
      ...hits('0.9'),
      turns: said({ mean: decimal('2.5'), growthTokens: 100 }),
      output: said({ mean: decimal('200'), p95: 600 }),
    };
    // Third turn: 2,000 + 640 + 200 = 2,840, of which 2,000 are written: 840 + 2,500 + 600 x 5 = 6,340 a million.
    expect(text(promptCost(inputsOf(cases, more), CACHED).perCallP95)).toBe('0.00634');
  });
});

describe('the hit ratio that arrivals make', () => {
  it.each([
    // 1 - e^(-calls x 300 / 2,629,800).
    [1_000, 0.107811],
    [5_000, 0.434693],
    [30_000, 0.967363],
    [0, 0],
    [1e12, 1],
  ])('is worked out for %i calls a month kept for five minutes', (calls, expected) => {
    const { digits, scale } = arrivalHitRatio(calls, 300);
    expect(Number(digits) / 10 ** scale).toBe(expected);
  });

  it('is used, labelled, where nobody says one, and counts turns as calls', () => {
    const inputs = inputsOf([caseOf(2658, { stable: 1337 })], {
      callsPerMonth: said(decimal('1000')),
      turns: said({ mean: decimal('5'), growthTokens: 0 }),
    });
    const { cache } = promptCost(inputs, CACHED);
    expect(cache).toEqual({
      cachedTokens: 1337,
      minimum: said(1024),
      hitRatio: {
        value: arrivalHitRatio(5000, 300),
        source: 'assumed',
        from: 'calls that arrive evenly at random, kept for 5m',
      },
    });
  });

  it('reads times to live', () => {
    expect(['30s', '5m', '1h', '24h'].map(secondsOf)).toEqual([30, 300, 3600, 86_400]);
  });
});

describe('why nothing is cached', () => {
  const why = (inputs: CostInputs, prices = CACHED) => promptCost(inputs, prices).cache.why;
  it.each([
    ['too few tokens', caseOf(2328, { stable: 1007 }), '1,007 stable tokens, fewer than 1,024'],
    [
      'nobody asks',
      caseOf(2328, { prefixEnd: { kind: 'not-asked' } }),
      'nobody asks for it: no cache_control in the file, no cache: in the config',
    ],
  ])('is said: %s', (_, measured, expected) => {
    expect(why(inputsOf([measured]))).toBe(expected);
  });

  it('is said: no price, switched off', () => {
    expect(why(inputsOf([caseOf(5000, { stable: 5000 })]), MINI)).toBe(
      'oak-1 has no price for cached input',
    );
    expect(why(inputsOf([caseOf(5000, { stable: 5000 })], { cache: { off: true } }))).toBe(
      'cache: off',
    );
  });
});

describe('as properties', () => {
  const tokens = fc.integer({ min: 0, max: 300_000 });
  it('twice the calls cost twice as much, to the last digit', () => {
    fc.assert(
      fc.property(tokens, tokens, fc.integer({ min: 0, max: 1_000_000 }), (more, stable, ratio) => {
        const measured = caseOf(more + stable, { stable });
        const hitRatio = said({ digits: BigInt(ratio), scale: 6 });
        const calls = (count: bigint) =>
          promptCost(
            inputsOf([measured], {
              callsPerMonth: said({ digits: count, scale: 0 }),
              cache: { hitRatio, off: false },
            }),
            CACHED,
          ).perMonth;
        const [once, twice] = [calls(10n ** 12n), calls(2n * 10n ** 12n)];
        if (once.kind !== 'known' || twice.kind !== 'known') throw new Error('not priced');
        expect(twice.value).toBe(once.value * 2n);
      }),
      { seed: 6 },
    );
  });

  it('more hits never cost more where reading is cheaper than writing', () => {
    fc.assert(
      fc.property(tokens, fc.nat(999_999), (stable, ratio) => {
        const cost = (digits: number) => {
          const { perMonth } = promptCost(
            inputsOf([caseOf(stable + 10, { stable })], {
              cache: { hitRatio: said({ digits: BigInt(digits), scale: 6 }), off: false },
            }),
            CACHED,
          );
          return perMonth.kind === 'known' ? perMonth.value : -1n;
        };
        expect(cost(ratio + 1)).toBeLessThanOrEqual(cost(ratio));
      }),
      { seed: 6 },
    );
  });
});
