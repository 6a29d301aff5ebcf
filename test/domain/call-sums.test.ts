import { describe, expect, it } from 'vitest';
import { wholeSum } from '../../src/domain/call-sums.ts';

describe('a sum of whole numbers', () => {
  it('is exact past what a number can hold', () => {
    const sum = wholeSum();
    for (let added = 0; added < 5; added += 1) sum.add(Number.MAX_SAFE_INTEGER);
    sum.add(1);
    sum.add(2 ** 51);
    sum.add(2 ** 51 + 1);
    expect(sum.total()).toBe(5n * BigInt(Number.MAX_SAFE_INTEGER) + 2n + 2n ** 52n);
  });
});
