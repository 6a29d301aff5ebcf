import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moneyText, parseMoney, sum } from '../../src/domain/money.ts';
import type { Comparison } from '../../src/gate/comparison-result.ts';
import type { Reading } from '../../src/gate/compared-prompt.ts';
import { pairPrompts } from '../../src/gate/pairing.ts';
import { modelOf, said, decimal } from '../prompts/cost/made-up-costs.ts';
import {
  both,
  comparison,
  costed,
  LARGE,
  limit,
  part,
  partsInputs,
  rules,
  unpriced,
  usd,
} from './made-up-prompts.ts';

const CACHED = {
  ...modelOf(
    { input: '1.00', output: '5.00', cache_read: '0.10', 'cache_write@default': '1.25' },
    { cacheMinimum: said(1024) },
  ),
  model: 'acorn-1',
};
const DEAR = {
  ...modelOf(
    { input: '2.50', output: '10.00', cache_read: '1.25' },
    { cacheMinimum: said(4096), cacheStep: 128 },
  ),
  model: 'acorn-2',
};
const HITS = { cache: { hitRatio: said(decimal('0.95')), off: false } };

const causes = (found: Comparison): readonly string[] =>
  (found.prompts[0]?.causes ?? []).map(({ cause, detail, delta_usd }) =>
    [cause, detail, delta_usd].filter((word) => word !== null).join(' '),
  );

describe('the causes of a change', () => {
  it('are the text at the old model, then the model', () => {
    const base = costed('support', { text: 2658 });
    const head = costed('support', { text: 2328, prices: LARGE });
    const bridge = costed('support', { text: 2328 });
    const found = comparison([both(base, head, { bridge })]);
    // 330 x 0.15 = 49.5 and 782 - 46.92 = 735.08 dollars a million calls.
    expect(causes(found)).toEqual(['text -4.95', 'model gpt-4o-mini → gpt-4o 735.08']);
    expect(found.total.delta_usd).toBe('730.13');
    expect(found.total.delta_pct).toBe('1407.6152');
  });

  it('name the variable that grew', () => {
    const at = (tokens: number) =>
      costed('support', {
        inputs: partsInputs([
          part('instructions', 2598),
          part('variable', tokens, { variable: 'ticket', origin: { file: 'samples/ticket.txt' } }),
        ]),
      });
    const found = comparison([both(at(60), at(5340))], {
      rules: rules({ prompt: { maxIncreaseUsd: limit(usd('10')) } }),
    });
    // 5,280 x 0.15 = 792 dollars a million calls.
    expect(causes(found)).toEqual(['variable ticket 79.2']);
    expect(found.findings[0]).toMatchObject({
      message:
        '"support" +$79.20 (+153%) / month is over the limit $10 per prompt: variable ticket +$79.20',
      path: 'samples/ticket.txt',
      limit: '$10 per prompt',
    });
  });

  it('tell a trim of cached text from the cache that is lost by it', () => {
    const at = (tokens: number, stable: number) =>
      costed('support', {
        prices: CACHED,
        inputs: partsInputs([part('instructions', tokens, { stable })], HITS),
      });
    const found = comparison([both(at(2658, 1337), at(2328, 1007))]);
    // 330 tokens at 0.1575 while the prefix is cached: -5.1975; what is left to 332.80 is the cache's.
    expect(causes(found)).toEqual(['text -5.1975', 'cache layout 84.83975']);
    expect(found.total).toMatchObject({
      base_usd: '253.15775',
      head_usd: '332.8',
      delta_usd: '79.64225',
    });
    expect(found.findings).toMatchObject([
      {
        level: 'warning',
        rule: 'cache-cliff',
        message: '"support" prefix 1,337 → 1,007 tokens, below the 1,024 that acorn-1 caches',
      },
    ]);
  });

  it('tell a variable that moved up from the text that came with it', () => {
    const at = (tokens: number, stable: number) =>
      costed('support', {
        prices: CACHED,
        inputs: partsInputs([part('instructions', tokens, { stable })], HITS),
      });
    const found = comparison([both(at(2658, 1337), at(2675, 7))]);
    // 17 tokens at 1.00; the prefix of 1,337 at 0.8425 less: 112.64225.
    expect(causes(found)).toEqual(['text 1.7', 'cache layout 112.64225']);
    expect(found.total.head_usd).toBe('367.5');
    expect(found.findings[0]?.rule).toBe('cache-cliff');
  });

  it('are the output cap alone when only that changed', () => {
    const inputs = partsInputs([part('instructions', 1000)]);
    const found = comparison([
      both(costed('a', { inputs }), costed('a', { inputs: { ...inputs, maxOutputTokens: 50 } })),
    ]);
    // 150 tokens less at 0.60.
    expect(causes(found)).toEqual(['output cap -9']);
  });

  it('do not hide that more reasoning makes answers longer', () => {
    const found = comparison([both(costed('a'), costed('a', { reasoningEffort: 'high' }))]);
    expect([found.total.delta_usd, found.prompts[0]?.status]).toEqual(['0', 'changed']);
    expect(found.findings).toMatchObject([
      {
        level: 'notice',
        rule: 'reasoning-effort',
        message: '"a" reasoning effort as usual → high: answers are reckoned as long as before',
      },
    ]);
  });

  it('are a dearer tier where a prompt became long enough for it', () => {
    const prices = modelOf(
      { input: '1.00', output: '0' },
      { dearFrom: 200_000, dear: { input: '2.00' } },
    );
    const at = (text: number) => costed('a', { text, prices });
    const found = comparison([both(at(199_999), at(200_000))]);
    // 199,999 at 1.00, then 200,000 at 2.00; a tenth of both.
    expect(found.total.delta_usd).toBe('20000.1');
    expect(found.findings.map(({ rule, message }) => [rule, message])).toEqual([
      [
        'context-tier',
        '"a" the prompt is charged at the price of long prompts now (prompt of at least 200000 tokens)',
      ],
    ]);
  });

  it('add up to the whole to the last digit, whatever changed', () => {
    const size = fc.integer({ min: 0, max: 200_000 });
    const sizes = fc.record({
      text: size,
      examples: size,
      tools: size,
      images: size,
      first: size,
      second: size,
      stable: fc.integer({ min: 0, max: 100 }),
    });
    const at = (sized: fc.RuntimeTypeOf<typeof sizes>, dear: boolean) =>
      costed('a', {
        prices: dear ? DEAR : CACHED,
        inputs: partsInputs(
          [
            part('instructions', sized.text, {
              stable: Math.floor((sized.text * sized.stable) / 100),
            }),
            part('examples', sized.examples),
            part('tools', sized.tools, { stable: sized.tools }),
            part('images', sized.images),
            part('variable', sized.first, { variable: 'first' }),
            part('variable', sized.second, { variable: 'second' }),
          ],
          HITS,
        ),
      });
    fc.assert(
      fc.property(sizes, sizes, fc.boolean(), (was, is, dear) => {
        const [found] = comparison([
          both(at(was, false), at(is, dear), { bridge: at(is, false) }),
        ]).prompts;
        const steps = (found?.causes ?? []).map(
          ({ delta_usd }) => parseMoney(delta_usd) ?? usd('0'),
        );
        expect(moneyText(sum(steps))).toBe(found?.change.delta_usd);
      }),
      { seed: 20261122, numRuns: 300 },
    );
  });
});

describe('a comparison', () => {
  const some = fc.array(
    fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      was: fc.option(fc.integer({ min: 1, max: 90_000 })),
      is: fc.option(fc.integer({ min: 1, max: 90_000 })),
    }),
    { maxLength: 5 },
  );
  const readings = (prompts: fc.RuntimeTypeOf<typeof some>): readonly Reading[] =>
    [...new Map(prompts.map((each) => [each.id, each])).values()].map(({ id, was, is }) => ({
      ...(was === null ? {} : { base: costed(id, { text: was }) }),
      ...(is === null ? {} : { head: costed(id, { text: is }), basket: costed(id, { text: is }) }),
    }));
  const turned = ({ base, head }: Reading): Reading => ({
    ...(head === undefined ? {} : { base: head }),
    ...(base === undefined ? {} : { head: base, basket: base }),
  });

  it('of a tree with itself is zero', () => {
    const same = comparison([both(costed('a'), costed('a')), both(costed('b'), costed('b'))]);
    expect(same.total.delta_usd).toBe('0');
    expect(same.prompts.map(({ status, causes: steps }) => [status, steps])).toEqual([
      ['same', []],
      ['same', []],
    ]);
    expect([same.verdict, same.code, same.findings]).toEqual(['pass', 0, []]);
  });

  it('of B with A is the opposite of A with B', () => {
    fc.assert(
      fc.property(some, (prompts) => {
        const there = comparison(readings(prompts));
        const back = comparison(readings(prompts).map(turned));

        expect(usd(there.total.delta_usd ?? '')).toBe(0n - usd(back.total.delta_usd ?? ''));
        expect(there.total.base_usd).toBe(back.total.head_usd);
      }),
      { seed: 20261122, numRuns: 200 },
    );
  });

  it('does not depend on the order of files', () => {
    fc.assert(
      fc.property(some, fc.integer(), (prompts, turn) => {
        const list = readings(prompts);
        const at = list.length === 0 ? 0 : Math.abs(turn) % list.length;
        const other = [...list.slice(at), ...list.slice(0, at)].reverse();
        expect(comparison(other)).toEqual(comparison(list));
      }),
      { seed: 20261122, numRuns: 100 },
    );
  });

  it('keeps what is unknown out of sums, and says so', () => {
    const found = comparison([
      both(costed('a'), costed('a')),
      both(unpriced('b'), unpriced('b', { text: 10 })),
    ]);
    expect(found.total).toEqual({
      base_usd: '51.87',
      head_usd: '51.87',
      delta_usd: '0',
      delta_pct: null,
      at_least: true,
    });
    expect(found.verdict).toBe('warn');
    expect(found.findings).toMatchObject([{ level: 'warning', rule: 'unknown-price' }]);
  });

  it('shows drift of prices and edited assumptions apart', () => {
    const base = costed('extract');
    const dear = modelOf({ input: '0.30', output: '1.20' });
    const more = partsInputs([part('instructions', 2658)], {
      callsPerMonth: said(decimal('200000')),
    });
    const head = costed('extract', { prices: dear, inputs: more });
    const found = comparison([both(base, head, { basket: costed('extract') })]);
    // Twice the calls at the old prices, +51.87; then all of it at twice the prices, +103.74.
    expect(found.total.delta_usd).toBe('0');
    expect(found.apart).toEqual({ assumptions_usd: '51.87', prices_usd: '103.74' });
    expect(found.prompts[0]?.own_monthly_usd).toBe('207.48');
  });
});

describe('pairs of prompts', () => {
  const pairs = (
    base: readonly ReturnType<typeof costed>[],
    head: readonly ReturnType<typeof costed>[],
    renames: Readonly<Record<string, string>> = {},
  ): readonly string[] =>
    pairPrompts({ base, head, renames: new Map(Object.entries(renames)) }).map(
      ({ base: was, head: is }) => `${was?.id ?? '-'} > ${is?.id ?? '-'}`,
    );

  it('have one id, else one path, else one history', () => {
    expect(pairs([costed('a')], [costed('a', { path: 'elsewhere.txt' })])).toEqual(['a > a']);
    expect(pairs([costed('a', { path: 'p' })], [costed('b', { path: 'p' })])).toEqual(['a > b']);
    expect(
      pairs([costed('p/a', { path: 'p/a' })], [costed('p/b', { path: 'p/b' })], { 'p/b': 'p/a' }),
    ).toEqual(['p/a > p/b']);
  });

  it('use each prompt once, and say what is new and what is gone', () => {
    expect(
      pairs(
        [costed('a', { path: 'p' }), costed('gone', { path: 'q' })],
        [costed('b', { path: 'p' }), costed('c', { path: 'p' })],
      ),
    ).toEqual(['a > b', '- > c', 'gone > -']);
  });
});
