import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apportion } from '../../src/domain/fraction.ts';

const SEED = 20261122;

describe('a whole that is split', () => {
  it.each([
    // 10 / 3: 3.33 each, the one left goes to the first of equal remainders.
    { whole: 10n, weights: [1n, 1n, 1n], parts: [4n, 3n, 3n] },
    // 100 x 2/7 = 28.57, x 5/7 = 71.43: the larger remainder gets it.
    { whole: 100n, weights: [2n, 5n], parts: [29n, 71n] },
    { whole: 7n, weights: [0n, 0n], parts: [0n, 0n] },
    { whole: -10n, weights: [1n, 1n, 1n], parts: [-3n, -3n, -4n] },
    // A correction takes one of three back: 3 - 1 = 2 parts share 10.
    { whole: 10n, weights: [3n, -1n], parts: [15n, -5n] },
    { whole: 0n, weights: [1n, 2n], parts: [0n, 0n] },
  ])('$whole by $weights is $parts', ({ whole, weights, parts }) => {
    expect(apportion(whole, weights)).toEqual(parts);
  });

  it('adds up again, and no part is off by one or more', () => {
    const natural = fc.bigInt({ min: 0n, max: 10n ** 20n });
    fc.assert(
      fc.property(natural, fc.array(natural, { minLength: 1, maxLength: 20 }), (whole, weights) => {
        const sum = weights.reduce((total, weight) => total + weight, 0n);
        fc.pre(sum > 0n);
        const parts = apportion(whole, weights);
        expect(parts.reduce((total, part) => total + part, 0n)).toBe(whole);
        for (const [index, part] of parts.entries()) {
          const off = part * sum - whole * (weights[index] ?? 0n);
          expect((off < 0n ? -off : off) < sum).toBe(true);
        }
      }),
      { seed: SEED },
    );
  });
});
