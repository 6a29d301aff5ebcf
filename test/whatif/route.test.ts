import { beforeAll, describe, expect, it } from 'vitest';
import { decodeRoutePolicy } from '../../src/config/route-policy-file.ts';
import type { Desk } from '../support/fake-runtime.ts';
import { moveDesk } from '../support/move-desk.ts';
import { whatif } from '../support/whatif-desk.ts';

const POLICY = `routes:
  - name: high stakes
    where: [team=legal]
    to: stay
  - name: simple
    prompt_tokens: {below: 500}
    share: 60%
    to: gpt-4o-elm
  - name: the rest of support
    where: [team=support, "model!=claude-*"]
    to: claude-yew
`;

describe('whatif route', () => {
  let here: Desk;
  beforeAll(async () => {
    here = await moveDesk(
      ...Array.from({ length: 10 }, () => ({
        input_tokens: 499,
        output_tokens: 100,
        tags: { team: 'support' },
      })),
      { input_tokens: 500, output_tokens: 100, tags: { team: 'support' } },
      { input_tokens: 100, output_tokens: 10, tags: { team: 'legal' } },
      { input_tokens: 5000, output_tokens: 10 },
    );
    here.write('policy.yml', POLICY);
  });

  it('sends a request where the first rule that fits says, and what its share leaves to the next', async () => {
    const flags = ['route', 'policy.yml', '--token-ratio', '1'];
    const found = await whatif(here, ...flags);
    const { destinations } = JSON.parse(await here.must('whatif', ...flags, '--format', 'json'));
    // Of ten small ones six go to elm and four on to the rule of support, with the eleventh.
    expect(
      destinations.map(({ to, requests }: { to: string; requests: number }) => [to, requests]),
    ).toEqual([
      ['acorn/gpt-4o-elm', 6],
      ['acorn/claude-yew', 5],
    ]);
    expect(found.requests).toMatchObject({ total: 13, changed: 11, unchanged: 2, excluded: 0 });
    // Millionths of a dollar. Elm: 6 x (499 x 1.5 + 100 x 6) = 8,091; yew: 4 x (499 x 1 + 100 x 3) + 500 + 300 = 3,996.
    expect(found.saving_usd).toEqual({ low: '0.012087', mid: '0.012087', high: '0.012087' });
  });

  it('leaves out what does not fit, and routes the whole of a share', async () => {
    here.write('long.yml', 'routes: [{prompt_tokens: {at_least: 5000}, to: gpt-4o-elm}]\n');
    const { rows, requests } = await whatif(here, 'route', 'long.yml');
    expect(requests).toMatchObject({ total: 13, changed: 0, unchanged: 12, excluded: 1 });
    expect(rows.at(-1)?.reason).toBe('context-window');
  });

  it.each([
    ['rules: []\n', /^policy\.yml:1:1: unknown key "rules"; did you mean "routes"\?$/],
    [
      'routes:\n  - {where: [team=a]}\n',
      /^policy\.yml:2:5: routes\[1\]: needs to:, a model or "stay"$/,
    ],
    [
      'routes:\n  - {to: stay, where: team}\n',
      /^policy\.yml:2:23: routes\[1\]\.where: expected a condition like env=prod or "model!=gpt-\*", found "team"$/,
    ],
    [
      'routes:\n  - {to: stay, share: 120%}\n',
      /^policy\.yml:2:23: routes\[1\]\.share: expected a part such as 60% or 0\.6, found "120%"$/,
    ],
    [
      'routes:\n  - {to: stay, prompt_tokens: {at_least: 9, below: 9}}\n',
      /^policy\.yml:2:31: routes\[1\]\.prompt_tokens: no request has at least 9 and fewer than 9$/,
    ],
    [
      'routes:\n  - {to: stay, prompt_tokens: {under: 9}}\n',
      /^policy\.yml:2:32: routes\[1\]\.prompt_tokens: unknown key "under"/,
    ],
  ])('names the place of a mistake in %j', (text, message) => {
    let found = '';
    try {
      decodeRoutePolicy(text, 'policy.yml');
    } catch (error) {
      const { origin, message: said } = error as {
        message: string;
        origin: { file: string; line: number; column: number };
      };
      found = `${origin.file}:${origin.line}:${origin.column}: ${said}`;
    }
    expect(found).toMatch(message);
  });

  it('names the place of a model that no card has', async () => {
    here.write('typo.yml', 'routes:\n  - {to: gpt-4o-elf}\n');
    const { code, err } = await here.aicost('whatif', 'route', 'typo.yml');
    expect(code).toBe(2);
    expect(err).toMatch(
      /typo\.yml:2:10: to: no rate card has a model "gpt-4o-elf"\nDid you mean gpt-4o-elm\?/,
    );
  });

  it('says so when there is no such file, and when none is named', async () => {
    const missing = await here.aicost('whatif', 'route', 'nowhere.yml');
    const unnamed = await here.aicost('whatif', 'route');
    expect([missing.code, unnamed.code]).toEqual([2, 2]);
    expect(missing.err).toMatch(/nowhere\.yml: no such file, or no permission to read it\n$/);
    expect(unnamed.err).toBe("aicost: missing required argument 'policy'\n");
  });
});
