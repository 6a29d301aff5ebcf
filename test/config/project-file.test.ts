import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeProject } from '../../src/config/project-file.ts';
import { moneyText } from '../../src/domain/money.ts';

const project = (text: string, folder = '') => decodeProject(text, 'aicost.yaml', folder);

/** A prompt with one more line. */
const prompt = (line: string): string => `prompts:\n  - path: a.txt\n    ${line}\n`;

describe('prompts of a config', () => {
  it('are read with all that may be said of them', () => {
    const { plan } = project(`version: 1
workspaces: {web: apps/web/**}
prompts:
  - id: support-reply
    path: ./prompts/support.prompt
    provider: Anthropic
    model: claude-haiku-4-5
    engine: jinja
    role: system
    calls_per_month: {ledger: {tag: "prompt=support", span: 7d}, fallback: 40k}
    turns: {mean: 2.5, growth_tokens: 450}
    vars:
      ticket: {p50: 180, p95: 900, mean: 260}
      policy: {file: samples/policy.md, constant: true}
      lang: French
      size: 1.5k tokens
      items: {value: [1, true, null, "2", 1.50, {a: b}]}
    cases: [{weight: 80%}, {name: vip, weight: 0.2, vars: {vip: {value: true}}}]
    output_tokens: {ledger: 14d, fallback: {mean: 220.5, p95: 600}}
    cache: {ttl: 1h, hit_ratio: 95%}
    tools_file: tools.json
    tools_tokens: 300
    owner: "@acme/support"
`);
    const [entry] = plan.entries;
    expect(entry).toMatchObject({
      id: { value: 'support-reply', origin: { file: 'aicost.yaml', line: 4, column: 9 } },
      files: { value: 'prompts/support.prompt', pattern: false },
      provider: 'anthropic',
      model: { value: 'claude-haiku-4-5' },
      engine: 'jinja',
      role: 'system',
      callsPerMonth: {
        ledger: { tag: { key: 'prompt', value: 'support' }, days: 7 },
        calls: { value: { digits: 40_000n, scale: 0 } },
      },
      turns: { value: { mean: { digits: 25n, scale: 1 }, growthTokens: 450 } },
      output: {
        ledger: { days: 14 },
        size: { value: { mean: { digits: 2205n, scale: 1 }, p95: 600 } },
      },
      cache: { ttl: { value: '1h' }, hitRatio: { value: { digits: 95n, scale: 2 } } },
      toolsFile: { value: 'tools.json' },
      toolsTokens: { value: 300 },
      owner: '@acme/support',
    });
    expect([...(entry?.variables ?? [])].map(([name, { content }]) => [name, content])).toEqual([
      ['ticket', { kind: 'tokens', mean: 260, p95: 900 }],
      ['policy', { kind: 'file', path: 'samples/policy.md' }],
      ['lang', { kind: 'value', value: 'French' }],
      ['size', { kind: 'tokens', mean: 1500 }],
      // 1.50 is kept as text: as a number it would print as 1.5.
      ['items', { kind: 'value', value: [1, true, null, '2', '1.50', new Map([['a', 'b']])] }],
    ]);
    expect(entry?.variables.get('policy')?.constant).toBe(true);
    expect(entry?.cases.map(({ name, weight }) => [name, weight])).toEqual([
      [undefined, { digits: 80n, scale: 2 }],
      ['vip', { digits: 2n, scale: 1 }],
    ]);
    expect(plan.workspaces.map(({ name, glob }) => [name, glob])).toEqual([['web', 'apps/web/**']]);
  });

  it('lie below the folder of their config', () => {
    const { plan } = project('prompts: [{path: ../shared/a.txt}, {glob: "b/**"}]', 'apps/web');
    expect(plan.entries.map(({ files }) => files.value)).toEqual([
      'apps/shared/a.txt',
      'apps/web/b/**',
    ]);
  });

  it('may have plain numbers, and nothing at all', () => {
    const { plan } = project(prompt('calls_per_month: 5000'));
    expect(plan.entries[0]?.callsPerMonth).toEqual({
      calls: {
        value: { digits: 5000n, scale: 0 },
        origin: { file: 'aicost.yaml', line: 3, column: 22 },
      },
    });
    expect(project('').plan.entries).toEqual([]);
    expect(project('# nothing yet\n').plan.entries).toEqual([]);
  });
});

describe('the config that the README shows', () => {
  it('is one that is read', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
    const shown = [...readme.matchAll(/^```yaml aicost\.yaml\n([\s\S]*?)^```$/gm)];
    const plans = shown.map(([, text = '']) => project(text).plan.entries.length);
    expect(plans).toContain(2);
  });
});

describe('limits and their spellings', () => {
  it('are dollars, percentages and tokens however people write them', () => {
    const { gate } = project(`gate:
  total: {max_increase_usd: 50, max_increase_pct: 10, max_usd: "$4,000"}
  prompt: {max_increase_usd: "10 USD/month", max_increase_pct: 20%, max_increase_tokens: "1.5k tokens", max_usd_per_call_p95: 0.05 USD/call, min_effect_usd: $1.50}
  new_prompt: {max_usd: 25 dollars per month, require: [model, calls_per_month]}
  unknown: fail
  mode: warn
  self_waive: deny
  allow_trailers: true
  message: "Shorten it."
`);
    const usd = (limit: { readonly value: bigint } | undefined): string | undefined =>
      limit === undefined ? undefined : moneyText(limit.value as Parameters<typeof moneyText>[0]);
    expect([
      usd(gate.total?.maxIncreaseUsd),
      usd(gate.total?.maxUsd),
      usd(gate.prompt?.maxIncreaseUsd),
      usd(gate.prompt?.maxUsdPerCallP95),
      usd(gate.prompt?.minEffectUsd),
      usd(gate.newPrompt?.maxUsd),
    ]).toEqual(['50', '4000', '10', '0.05', '1.5', '25']);
    expect(gate.total?.maxIncreasePercent?.value).toEqual({ digits: 10n, scale: 0 });
    expect(gate.prompt?.maxIncreasePercent?.value).toEqual({ digits: 20n, scale: 0 });
    expect(gate.prompt?.maxIncreaseTokens?.value).toBe(1500);
    expect(gate.newPrompt?.require.value).toEqual(['model', 'calls_per_month']);
    expect(gate).toMatchObject({
      mode: 'warn',
      unknown: 'fail',
      selfWaive: 'deny',
      allowTrailers: true,
      message: 'Shorten it.',
    });
  });

  it('fail, warn of what is not known and let changes waive themselves unless the config says otherwise', () => {
    for (const text of ['', 'gate: {total: {max_usd: 1}}'])
      expect(project(text).gate).toMatchObject({
        mode: 'fail',
        unknown: 'warn',
        selfWaive: 'allow',
        allowTrailers: false,
      });
  });
});

describe('prices and rules of a config', () => {
  it('are a snapshot of the tree or the prices of a day', () => {
    expect(project('prices: {snapshot: .aicost/prices.json}').prices).toMatchObject({
      kind: 'snapshot',
      path: { value: '.aicost/prices.json' },
    });
    expect(project('prices: {bundled: 2026-11-15}').prices).toMatchObject({
      kind: 'bundled',
      day: { value: '2026-11-15' },
    });
    expect(project('rules: {counting: 2026-11-15}').countingRules?.value).toBe('2026-11-15');
  });

  it('tell cards of the repository from cards beside it', () => {
    expect(project('rates: [./cards, ../shared, /opt/cards]').rates).toMatchObject([
      { value: 'cards', outside: false },
      { value: '../shared', outside: true },
      { value: '/opt/cards', outside: true },
    ]);
  });
});
