import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shippedCountingRules } from '../../../src/config/counting-rules.ts';
import { sharedOut } from '../../../src/prompts/counting/shared-out.ts';
import {
  addCounts,
  NO_TOKENS,
  type TokenCounter,
} from '../../../src/prompts/counting/token-count.ts';
import { openTokenCounters } from '../../../src/prompts/counting/token-counters.ts';

const open = openTokenCounters(shippedCountingRules(), '2026-11-21');
const counterOf = (model: string): Promise<TokenCounter> => open(undefined, model);
const MODELS = [
  'gpt-4o',
  'gpt-4',
  'davinci',
  'gpt-6-sol',
  'claude-opus-4-7',
  'gemini-2.5-pro',
  'llama-3-8b',
  'deepseek-chat',
  'claude-2',
  'acorn-1',
];

describe('texts that follow each other', () => {
  it.each(MODELS)(
    'add up for %s to the count of all joined, and each band is in order',
    async (model) => {
      const counter = await counterOf(model);
      const text = fc.constantFrom(
        '',
        'hel',
        'lo wor',
        'ld',
        ' ',
        '\n',
        '12',
        '345',
        '人',
        '生',
        'のは',
        'Ünder',
        'don',
        "'t",
        '\ud83d',
        '\ude00',
        'é',
        '\u0301',
        'a'.repeat(150),
        'Привет',
      );
      fc.assert(
        fc.property(fc.array(text, { maxLength: 12 }), (texts) => {
          const parts = counter.texts(texts);
          const { tokens, low, high } = counter.text(texts.join(''));
          expect(parts.length).toBe(texts.length);
          expect(texts.length === 0 ? NO_TOKENS : addCounts(...parts)).toMatchObject(
            texts.length === 0 ? {} : { tokens, low, high },
          );
          for (const part of parts)
            expect(0 <= part.low && part.low <= part.tokens && part.tokens <= part.high).toBe(true);
        }),
        { seed: 6, numRuns: 400 },
      );
    },
  );

  it('have the tokens that begin in them', async () => {
    const { texts } = await counterOf('gpt-4o');
    const tokens = (...list: readonly string[]): readonly number[] =>
      texts(list).map((count) => count.tokens);
    // "hello" and " world" are a token each.
    expect(tokens('hello', ' world')).toEqual([1, 1]);
    expect(tokens('hel', 'lo world')).toEqual([1, 1]);
    expect(tokens('hello wor', '', 'ld')).toEqual([2, 0, 0]);
    expect(tokens('', 'hello world')).toEqual([0, 2]);
    // Eight letters are a token: the 63rd begins at 496, the last at 992.
    expect(tokens('a'.repeat(500), 'a'.repeat(500))).toEqual([63, 62]);
    // One emoji of two tokens, cut between the halves of its surrogate pair.
    const [whole] = tokens('\u{1fae9}');
    expect(tokens('\ud83e', '\udee9')).toEqual([whole, 0]);
  });

  it('keep the label of the rule, whatever their share', async () => {
    const { texts } = await counterOf('claude-sonnet-5-5');
    expect(texts(['Where is', ' my order?', '']).map(({ source }) => source)).toEqual([
      'assumed',
      'assumed',
      'assumed',
    ]);
    expect(texts([])).toEqual([]);
  });

  it('of a million characters without a break are shared out in one pass', async () => {
    const { texts } = await counterOf('claude-opus-4-7');
    const parts = texts(Array.from({ length: 1000 }, () => 'a'.repeat(1000)));
    const tokens = parts.map((part) => part.tokens);
    expect(Math.max(...tokens) - Math.min(...tokens)).toBeLessThanOrEqual(2);
  });
});

describe('a whole number shared out by weights', () => {
  it('is used up, in parts that are less than one off', () => {
    const weight = fc.double({ min: 0, max: 1000, noNaN: true });
    fc.assert(
      fc.property(
        fc.nat({ max: 10_000 }),
        fc.array(weight, { minLength: 1, maxLength: 20 }),
        (whole, weights) => {
          const parts = sharedOut(whole, weights);
          expect(parts.reduce((sum, part) => sum + part, 0)).toBe(whole);
          const sum = weights.reduce((total, each) => total + each, 0);
          for (const [index, part] of parts.entries()) {
            expect(part).toBeGreaterThanOrEqual(0);
            const fair = (whole * (weights[index] ?? 0)) / sum;
            expect(sum === 0 || Math.abs(part - fair) <= 1 + 1e-6).toBe(true);
          }
        },
      ),
      { seed: 6, numRuns: 1000 },
    );
  });

  it.each([
    [3, [1, 1], [2, 1]],
    [2, [1, 1, 1], [1, 0, 1]],
    [5, [0, 0], [5, 0]],
    [0, [1, 2], [0, 0]],
    [4, [], []],
  ])('%d by %j is %j', (whole, weights, parts) => {
    expect(sharedOut(whole, weights)).toEqual(parts);
  });
});
