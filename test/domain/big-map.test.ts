import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openBigMap } from '../../src/domain/big-map.ts';

describe('a big map', () => {
  it('is a map, over as many maps as it takes', () => {
    const writes = fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.nat(99)));
    fc.assert(
      fc.property(writes, (pairs) => {
        const [big, plain] = [openBigMap<number, number>(3), new Map<number, number>()];
        for (const [key, value] of pairs) {
          big.set(key, value);
          plain.set(key, value);
        }
        expect(Array.from({ length: 13 }, (_, key) => big.get(key))).toEqual(
          Array.from({ length: 13 }, (_, key) => plain.get(key)),
        );
        expect(big.size()).toBe(plain.size);
      }),
      { seed: 20261122, numRuns: 200 },
    );
  });
});
