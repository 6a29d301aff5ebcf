import { describe, expect, it } from 'vitest';
import { addCounts, countOf, type TokenCount } from '../../../src/prompts/counting/token-count.ts';

describe('the sum of counts', () => {
  const estimate: TokenCount = { tokens: 10, low: 8, high: 13, source: 'estimated', note: 'guess' };

  it('adds bands, keeps the weakest source and each note once', () => {
    const twice = addCounts(estimate, estimate, countOf(5, 'exact'), {
      ...countOf(1, 'counted'),
      note: 'other',
    });
    expect(twice).toEqual({
      tokens: 26,
      low: 22,
      high: 32,
      source: 'estimated',
      note: 'guess; other',
    });
    expect(addCounts(twice, estimate).note).toBe('guess; other');
    expect(addCounts(estimate, countOf(1, 'assumed')).source).toBe('assumed');
  });

  it('of nothing is zero for certain', () => {
    expect(addCounts()).toEqual(countOf(0, 'exact'));
  });
});
