import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { charge, unpricedMeter } from '../../src/domain/charge.ts';
import {
  contradiction,
  decompose,
  direction,
  isFee,
  type Metered,
  meterName,
  totalsOf,
} from '../../src/domain/meters.ts';
import type { Prices } from '../../src/domain/rate-card.ts';
import { NO_USAGE, PARTS, totalInput, type Usage } from '../../src/domain/usage.ts';

const SEED = { seed: 20261121, numRuns: 400 };

const usage = (more: Partial<Usage>): Usage => ({ ...NO_USAGE, ...more });

/** Usage that does not contradict itself: parts lie inside the counts that contain them. */
const consistent: fc.Arbitrary<Usage> = fc
  .record({
    fresh: fc.nat(1000),
    cached: fc.nat(1000),
    written: fc.dictionary(fc.constantFrom('5m', '1h', 'default'), fc.nat(1000)),
    said: fc.nat(1000),
    thought: fc.nat(1000),
    parts: fc.dictionary(fc.constantFrom(...PARTS), fc.nat(50)),
    fees: fc.dictionary(fc.constantFrom('web_search', 'page'), fc.nat(9)),
  })
  .map(({ fresh, cached, written, said, thought, parts, fees }) => {
    const inside = (suffix: string): number =>
      Object.entries(parts)
        .filter(
          ([part]) => part.endsWith(suffix) && (suffix !== '_input' || !part.includes('cache')),
        )
        .reduce((sum, [, quantity]) => sum + quantity, 0);
    return usage({
      input: fresh + inside('_input'),
      cacheRead: cached + inside('_cache_read'),
      cacheWrite: written,
      output: said + thought + inside('_output'),
      reasoning: thought,
      parts,
      fees,
    });
  });

const sumOf = (metered: readonly Metered[], wanted: (meter: string) => boolean): number =>
  metered
    .filter(({ meter }) => wanted(meter))
    .reduce((sum, { quantity }) => sum + Number(quantity), 0);

describe('decompose', () => {
  it.each([true, false])('gives every token to one meter, reasoning apart: %s', (apart) => {
    fc.assert(
      fc.property(consistent, (used) => {
        const metered = decompose(totalsOf(used), apart);
        const prompt = (meter: string): boolean => !isFee(meter) && direction(meter) !== 'output';
        expect(sumOf(metered, prompt)).toBe(totalInput(used));
        expect(sumOf(metered, (meter) => direction(meter) === 'output')).toBe(used.output);
        expect(metered.every(({ quantity }) => quantity > 0n)).toBe(true);
        expect(new Set(metered.map(({ meter }) => meter)).size).toBe(metered.length);
      }),
      SEED,
    );
  });

  it('of two calls together is that of each, added', () => {
    const added = (metered: readonly Metered[]): unknown =>
      new Map(
        [...Map.groupBy(metered, ({ meter }) => meter)].map(([meter, same]) => [
          meter,
          sumOf(same, () => true),
        ]),
      );
    fc.assert(
      fc.property(consistent, consistent, (one, other) => {
        const both = [...decompose(totalsOf(one), true), ...decompose(totalsOf(other), true)];
        const sums = (first: Readonly<Record<string, number>>, second: typeof first) =>
          Object.fromEntries(
            [...Object.keys(first), ...Object.keys(second)].map((key) => [
              key,
              (first[key] ?? 0) + (second[key] ?? 0),
            ]),
          );
        const together = usage({
          input: one.input + other.input,
          cacheRead: one.cacheRead + other.cacheRead,
          cacheWrite: sums(one.cacheWrite, other.cacheWrite),
          output: one.output + other.output,
          reasoning: one.reasoning + other.reasoning,
          parts: sums(one.parts as Record<string, number>, other.parts as Record<string, number>),
          fees: sums(one.fees, other.fees),
        });
        expect(added(decompose(totalsOf(together), true))).toEqual(added(both));
      }),
      SEED,
    );
  });
});

describe('unpricedMeter', () => {
  const meters = [
    'input',
    'cache_read',
    'cache_write@5m',
    'cache_write@1h',
    'cache_write@default',
    'output',
    'input_audio',
    'output_image',
    'fee:web_search',
    'fee:request',
  ];
  const prices: fc.Arbitrary<Prices> = fc
    .subarray(meters)
    .map((listed) => new Map(listed.map((meter) => [meter, { amount: 1n, per: 1 }])));

  it('finds one exactly where charge leaves the cost out', () => {
    fc.assert(
      fc.property(consistent, prices, (used, listed) => {
        expect(unpricedMeter(used, listed) === undefined).toBe(
          charge(totalsOf(used), listed, 1n).cost !== undefined,
        );
      }),
      SEED,
    );
  });
});

describe('contradiction', () => {
  it('is none in usage whose parts lie inside their counts', () => {
    fc.assert(
      fc.property(consistent, (used) => {
        expect(contradiction(used)).toBeUndefined();
      }),
      SEED,
    );
  });

  it.each([
    {
      name: 'audio',
      used: usage({ input: 5, parts: { audio_input: 6 } }),
      why: 'parts of input sum to 6, more than its 5 tokens',
    },
    {
      name: 'audio and images together',
      used: usage({ output: 5, parts: { audio_output: 3, image_output: 3 } }),
      why: 'parts of output sum to 6, more than its 5 tokens',
    },
    {
      name: 'cached images',
      used: usage({ cacheRead: 1, parts: { image_cache_read: 2 } }),
      why: 'parts of cache_read sum to 2, more than its 1 tokens',
    },
    {
      name: 'reasoning',
      used: usage({ output: 5, reasoning: 6 }),
      why: 'reasoning 6 is more than its 5 output tokens',
    },
  ])('is said of $name', ({ used, why }) => expect(contradiction(used)).toBe(why));
});

describe('a meter', () => {
  it.each([
    { meter: 'input_audio', whole: 'input' },
    { meter: 'cache_read_audio', whole: 'cache_read' },
    { meter: 'cache_write@1h', whole: 'cache_write' },
    { meter: 'reasoning', whole: 'output' },
    { meter: 'output_image', whole: 'output' },
    { meter: 'fee:web_search', whole: 'fee:web_search' },
  ])('$meter lies inside $whole', ({ meter, whole }) => expect(direction(meter)).toBe(whole));

  it('of a fee is named by the fee', () => expect(meterName('fee:web_search')).toBe('web_search'));
});
