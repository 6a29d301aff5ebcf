import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { jsonl, runIn } from '../support/fake-runtime.ts';
import { PROJECT, promptDesk, type PromptDesk, tokens } from '../support/prompt-desk.ts';

let { folder, write, estimate, estimateIn }: PromptDesk = promptDesk();

beforeEach(() => {
  ({ folder, write, estimate, estimateIn } = promptDesk());
});

const json = async (...argv: readonly string[]) =>
  JSON.parse((await estimate('--format', 'json', ...argv)).out);

describe('aicost estimate', () => {
  it('costs a text file where there is no config at all', async () => {
    write({ 'prompts/support.txt': tokens(93) });
    const { code, out } = await estimate(
      'prompts/support.txt',
      '--model',
      'gpt-4o',
      '--calls-per-month',
      '1000',
      '--output-tokens',
      '200',
    );
    // 100 tokens at 2.50 and 200 at 10.00 are $0.00225.
    expect(out).toBe(`1 prompt of the working tree, cost before they run

Prompt               Model   Tokens in  Per call  Per month
───────────────────────────────────────────────────────────
prompts/support.txt  gpt-4o        100  $0.00225      $2.25
───────────────────────────────────────────────────────────
Total                                                 $2.25
`);
    expect(code).toBe(0);
  });

  it('stars what is assumed, asks for what is not known, and says why', async () => {
    write(PROJECT);
    const { code, out } = await estimate();
    // Sort, a blank, the 100 and a full stop, and 7: 110 x 2.50 + 300 x 10.00 = 3,275 a million.
    expect(out).toBe(`2 prompts of the working tree, cost before they run

Prompt   Model        Tokens in    Per call  Per month
──────────────────────────────────────────────────────
support  gpt-4o-mini     2,658   $0.000519     $51.87
triage   gpt-4o            110*  $0.003275*         ?
──────────────────────────────────────────────────────
Total                                        ≥ $51.87*

What to know of them
Level    Where                 What
────────────────────────────────────────────────────────────────────────────────
warning  prompts/triage.txt:1  nobody gives "ticket" a value: 100 tokens are
                               assumed

note: * assumed for 1 prompt: tokens: sizes that nobody gave
note: * assumed for 1 prompt: 300 tokens of answer: nobody says how long answers
are
note: ? triage: nobody says how many calls are made in a month
`);
    expect(code).toBe(0);
  });

  it('ends with 3 under --strict where something is not known', async () => {
    write(PROJECT);
    expect((await estimate('--strict')).code).toBe(3);
    expect((await estimate('--strict', '--prompt', 'support')).code).toBe(0);
    expect((await estimate('--strict', '--prompt', 'support', '--model', 'no-such')).code).toBe(3);
  });

  it('gives programs every number with its source, money to the last digit', async () => {
    write(PROJECT);
    const { schema, currency, config, rows, totals } = await json();
    expect({ schema, currency, config }).toEqual({
      schema: 'aicost.estimate/1',
      currency: 'USD',
      config: 'aicost.yaml',
    });
    expect(rows[0]).toEqual({
      prompt: 'support',
      model: 'gpt-4o-mini',
      provider: 'openai',
      tokens_in: 2658,
      tokens_low: 2658,
      tokens_high: 2658,
      tokens_source: 'counted',
      output_tokens: '200',
      output_source: 'declared',
      calls_per_month: '100000',
      calls_source: 'declared',
      prefix_tokens: 2658,
      cached_tokens: 0,
      hit_ratio: null,
      hit_ratio_source: 'unknown',
      cost_per_call_usd: '0.0005187',
      cost_per_call_p95_usd: '0.0005187',
      cost_per_month_usd: '51.87',
      cost_per_month_low_usd: '51.87',
      cost_per_month_high_usd: '51.87',
      cost_bound: 'exact',
      unknown: null,
      path: 'prompts/support.txt',
      line: 1,
      format: 'text',
      workspace: null,
      owner: '@acme/support',
    });
    expect(rows[1]).toMatchObject({
      prompt: 'triage',
      calls_per_month: null,
      calls_source: 'unknown',
      cost_per_month_usd: null,
      unknown: 'nobody says how many calls are made in a month',
    });
    expect(totals).toMatchObject({ cost_per_month_usd: '51.87' });
  });

  it('compares models side by side, cheapest to see in one table', async () => {
    write(PROJECT);
    const { out } = await estimate(
      '--prompt',
      'support',
      '--model',
      'gpt-4o',
      '--model',
      'gpt-4o-mini',
    );
    // 2,658 x 2.50 + 200 x 10.00 = 8,645.
    expect(out).toBe(`1 prompt of the working tree, cost before they run

Prompt   Model        Tokens in   Per call  Per month
─────────────────────────────────────────────────────
support  gpt-4o           2,658  $0.008645    $864.50
support  gpt-4o-mini      2,658  $0.000519     $51.87

All prompts by model
Model        Prompts  Per month
───────────────────────────────
gpt-4o             1    $864.50
gpt-4o-mini        1     $51.87
`);
  });

  it('says which --var no prompt uses, and what it may have meant', async () => {
    write(PROJECT);
    const misspelt = await estimate('--var', 'tiket=260 tokens');
    expect(misspelt.out).toMatch(
      /warning +--var: no prompt uses "tiket"; did you mean\s+"ticket"\?/,
    );
    expect((await estimate('--var', 'ticket=260 tokens')).out).not.toContain('no prompt uses');
  });

  it('says where every number comes from with --why', async () => {
    write({ ...PROJECT, 'prompts/triage.txt': `${tokens(3)}\n{{ticket}}` });
    const { out } = await estimate('--why', '--prompt', 'triage', '--var', 'ticket=260 tokens');
    expect(out).toContain(`Tokens by part
Part             Tokens  In prefix  How       Where
──────────────────────────────────────────────────────────
instructions          4          4  counted
variable ticket     260          0  declared  --var ticket
frame                 7          7  counted
`);
    expect(out).toContain('calls a month  ?');
    expect(out).toContain('stable prefix  11');
    expect(out).toMatch(/up to variable "ticket"\n +\(--var ticket\)/);
    expect(out).toContain('openai/gpt-4o from 2024-05-13  declared  prices.yaml:9');
  });

  it('holds the budget of a prompt, and says what to do', async () => {
    const budget = '    budget: {max_usd: "$50", max_tokens: 2k, message: Shorten it.}\n';
    write({
      ...PROJECT,
      'aicost.yaml': PROJECT['aicost.yaml'].replace('    owner', `${budget}    owner`),
    });
    const { code, out } = await estimate('--prompt', 'support');
    expect(code).toBe(1);
    expect(out).toContain(`Over budget
Prompt   Limit       Allowed      Is  What to do   Where
────────────────────────────────────────────────────────────────
support  max_usd      $50.00  $51.87  Shorten it.  aicost.yaml:8
support  max_tokens    2,000   2,658  Shorten it.  aicost.yaml:8
`);
  });

  it('is a sum of at least what it says where a file holds prompts that it cannot read', async () => {
    write({
      'promptfooconfig.yaml': `prompts: ['file://a.txt', 'file://made.py:build']
providers: [openai:gpt-4o]
tests: [{vars: {q: a}}]
`,
      'a.txt': '{{q}}',
    });
    const { code, out } = await estimate(
      '--strict',
      '--calls-per-month',
      '1M',
      '--output-tokens',
      '0',
    );
    // a and 7 at 2.50.
    expect(out).toMatch(/Total +≥ \$20\.00\n/);
    expect(code).toBe(3);
  });

  it('cannot decide on a budget of what is not known', async () => {
    const budget = '    budget: {max_usd: 5}\n';
    write({ ...PROJECT, 'aicost.yaml': `${PROJECT['aicost.yaml']}${budget}` });
    const { code, out } = await estimate('--prompt', 'triage');
    expect(code).toBe(3);
    expect(out).toContain(
      'note: 1 prompt with a budget that cannot be checked, as what it limits is not\nknown\n',
    );
  });

  it('reads a pinned card that is written as JSON', async () => {
    const prices = [{ from: '2024-05-13', source: 'pin', input: 1, output: '2.00' }];
    const card = {
      rate_card: 1,
      provider: 'acorn',
      currency: 'USD',
      units: 'per million tokens',
      as_of: '2026-11-01',
      sources: { pin: { note: 'pinned', read: '2026-11-01' } },
      models: { 'oak-1': { prices } },
    };
    write({
      '.aicost/prices.json': JSON.stringify(card, null, 2),
      'aicost.yaml':
        'prices: {snapshot: .aicost/prices.json}\nprompts: [{path: a.txt, model: oak-1, calls_per_month: 1M, output_tokens: 100}]\n',
      'a.txt': 'a',
    });
    const { rows } = await json();
    expect(rows[0]).toMatchObject({ provider: 'acorn', tokens_source: 'assumed' });
    // Tokens at $1.00 a million, and 100 at $2.00, a million times.
    expect(Number(rows[0].cost_per_month_usd)).toBe(rows[0].tokens_in + 200);
  });

  it('takes volumes and answers from the ledger that knows the prompt', async () => {
    write(PROJECT);
    const calls = Array.from({ length: 60 }, (_, index) => ({
      id: `c${index}`,
      time: '2026-11-20T09:00:00Z',
      provider: 'openai',
      model: 'gpt-4o',
      input_tokens: 100,
      output_tokens: 50,
      tags: { prompt: 'triage' },
    }));
    write({ 'log.jsonl': jsonl(...calls) });
    const world = { cwd: folder, env: { HOME: folder, AICOST_CACHE: 'off' } };
    expect(
      (await runIn(world, ['ingest', 'log.jsonl', '--ledger', 'l.db', '--rates', 'prices.yaml']))
        .code,
    ).toBe(0);
    const { rows } = await json('--ledger', 'l.db', '--prompt', 'triage', '--var', 'ticket=a');
    // 60 calls in 30 days are 60.875 in 30.4375; Sort a. and 7 are 10 tokens: 10 x 2.50 + 50 x 10.00 a million.
    expect(rows[0]).toMatchObject({
      tokens_in: 10,
      calls_per_month: '60.875',
      calls_source: 'measured',
      output_tokens: '50',
      output_source: 'measured',
      cost_per_call_usd: '0.000525',
      cost_per_month_usd: '0.031959375',
    });
  });

  it('says the same from a folder below the config', async () => {
    write({ ...PROJECT, 'prompts/deep/x.txt': 'none' });
    const above = await estimate('prompts/support.txt', '--format', 'json');
    const below = await estimateIn(
      { cwd: join(folder, 'prompts', 'deep') },
      '../support.txt',
      '--format',
      'json',
    );
    expect(JSON.parse(below.out).rows).toEqual(
      JSON.parse(above.out).rows.map((row: object) => row),
    );
  });

  it('finds prompts outside the folder that somebody stands in', async () => {
    write({ 'here/x.txt': '', 'there/a.txt': 'a' });
    const { out } = await estimateIn(
      { cwd: join(folder, 'here') },
      join(folder, 'there/a.txt'),
      '--model',
      'gpt-4o',
    );
    expect(out).toContain('a.txt   gpt-4o');
  });

  it('fits 60 columns, and says what it left out', async () => {
    write(PROJECT);
    const { out } = await estimateIn({ columns: 60 });
    expect(out.split('\n').filter((line) => line.length > 60)).toEqual([]);
    expect(out).toContain('support  gpt-4o-mini     2,658   $0.000519     $51.87');
  });

  it('lets nothing of a prompt file reach the terminal as a command', async () => {
    write({
      'a.prompt.yml':
        'name: "\\e[31mred\\a"\nmodel: gpt-4o\nmessages: [{role: user, content: hi}]\n',
    });
    const { out } = await estimate();
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
    expect(out).toContain('red');
  });
});
