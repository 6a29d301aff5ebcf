import { describe, expect, it } from 'vitest';
import { repository } from '../../support/repository.ts';
import { changed, compared, findings, FRAME, PRICES, words } from './corner-shop.ts';

const CONFIG = `version: 1
prices: {snapshot: prices/openai.yaml}
prompts:
  - id: support
    path: support.txt
    engine: mustache
    model: gpt-cached
    calls_per_month: 100000
    output_tokens: 200
    cache: {hit_ratio: 0.95}
    vars: {now: {tokens: 6}, policy: {value: hello, constant: true}}
gate: {prompt: {max_increase_usd: 10}}
`;

/** Text before the first thing that varies and text after it. The frame counts as what comes before. */
const template = (stable: number, whole: number): string =>
  `${words(stable - FRAME)}{{now}}${words(whole - stable - 6)}`;

const desk = repository().write({
  'aicost.yaml': CONFIG,
  'prices/openai.yaml': PRICES,
  'support.txt': template(1337, 2658),
});
desk.commit('base');

describe('the cached part of a prompt', () => {
  it('13: that is trimmed below what the provider caches makes a shorter prompt dearer', async () => {
    desk
      .checkout('main')
      .branch('s13')
      .write({ 'support.txt': template(1007, 2328) })
      .commit('trim');
    const result = await compared(desk, '--base HEAD^ --head HEAD');
    // (1,321 x 1.00 + 1,337 x 0.1575 + 200 x 5.00) x 0.1; then 2,328 x 1.00 without a cache.
    expect(changed(result)).toEqual([
      {
        id: 'support',
        status: 'changed',
        tokens: [2658, 2328],
        usd: ['253.15775', '332.8', '79.64225'],
        // 330 tokens at 0.1575, then what is left.
        causes: ['text -5.1975', 'cache layout 84.83975'],
      },
    ]);
    expect([result.exit, findings(result)]).toEqual([
      1,
      ['error prompt-cost-increase support', 'warning cache-cliff support'],
    ]);
    expect(result.findings[1]?.message).toBe(
      '"support" prefix 1,337 → 1,007 tokens, below the 1,024 that gpt-cached caches; variable "now" ends it',
    );
  });

  it('14: that loses its place to a variable at the top is lost', async () => {
    const moved = `{{now}}${words(2675 - FRAME - 6)}`;
    desk.checkout('main').branch('s14').write({ 'support.txt': moved }).commit('now first');
    const result = await compared(desk, '--base HEAD^ --head HEAD');
    expect(changed(result)).toMatchObject([
      {
        tokens: [2658, 2675],
        usd: ['253.15775', '367.5', '114.34225'],
        causes: ['text 1.7', 'cache layout 112.64225'],
      },
    ]);
    expect([result.exit, findings(result)]).toEqual([
      1,
      ['error prompt-cost-increase support', 'warning cache-cliff support'],
    ]);
  });

  it('that a change begins to use is a gain, and no cliff', async () => {
    desk
      .checkout('s14')
      .branch('mended')
      .write({ 'support.txt': template(1337, 2658) });
    const result = await compared(desk.commit('now last'), '--base s14 --head mended');
    expect([result.exit, result.total.delta_usd, findings(result)]).toEqual([0, '-114.34225', []]);
    expect(changed(result)[0]?.causes).toEqual(['text -1.7', 'cache layout -112.64225']);
  });
});
