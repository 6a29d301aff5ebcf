import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PARTS, type MeasuredCase, type MeasuredPart } from '../../src/prompts/costed-prompt.ts';
import type { CountingRequest } from '../../src/prompts/counting-request.ts';
import { countKey } from '../../src/prompts/counting/imported-count.ts';
import { addCounts, type TokenCount } from '../../src/prompts/counting/token-count.ts';
import { exactCase } from '../../src/prompts/exact-case.ts';

const REQUEST: CountingRequest = { provider: 'anthropic', model: 'claude-opus-4-7', body: {} };
const KEY = countKey(REQUEST.model, REQUEST.body) ?? '';

/** An estimate that may be a tenth off, rounded outwards. */
const estimated = (tokens: number): TokenCount => ({
  tokens,
  low: Math.floor(tokens * 0.9),
  high: Math.ceil(tokens * 1.1),
  source: 'estimated',
});

/** A case of parts, each with so many tokens and so many of them in the prefix. */
function caseOf(sizes: readonly (readonly [tokens: number, prefix: number])[]): MeasuredCase {
  const parts = sizes.map(([tokens, prefix], index): MeasuredPart => ({
    part: PARTS[index % PARTS.length] ?? 'frame',
    tokens: estimated(tokens),
    source: 'estimated',
    prefix: estimated(prefix),
  }));
  return {
    name: 'default',
    weight: { digits: 1n, scale: 0 },
    parts,
    tokens: addCounts(...parts.map((part) => part.tokens)),
    moreAtP95: 0,
    prefix: addCounts(...parts.map((part) => part.prefix)),
    prefixEnd: { kind: 'whole' },
    request: REQUEST,
  };
}

describe('a case with an exact count', () => {
  it('shares it out by what was estimated of each part', () => {
    const { tokens, parts, prefix } = exactCase(
      caseOf([
        [60, 60],
        [30, 10],
        [10, 0],
      ]),
      new Map([[KEY, 150]]),
    );
    expect(tokens).toEqual({ tokens: 150, low: 150, high: 150, source: 'exact' });
    expect(parts.map((part) => [part.tokens.tokens, part.prefix.tokens])).toEqual([
      [90, 90],
      [45, 15],
      [15, 0],
    ]);
    // How long a prefix is remains estimated, without a band: the provider counts the whole.
    expect(prefix).toEqual({ tokens: 105, low: 105, high: 105, source: 'estimated' });
  });

  it('has parts that add up to it, and prefixes within their parts, whatever their sizes', () => {
    const size = fc.nat(3_000_000);
    const part = fc.tuple(size, size).map(([one, other]) => {
      return [Math.max(one, other), Math.min(one, other)] as const;
    });
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 12 }),
        fc.nat(100_000_000),
        (sizes, total) => {
          const { parts, tokens, prefix } = exactCase(caseOf(sizes), new Map([[KEY, total]]));
          const sum = addCounts(...parts.map((each) => each.tokens));
          expect([sum.tokens, sum.low, sum.high, tokens.tokens]).toEqual(Array(4).fill(total));
          expect(prefix.tokens).toBeLessThanOrEqual(total);
          for (const each of parts) {
            expect(each.prefix.tokens).toBeGreaterThanOrEqual(0);
            expect(each.prefix.tokens).toBeLessThanOrEqual(each.tokens.tokens);
          }
        },
      ),
      { seed: 6 },
    );
  });

  it('is the case itself where nobody counted it', () => {
    const measured = caseOf([[60, 60]]);
    expect(exactCase(measured, new Map([['0'.repeat(64), 150]]))).toBe(measured);
    const { request: _, ...unasked } = measured;
    expect(exactCase(unasked, new Map([[KEY, 150]]))).toBe(unasked);
  });
});
