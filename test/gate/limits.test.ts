import { describe, expect, it } from 'vitest';
import type { GatePolicy } from '../../src/domain/gate-policy.ts';
import type { Comparison } from '../../src/gate/comparison-result.ts';
import type { Reading } from '../../src/gate/compared-prompt.ts';
import { decimal } from '../prompts/cost/made-up-costs.ts';
import {
  both,
  comparison,
  costed,
  limit,
  part,
  partsInputs,
  rules,
  unpriced,
  usd,
} from './made-up-prompts.ts';

/** 100,000 calls of 2,000 tokens at 0.15: 30 dollars, and 12 for the answers, 42. Each thousand more is 15. */
const grown = (id = 'support', to = 3000): Reading =>
  both(costed(id, { text: 2000 }), costed(id, { text: to }));

const judge = (limits: Partial<GatePolicy>, readings = [grown()]): Comparison =>
  comparison(readings, { rules: rules(limits) });

const found = ({ findings }: Comparison): readonly string[] =>
  findings.filter(({ limit: over }) => over !== null).map(({ message }) => message);

describe('limits', () => {
  it.each<[string, Partial<GatePolicy>, string]>([
    [
      'dollars of a prompt',
      { prompt: { maxIncreaseUsd: limit(usd('14.99')) } },
      '"support" +$15.00 (+35.7%) / month is over the limit $14.99 per prompt: text +$15.00',
    ],
    [
      'percent of a prompt',
      { prompt: { maxIncreasePercent: limit(decimal('35.7')) } },
      '"support" +$15.00 (+35.7%) / month is over the limit 35.7% per prompt: text +$15.00',
    ],
    [
      'tokens of a prompt',
      { prompt: { maxIncreaseTokens: limit(999) } },
      '"support" +1,000 tokens is over the limit +999 tokens per prompt: text +$15.00',
    ],
    [
      'a call of a prompt',
      { prompt: { maxUsdPerCallP95: limit(usd('0.0005')) } },
      '"support" $0.00057 a call at its 95th percentile is over the limit $0.0005 a call (p95) per prompt: text +$15.00',
    ],
    [
      'a month of a prompt',
      { prompt: { maxUsd: limit(usd('50')) } },
      '"support" $57.00 a month is over the limit $50 a month per prompt: text +$15.00',
    ],
    [
      'dollars of the whole',
      { total: { maxIncreaseUsd: limit(usd('10')) } },
      'the total +$15.00 (+35.7%) / month is over the limit $10 in total',
    ],
    [
      'percent of the whole',
      { total: { maxIncreasePercent: limit(decimal('20')) } },
      'the total +$15.00 (+35.7%) / month is over the limit 20% in total',
    ],
    [
      'a month of the whole',
      { total: { maxUsd: limit(usd('56.99')) } },
      'the total $57.00 a month is over the limit $56.99 a month in total',
    ],
  ])('in %s fail alone', (_, limits, message) => {
    const result = judge(limits);
    expect([result.verdict, result.code]).toEqual(['fail', 1]);
    expect(found(result)).toEqual([message]);
  });

  it('that are just reached hold', () => {
    const result = judge({
      total: { maxIncreaseUsd: limit(usd('15')), maxUsd: limit(usd('57')) },
      prompt: {
        maxIncreaseUsd: limit(usd('15')),
        maxIncreaseTokens: limit(1000),
        // 15 of 42 is 35.714285...
        maxIncreasePercent: limit(decimal('35.714286')),
        maxUsdPerCallP95: limit(usd('0.00057')),
      },
    });
    expect([result.verdict, result.code, result.findings]).toEqual(['pass', 0, []]);
  });

  it('in percent say nothing about cents, where a least effect is set', () => {
    const small = [grown('support', 2000 + 667)];
    const limits = { maxIncreasePercent: limit(decimal('1')), minEffectUsd: limit(usd('10.01')) };
    // 667 tokens are 10.005 dollars.
    expect(judge({ prompt: limits }, small).verdict).toBe('pass');
    expect(judge({ prompt: limits }).verdict).toBe('fail');
  });

  it('of a prompt that falls hold', () => {
    const fall = both(costed('a', { text: 3000 }), costed('a', { text: 2000 }));
    const strict = { maxIncreaseUsd: limit(usd('0')), maxIncreasePercent: limit(decimal('0')) };
    expect(judge({ prompt: strict, total: strict }, [fall]).verdict).toBe('pass');
  });

  it('are its own where a prompt has some, those of base', () => {
    const budget = { maxIncreaseUsd: limit(usd('5')), message: 'ask ana' };
    const own = both(costed('a', { text: 2000, budget }), costed('a', { text: 3000 }));
    expect(found(judge({}, [own]))).toEqual([
      '"a" +$15.00 (+35.7%) / month is over the limit $5 for this prompt: text +$15.00. ask ana',
    ]);
    const loosened = both(costed('a', { text: 2000 }), costed('a', { text: 3000, budget }));
    expect(judge({}, [loosened]).verdict).toBe('pass');
  });

  it('of a workspace hold for its prompts only', () => {
    const web = both(
      costed('w', { text: 2000, workspace: 'web' }),
      costed('w', { text: 3000, workspace: 'web' }),
    );
    const limits = new Map([['web', { maxIncreaseUsd: limit(usd('10')) }]]);
    const api = both(
      costed('x', { text: 2000, workspace: 'api' }),
      costed('x', { text: 9000, workspace: 'api' }),
    );
    const result = judge({ workspaces: limits }, [web, api]);
    expect(found(result)).toEqual([
      'workspace "web" +$15.00 (+35.7%) / month is over the limit $10 in workspace web',
    ]);
    expect(result.workspaces.map(({ name, change }) => [name, change.delta_usd])).toEqual([
      ['api', '105'],
      ['web', '15'],
    ]);
  });

  it('only warn in mode warn, with code 0', () => {
    const result = judge({ mode: 'warn', prompt: { maxIncreaseUsd: limit(usd('1')) } });
    expect([result.verdict, result.code]).toEqual(['warn', 0]);
    expect(result.prompts[0]?.verdict).toBe('warn');
    expect(result.findings[0]?.level).toBe('warning');
  });

  it('say what to do about it', () => {
    const result = judge({
      message: 'Shorten it: docs/cost.md',
      prompt: { maxIncreaseUsd: limit(usd('1')) },
    });
    expect(found(result)[0]).toMatch(/\. Shorten it: docs\/cost\.md$/);
  });
});

describe('a new prompt', () => {
  const fresh = (more = {}): Reading => {
    const head = costed('fresh', { text: 893, ...more });
    return { head, basket: head };
  };

  it('has a limit of its own and no percentage', () => {
    const result = judge(
      { newPrompt: { maxUsd: limit(usd('20')), require: limit([]) } },
      // 2,000 tokens are 42 dollars.
      [fresh({ text: 2000 })],
    );
    expect(result.code).toBe(1);
    expect(result.prompts[0]).toMatchObject({ status: 'new', base: null });
    expect(result.prompts[0]?.change.delta_pct).toBeNull();
    expect(found(result)).toEqual([
      '"fresh" $42.00 a month is over the limit $20 a month for a new prompt',
    ]);
  });

  it('may have to name its calls', () => {
    const inputs = partsInputs([part('instructions', 10)]);
    const assumed = { value: decimal('1000'), source: 'assumed', from: 'default' } as const;
    const unsaid = {
      ...inputs,
      assumptions: { ...inputs.assumptions, callsPerMonth: assumed },
    };
    const limits = { newPrompt: { require: limit(['model', 'calls_per_month'] as const) } };
    expect(found(judge(limits, [fresh({ inputs: unsaid })]))).toEqual([
      '"fresh" has no calls_per_month of its own',
    ]);
    expect(judge(limits, [fresh()]).code).toBe(0);
  });
});

describe('what is unknown', () => {
  const unknown = [both(unpriced('a'), unpriced('a', { text: 10 }))];

  it.each([
    ['fail', 'undecided', 3],
    ['warn', 'warn', 0],
    ['ignore', 'pass', 0],
  ] as const)('under unknown: %s ends with %s', (word, verdict, code) => {
    const result = judge({ unknown: word }, unknown);
    expect([result.verdict, result.code]).toEqual([verdict, code]);
  });

  it('and did not change is told together, and decides nothing less', () => {
    const readings = ['a', 'b', 'c'].map((id) => both(unpriced(id), unpriced(id)));
    const result = comparison(readings, { rules: rules() });
    expect([result.verdict, result.code, result.total.at_least]).toEqual(['pass', 0, true]);
    expect(result.findings.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'notice the cost of 3 prompts that did not change is unknown: "a": no rate card has a model "oak-9", and so on',
    ]);
    expect(comparison(readings, { rules: rules({ unknown: 'fail' }) }).code).toBe(3);
    expect(comparison(readings, { strict: true }).code).toBe(3);
  });

  it('is never passed over under --strict, nor hidden behind a limit that is broken', () => {
    const readings = [...unknown, grown()];
    const limits = rules({ unknown: 'ignore', prompt: { maxIncreaseUsd: limit(usd('1')) } });
    const result = comparison(readings, { rules: limits, strict: true });
    expect([result.verdict, result.code]).toEqual(['undecided', 3]);
  });

  it('includes text that was not UTF-8 under --strict', () => {
    const warned = { level: 'warning', code: 'not-utf8', message: 'read as windows-1252' } as const;
    const readings = [both(costed('a'), costed('a', { findings: [warned] }))];
    expect(comparison(readings).code).toBe(0);
    expect(comparison(readings, { strict: true }).code).toBe(3);
  });
});
