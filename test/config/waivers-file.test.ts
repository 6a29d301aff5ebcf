import { describe, expect, it } from 'vitest';
import { decodeWaivers } from '../../src/config/waivers-file.ts';
import { errorOf } from './first-error.ts';

describe('waivers', () => {
  const waivers = (text: string) => decodeWaivers(text, '.aicost/waivers.yaml');

  it('allow an amount for a reason, until a day', () => {
    const [waiver] = waivers(
      '- {prompt: support-reply, up_to_usd: 40, reason: "new EU policy text", by: ana, expires: 2026-12-31}\n',
    );
    expect(waiver).toEqual({
      prompt: 'support-reply',
      upToUsd: 40n * 10n ** 18n,
      reason: 'new EU policy text',
      by: 'ana',
      expires: '2026-12-31',
      origin: { file: '.aicost/waivers.yaml', line: 1, column: 3 },
    });
    expect(waivers('')).toEqual([]);
  });

  it.each([
    ['- {prompt: a, reason: b}', '1:3: [0]: missing key "up_to_usd"'],
    ['- {prompt: a, up_to_usd: 1}', '1:3: [0]: missing key "reason"'],
    [
      '- {prompt: a, up_to_usd: 1, reason: b, expires: soon}',
      '1:49: [0].expires: expected a day like 2026-12-31, found "soon"',
    ],
    [
      '- {prompt: a, upto_usd: 1, reason: b}',
      '1:15: [0]: unknown key "upto_usd"; did you mean "up_to_usd"? | There is 1 more problem in this file.',
    ],
    ['prompt: a', '1:1: expected a list, found keys and values'],
  ])('say what is wrong with %s', (text, expected) => {
    expect(errorOf(() => waivers(text))).toBe(`.aicost/waivers.yaml:${expected}`);
  });
});
