import { describe, expect, it } from 'vitest';
import { shippedCountingRules } from '../../../src/config/counting-rules.ts';
import type { TokenCounter } from '../../../src/prompts/counting/token-count.ts';
import { openTokenCounters } from '../../../src/prompts/counting/token-counters.ts';

const rules = shippedCountingRules();
const counterOf = (model: string, day = '2026-11-21'): Promise<TokenCounter> =>
  openTokenCounters(rules, day)(undefined, model);

describe('pictures', () => {
  const SIZES = [
    [1000, 1000],
    [1024, 1024],
    [1920, 1080],
    [2048, 2048],
    [1075, 1520],
    [3840, 2160],
  ] as const;
  // Values in part published by the providers: 1296, 2691, 2145, 4784, 1560 of Claude, 1229 and 3000 of GPT-5.4.
  it.each([
    ['claude-sonnet-4-5', undefined, [1296, 1369, 1560, 1521, 1551, 1560]],
    ['claude-opus-4-7', undefined, [1296, 1369, 2691, 4761, 2145, 4784]],
    ['gpt-4o', 'high', [765, 765, 1105, 765, 1105, 1105]],
    ['gpt-4o', 'low', [85, 85, 85, 85, 85, 85]],
    ['gpt-4o-mini', 'auto', [25501, 25501, 36835, 25501, 36835, 36835]],
    ['gpt-5.1', undefined, [630, 630, 910, 630, 910, 910]],
    ['gpt-4.1-mini', undefined, [1659, 1659, 3305, 6636, 2644, 3733]],
    ['gpt-5.4', 'high', [1229, 1229, 2448, 3000, 1959, 2765]],
    ['gpt-5.6-sol', 'auto', [1229, 1229, 2448, 4916, 1959, 9792]],
    // 258 per tile of 768: 2 x 2, 2 x 2, 3 x 2, 3 x 3, 2 x 2, 5 x 3.
    ['gemini-2.5-flash', undefined, [1032, 1032, 1548, 2322, 1032, 3870]],
    ['gemini-3-pro-preview', undefined, [1120, 1120, 1120, 1120, 1120, 1120]],
    ['gemini-3-pro-preview', 'low', [280, 280, 280, 280, 280, 280]],
  ])('for %s at detail %s', async (model, detail, tokens) => {
    const { image } = await counterOf(model);
    const counts = SIZES.map(([width, height]) => image({ width, height }, detail));
    expect(counts.map((count) => count.tokens)).toEqual(tokens);
    expect(new Set(counts.map(({ source }) => source))).toEqual(new Set(['counted']));
  });

  it('of 384 by 384 or less take one price with Gemini 2', async () => {
    const { image } = await counterOf('gemini-2.0-flash');
    expect(image({ width: 384, height: 20 }).tokens).toBe(258);
    expect(image({ width: 385, height: 20 }).tokens).toBe(258);
    expect(image({ width: 769, height: 20 }).tokens).toBe(516);
  });

  it('as thin as a line, or larger than any camera makes them, are counted', async () => {
    for (const model of [
      'gpt-4o',
      'gpt-5.4',
      'gpt-4.1-nano',
      'claude-opus-5',
      'gemini-2.5-pro',
      'acorn-1',
    ]) {
      const { image } = await counterOf(model);
      for (const [width, height] of [
        [1, 1],
        [1, 1_000_000],
        [4_294_967_295, 1],
        [65_535, 65_535],
      ] as const) {
        const { tokens, low, high } = image({ width, height });
        expect([model, Number.isSafeInteger(tokens), tokens >= 1]).toEqual([model, true, true]);
        expect(low <= tokens && tokens <= high).toBe(true);
      }
    }
  });
});
