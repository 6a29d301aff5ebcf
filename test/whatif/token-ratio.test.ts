import { describe, expect, it } from 'vitest';
import { decodeCountingRules, shippedCountingRules } from '../../src/config/counting-rules.ts';
import { tokenRatio } from '../../src/whatif/lever-contract/token-ratio.ts';

const RULES = shippedCountingRules();
const DAY = '2026-11-21';

const ratio = (from: string, to: string): readonly string[] | undefined => {
  const named = (text: string) => {
    const [provider = '', model = ''] = text.split(':');
    return { provider, model };
  };
  const found = tokenRatio(RULES, named(from), named(to), DAY);
  return found === undefined
    ? undefined
    : [found.low, found.mid, found.high].map(({ part, over }) =>
        (Number(part) / Number(over)).toFixed(5),
      );
};

describe('the ratio of two tokenizers', () => {
  it.each([
    ['one model at two hosts', 'openai:gpt-4o', 'azure:gpt-4o', ['1.00000', '1.00000', '1.00000']],
    [
      'one family',
      'anthropic:claude-haiku-4-5',
      'bedrock:us.anthropic.claude-sonnet-4-6',
      ['1.00000', '1.00000', '1.00000'],
    ],
    // 1.185, 11 % below to 10 % above, over an exact one.
    [
      'measured against exact',
      'openai:gpt-4o',
      'anthropic:claude-haiku-4-5',
      ['1.05465', '1.18500', '1.30350'],
    ],
    // 1.443 x 0.82 / (1.185 x 1.10), 1.443 / 1.185, 1.443 x 1.18 / (1.185 x 0.89)
    [
      'both measured',
      'anthropic:claude-haiku-4-5',
      'anthropic:claude-opus-5',
      ['0.90776', '1.21772', '1.61451'],
    ],
  ])('%s', (_, from, to, wanted) => expect(ratio(from, to)).toEqual(wanted));

  it.each([
    ['openai:gpt-4o', 'acorn:zebra-1'],
    ['acorn:zebra-1', 'openai:gpt-4o'],
    ['acorn:zebra-1', 'acorn:yak-1'],
  ])('is not known from %s to %s', (from, to) => expect(ratio(from, to)).toBeUndefined());

  it('names the place of a flat ratio that lacks its band', () => {
    const text = `counting_rules: 1
as_of: 2026-11-21
sources: {page: {note: a page, read: 2026-11-21}}
text:
  - {models: [oak], family: Oak, encoding: o200k_base, flat: {multiply: 1.2}, source: page}
`;
    expect(() => decodeCountingRules(text, 'own.yaml')).toThrow(
      'text.flat: needs multiply:, a factor like 1.185, and band:',
    );
  });
});
