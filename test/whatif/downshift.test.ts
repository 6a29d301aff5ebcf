import { beforeAll, describe, expect, it } from 'vitest';
import { type Desk, desk } from '../support/fake-runtime.ts';
import { moveDesk } from '../support/move-desk.ts';
import { taken, whatif } from '../support/whatif-desk.ts';

const counted = (rows: Awaited<ReturnType<typeof whatif>>['rows']) =>
  rows.map(({ part, reason, requests }) => [part, reason, requests]);

describe('whatif downshift', () => {
  let here: Desk;
  beforeAll(async () => {
    here = await moveDesk(
      // 500 x 0.50 + 100 x 2.00 = 450 there, 500 x 2 + 100 x 8 = 1,800 here, in millionths of a dollar.
      { input_tokens: 500, output_tokens: 100, tags: { team: 'search' } },
      // Above 1,000: 1,500 x 1 + 100 x 4 = 1,900; 3,800 here.
      { model: 'gpt-4o-oak-2026-01-01', input_tokens: 1500, output_tokens: 100 },
      // 1,950 and 100 are 2,050 tokens in all: 4,700 here.
      { input_tokens: 1950, output_tokens: 100, tags: { team: 'search' } },
      // 100 x 2 + 600 x 8 = 5,000
      { input_tokens: 100, output_tokens: 600 },
      { usage: { input: 300, image_input: 200, output: 10 } },
      { input_tokens: 10, output_tokens: 10, status: 'failure' },
      { model: 'claude-yew', input_tokens: 1000, output_tokens: 10 },
    );
  });

  it('prices each request there, its context tier decided again', async () => {
    const found = await whatif(here, 'downshift', '--from', 'gpt-4o-oak', '--to', 'gpt-4o-elm');
    expect(found.requests).toMatchObject({ total: 7, changed: 2, unchanged: 1, excluded: 4 });
    // 1,800 + 3,800 - 450 - 1,900 = 3,250
    expect(found.saving_usd).toEqual({ low: '0.00325', mid: '0.00325', high: '0.00325' });
    expect(found.report_total_usd).toBe(found.before_usd);
  });

  it('says how many times as dear the model is by the own mix of tokens', async () => {
    const flags = ['whatif', 'downshift', '--from', 'gpt-4o-oak', '--to', 'gpt-4o-elm'];
    const found = JSON.parse(await here.must(...flags, '--format', 'json'));
    // 5,600 / 2,350 = 2.3829...; the list prices alone say 4 or 2.
    expect(found.changed_cost_ratio).toEqual({ low: '2.38', mid: '2.38', high: '2.38' });
    expect(await here.must(...flags)).toContain(
      'note: what changes costs 2.38 times as much now as it would then, by its own mix',
    );
  });

  it('leaves out what does not fit, by reason', async () => {
    const { rows } = await whatif(here, 'downshift', '--from', 'gpt-4o-oak', '--to', 'gpt-4o-elm');
    expect(counted(rows)).toEqual([
      ['changed', null, 2],
      ['unchanged', null, 1],
      ['excluded', 'output-limit', 1],
      ['excluded', 'context-window', 1],
      ['excluded', 'missing-feature', 1],
      ['excluded', 'not-successful', 1],
    ]);
  });

  it('takes 60 % of every kind of request, and narrows by --where', async () => {
    const share = ['--from', 'gpt-4o-oak', '--to', 'gpt-4o-elm', '--share', '60%'];
    // 3,250 x 0.6 = 1,950
    expect((await whatif(here, 'downshift', ...share)).saving_usd.mid).toBe('0.00195');
    const narrow = ['--to', 'gpt-4o-elm', '--where', 'team=search', '--where', 'model=gpt-4o-oak'];
    expect((await whatif(here, 'downshift', ...narrow)).saving_usd.mid).toBe('0.00135');
  });

  it('counts tokens of another tokenizer by its ratio, with the band of what was measured', async () => {
    const found = await whatif(here, 'downshift', '--from', 'gpt-4o-oak', '--to', 'claude-yew');
    expect(taken(found, 'tokens')).toBe('x 1.443 (1.183 to 1.703)');
    const [low, mid, high] = (['low', 'mid', 'high'] as const).map((name) =>
      Number(found.saving_usd[name]),
    );
    expect(low).toBeLessThan(mid ?? 0);
    expect(mid).toBeLessThan(high ?? 0);
  });

  it('takes a ratio that is given instead', async () => {
    const ratio = ['--where', 'team=search', '--to', 'claude-yew', '--token-ratio', '1.5'];
    const found = await whatif(here, 'downshift', ...ratio);
    // (500 + 1,950) x 1.5 x 1 + 200 x 1.5 x 5 = 3,675 + 1,500 there; 1,800 + 4,700 here.
    expect(found.saving_usd).toEqual({ low: '0.001325', mid: '0.001325', high: '0.001325' });
    expect(taken(found, 'tokens')).toBe('x 1.5');
  });

  it('leaves out what no tokenizer is known for', async () => {
    const { requests, rows } = await whatif(here, 'downshift', '--to', 'zebra');
    expect(requests.changed).toBe(0);
    expect(rows.map(({ reason }) => reason)).toContain('unknown-tokenizer');
  });

  it('changes requests whose limits no card says, and tells them apart', async () => {
    const out = await here.must('whatif', 'downshift', '--to', 'llama-3-ash', '--format', 'json');
    const { doubts } = JSON.parse(out);
    expect(
      doubts.map((each: { reason: string; requests: number }) => [each.reason, each.requests]),
    ).toEqual(
      expect.arrayContaining([
        ['context-window-unknown', 5],
        ['output-limit-unknown', 5],
      ]),
    );
  });

  it('finds the model by any of its names, and by pattern', async () => {
    for (const from of [
      'gpt-4o-oak-2026-01-01',
      'acorn/gpt-4o-oak',
      'gpt-4o-*',
      'ACORN/GPT-4O-OAK',
    ])
      expect(
        (await whatif(here, 'downshift', '--from', from, '--to', 'gpt-4o-elm')).requests.changed,
      ).toBe(2);
  });

  it.each([
    [
      ['--from', 'gpt-4o-oka', '--to', 'gpt-4o-elm'],
      'aicost: --from: the ledger has no call of "gpt-4o-oka"\nDid you mean gpt-4o-oak? aicost report --by provider,model lists them all.\n',
    ],
    [
      ['--to', 'acorn/gpt-4o-elf'],
      'aicost: --to: the rate card of acorn has no model "gpt-4o-elf"\nDid you mean acorn/gpt-4o-elm? aicost rates list shows all of them.\n',
    ],
    [
      [],
      'aicost: --to: name the model that the requests would go to\nFor example aicost whatif downshift --from gpt-4o --to gpt-4o-mini.\n',
    ],
    [
      ['--to', 'gpt-4o-elm', '--token-ratio', '0'],
      'aicost: --token-ratio: expected a number above 0, found "0"\nFor example --token-ratio 1.2, when a token here is 1.2 tokens there.\n',
    ],
  ])('says what is wrong with %j', async (flags, message) => {
    const { code, out, err } = await here.aicost('whatif', 'downshift', ...flags);
    expect([code, out, err]).toEqual([2, '', message]);
  });

  it('names the sellers of a model that several sell', async () => {
    const shop = await moveDesk({ input_tokens: 1 });
    const card = (provider: string): string =>
      `rate_card: 1\nprovider: ${provider}\ncurrency: USD\nunits: per million tokens\nas_of: 2026-11-20\nsources: {page: {note: page, read: 2026-11-20}}\nmodels:\n  fir: {prices: [{from: 2026-01-01, source: page, input: 1.00, output: 1.00}]}\n`;
    for (const provider of ['beech', 'cedar']) shop.write(`rates/${provider}.yaml`, card(provider));
    const { code, err } = await shop.aicost('whatif', 'downshift', '--to', 'fir', '--quiet');
    expect([code, err]).toEqual([
      2,
      'aicost: --to: beech, cedar sell "fir"\nName one of them, as in beech/fir.\n',
    ]);
    expect(
      (await whatif(shop, 'downshift', '--to', 'cedar/fir', '--token-ratio', '1')).requests.changed,
    ).toBe(1);
  });
});

describe('whatif', () => {
  it('lists the levers with what each needs', async () => {
    const { rows } = JSON.parse(await desk().must('whatif', '--format', 'json'));
    expect(rows.map(({ lever }: { lever: string }) => lever)).toEqual(
      expect.arrayContaining(['batch', 'downshift', 'reprice', 'route']),
    );
    for (const { needs, summary } of rows) expect([needs, summary]).not.toContain('');
  });

  it('names the lever that a mistyped one is near to', async () => {
    const { code, err } = await desk().aicost('whatif', 'downshfit', '--to', 'x');
    expect(code).toBe(2);
    expect(err).toMatch(
      /^aicost: there is no lever "downshfit"\nDid you mean downshift\? Levers: batch, /,
    );
  });
});
