import { beforeAll, describe, expect, it } from 'vitest';
import type { Desk } from '../support/fake-runtime.ts';
import { MOVE_CARD, moveDesk } from '../support/move-desk.ts';
import { whatif } from '../support/whatif-desk.ts';

describe('whatif reprice', () => {
  let here: Desk;
  beforeAll(async () => {
    here = await moveDesk(
      { input_tokens: 500, output_tokens: 100 },
      { model: 'gpt-4o-elm', input_tokens: 1200, cache_read_tokens: 300, output_tokens: 100 },
      { model: 'zebra', input_tokens: 1000, status: 'failure' },
    );
    const dearer = MOVE_CARD.replace('input: 2.00, cache_read', 'input: 2.50, cache_read')
      .replace('above: 1000, input: 1.00', 'above: 1400, input: 1.30')
      .replace(
        '{from: 2026-01-01, source: page, input: 0.10, output: 0.40}',
        '{from: 2026-11-03, source: page, input: 0.20, output: 0.40}',
      );
    here.write('new/acorn.yaml', dearer);
  });

  it('agrees with rates diff --replay on what another card costs', async () => {
    const found = await whatif(here, 'reprice', '--under', 'new', '--period', '2026-11');
    const diff = JSON.parse(
      await here.must('rates', 'diff', 'rates', 'new', '--replay', '2026-11', '--format', 'json'),
    );
    // 500 x 0.50 more for oak; 1,500 tokens of prompt at elm cost 1,200 x 0.30 more; millionths of a dollar.
    expect(found.saving_usd.mid).toBe('-0.00061');
    expect(diff.replay_totals.difference_usd).toBe('0.00061');
  });

  it('prices every request at another day', async () => {
    const found = await whatif(here, 'reprice', '--under', 'new', '--as-of', '2026-11-02');
    expect(found.requests).toMatchObject({ changed: 3, excluded: 0 });
    const early = await whatif(here, 'reprice', '--as-of', '2025-12-31');
    expect(early.requests).toMatchObject({ changed: 0, excluded: 3 });
    expect(early.rows.map(({ reason }) => reason)).toContain('no-price-there');
  });

  it('prices requests on another service tier, where the model has one', async () => {
    const { requests, saving_usd: saving } = await whatif(here, 'reprice', '--tier', 'batch');
    expect(requests).toMatchObject({ changed: 1, excluded: 2 });
    // Half of 1,800.
    expect(saving.mid).toBe('0.0009');
  });

  it('finds the same models at another provider', async () => {
    const claude = await moveDesk({
      provider: 'anthropic',
      model: 'claude-haiku-4-5',
      input_tokens: 1000,
    });
    const found = await whatif(claude, 'reprice', '--provider', 'vertex');
    expect(found.requests.changed).toBe(1);
    expect(found.saving_usd.mid).toBe('0');
  });

  it.each([
    [
      [],
      'aicost: say which other prices: --under, --as-of, --provider, --region or --tier\nFor example aicost whatif reprice --as-of 2026-11-01.\n',
    ],
    [
      ['--as-of', 'soon'],
      'aicost: --as-of: expected a day or a time, found "soon"\nFor example 2026-11-01 or 2026-11-01T12:00:00Z.\n',
    ],
  ])('says what is wrong with %j', async (flags, message) => {
    const { code, err } = await here.aicost('whatif', 'reprice', ...flags);
    expect([code, err]).toEqual([2, message]);
  });

  it('names the provider that a mistyped one is near to', async () => {
    const { code, err } = await here.aicost('whatif', 'reprice', '--provider', 'bedrok');
    expect(code).toBe(2);
    expect(err).toMatch(/^aicost: --provider: no rate card for "bedrok"\nDid you mean bedrock\?/);
  });
});

describe('whatif batch', () => {
  let here: Desk;
  const night = { workflow: 'nightly' };
  beforeAll(async () => {
    here = await moveDesk(
      { input_tokens: 500, output_tokens: 100, tags: night },
      { input_tokens: 500, output_tokens: 100, tags: { ...night, session: 's-1' } },
      { input_tokens: 500, output_tokens: 100, tags: { ...night, user: 'u-1' } },
      { input_tokens: 500, output_tokens: 100, tags: { ...night, run: 'r-1' } },
      { model: 'gpt-4o-elm', input_tokens: 500, output_tokens: 100, tags: night },
      { input_tokens: 500, output_tokens: 100, service_tier: 'batch', tags: night },
      { input_tokens: 500, output_tokens: 100 },
    );
  });

  it('halves work that can wait, and never what somebody waits for', async () => {
    const found = await whatif(here, 'batch', '--where', 'workflow=nightly', '--tolerance', '24h');
    expect(found.rows.map(({ part, reason, requests }) => [part, reason, requests])).toEqual([
      ['changed', null, 2],
      ['unchanged', null, 1],
      ['excluded', 'interactive', 2],
      ['excluded', 'no-price-there', 1],
    ]);
    // Two requests of 1,800 millionths of a dollar, halved.
    expect(found.saving_usd.mid).toBe('0.0018');
  });

  it('says that steps of a run wait for each other', async () => {
    const flags = ['--where', 'workflow=nightly', '--tolerance', '2d', '--format', 'json'];
    const { doubts } = JSON.parse(await here.must('whatif', 'batch', ...flags));
    expect(doubts).toMatchObject([{ reason: 'steps-of-runs', requests: 1 }]);
  });

  it.each([
    [
      ['--tolerance', '24h'],
      'aicost: --where: name the work that can wait\nFor example aicost whatif batch --where workflow=nightly-report --tolerance 24h. Nothing is taken to wait by itself.\n',
    ],
    [
      ['--where', 'workflow=nightly'],
      'aicost: --tolerance: say how long the results may take\nResults of a batch may take 24 hours: --tolerance 24h.\n',
    ],
    [
      ['--where', 'workflow=nightly', '--tolerance', '2h'],
      'aicost: --tolerance: results of a batch may take 24 h, more than 2h\nWork that cannot wait so long cannot be batched; a flex tier may do: aicost whatif reprice --tier flex.\n',
    ],
  ])('says what is missing: %j', async (flags, message) => {
    const { code, err } = await here.aicost('whatif', 'batch', ...flags);
    expect([code, err]).toEqual([2, message]);
  });
});
