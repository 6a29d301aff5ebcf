import { beforeAll, describe, expect, it } from 'vitest';
import { call, type Desk, desk, jsonl } from '../support/fake-runtime.ts';

// gpt-4o is $2.50 and $10.00 a million, gpt-4o-mini $0.15 and $0.60: 6 %, and both count tokens alike.
const calls = (feature: string, env: string, count: number) =>
  Array.from({ length: count }, (_, index) =>
    call({
      id: `${feature}-${env}-${index}`,
      time: `2026-11-${String(index + 1).padStart(2, '0')}T09:00:00Z`,
      model: 'gpt-4o',
      // $0.10 a call
      input_tokens: 0,
      output_tokens: 10_000,
      tags: { feature, env, run: `nightly-${env}` },
    }),
  );

let here: Desk;
beforeAll(async () => {
  here = desk();
  here.write(
    'calls.jsonl',
    jsonl(
      ...calls('search', 'prod', 4),
      ...calls('search', 'dev', 2),
      ...calls('support', 'prod', 4),
    ),
  );
  await here.ingest('calls.jsonl');
});

const compared = async (text: string, ...argv: string[]) => {
  here.write('scenario.yaml', text);
  return JSON.parse(
    await here.must('whatif', 'scenario', 'scenario.yaml', '--format', 'json', ...argv),
  );
};
const DOWN = 'lever: downshift, from: gpt-4o, to: gpt-4o-mini';

describe('aicost whatif scenario', () => {
  it('sets scenarios beside the requests as they are', async () => {
    const found = await compared(
      `scenarios: 1
compare:
  all small: [{${DOWN}}]
  half of search:
    - lever: downshift
      from: gpt-4o
      to: gpt-4o-mini
      where: [feature=search]
      share: 50%
`,
    );
    // Ten calls of 10,000 tokens at $10.00 a million: $0.10 each. All small: 6 % of $1.00.
    expect(found).toMatchObject({
      schema: 'aicost.whatif-scenario/1',
      requests: 10,
      before_usd: '1',
    });
    expect(
      found.rows.map((row: Record<string, string>) => [
        row['scenario'],
        row['after_usd'],
        row['saving_usd'],
      ]),
    ).toEqual([
      ['unchanged', '1', '0'],
      ['all small', '0.06', '0.94'],
      // Six calls, half of them at 6 %: $0.60 x (1 - 0.47)
      ['half of search', '0.718', '0.282'],
    ]);
  });

  it('multiplies levers that find the same requests, and adds those of unlike ones', async () => {
    const found = await compared(
      `scenarios: 1
compare:
  twice: [{${DOWN}, share: 50%}, {${DOWN}, share: 50%}]
  apart: [{${DOWN}, where: env=prod}, {${DOWN}, where: env=dev}]
  by run: [{${DOWN}, where: run=nightly-prod}, {${DOWN}, where: run=nightly-dev}]
`,
    );
    const [, twice, apart, byRun] = found.rows;
    // Each leaves 53 % of $1.00: 0.53 x 0.53. Apart, eight and two calls are all at 6 %.
    expect(twice.after_usd).toBe('0.2809');
    expect([apart.after_usd, byRun.after_usd]).toEqual(['0.06', '0.06']);
    expect(
      found.scenarios[0].levers.map(({ saving_usd: saving }: { saving_usd: string }) => saving),
    ).toEqual(['0.47', '0.47']);
    expect(found.notes.map(({ code }: { code: string }) => code)).toContain('combined');
  });

  it('takes the total of the report for its unchanged scenario', async () => {
    const found = await compared(
      `scenarios: 1\ncompare:\n  small: [{${DOWN}}]\n`,
      '--where',
      'env=prod',
    );
    const report = JSON.parse(await here.must('report', '--format', 'json', '--where', 'env=prod'));
    expect(found.before_usd).toBe(report.totals.cost_usd);
  });

  it('takes the word behind a lever by the name that help gives it', async () => {
    here.write('policy.yml', 'routes:\n  - {name: all, to: gpt-4o-mini}\n');
    const { rows } = await compared(
      `scenarios: 1
compare:
  short: [{lever: max-tokens, tokens: 4000}]
  routed: [{lever: route, policy: policy.yml}]
`,
    );
    // Ten answers of 4,000 tokens at $10.00 a million; 6 % of $1.00.
    expect(rows.map((row: Record<string, string>) => row['after_usd'])).toEqual([
      '1',
      '0.4',
      '0.06',
    ]);
  });

  it.each([
    {
      name: 'a word that a lever lacks',
      text: 'scenarios: 1\ncompare:\n  a: [{lever: max-tokens, token: 5}]\n',
      err: 'aicost: scenario.yaml:3:27: compare.a[0]: unknown key "token"; did you mean "tokens"?\n',
    },
    {
      name: 'a lever that there is none of',
      text: 'scenarios: 1\ncompare:\n  a:\n    - lever: downshft\n',
      err: 'aicost: scenario.yaml:4:14: compare.a[0]: unknown lever "downshft"; did you mean "downshift"?\n',
    },
    {
      name: 'a flag of another lever',
      text: `scenarios: 1\ncompare:\n  a: [{${DOWN}, frm: x}]\n`,
      err: 'aicost: scenario.yaml:3:57: compare.a[0]: unknown key "frm"; did you mean "from"?\n',
    },
    {
      name: 'a model that nobody sells',
      text: 'scenarios: 1\ncompare:\n  a: [{lever: downshift, to: gpt-4o-minni}]\n',
      err: 'aicost: scenario.yaml:3:7: --to: no rate card has a model "gpt-4o-minni"\nDid you mean gpt-4o-mini? aicost rates list shows all of them.\n',
    },
    {
      name: 'a share of more than all',
      text: `scenarios: 1\ncompare:\n  a: [{${DOWN}, share: 120%}]\n`,
      err: 'aicost: scenario.yaml:3:64: share: expected a part such as 60% or 0.6, found "120%"\n',
    },
    {
      name: 'a condition that is none',
      text: `scenarios: 1\ncompare:\n  a: [{${DOWN}, where: search}]\n`,
      err: 'aicost: scenario.yaml:3:64: --where: expected key=value or key!=value, found "search"\nFor example --where team=search, --where "model!=gpt-*", --where feature= for untagged.\n',
    },
    {
      name: 'a scenario without levers',
      text: 'scenarios: 1\ncompare:\n  a: []\n',
      err: 'aicost: scenario.yaml:3:6: compare.a: expected a list of levers, such as - lever: downshift\n',
    },
    {
      name: 'a file of something else',
      text: 'rate_card: 1\n',
      err: 'aicost: scenario.yaml:1:1: unknown key "rate_card"; known are scenarios, compare\nThere are 2 more problems in this file.\n',
    },
  ])('refuses $name, with its place', async ({ text, err }) => {
    here.write('scenario.yaml', text);
    const ended = await here.aicost('whatif', 'scenario', 'scenario.yaml');
    expect([ended.code, ended.err]).toEqual([2, err]);
  });

  it('refuses a file that is not there', async () => {
    const ended = await here.aicost('whatif', 'scenario', 'nowhere.yaml');
    expect([ended.code, ended.err]).toEqual([
      2,
      'aicost: nowhere.yaml: no such file, or no permission to read it\n',
    ]);
  });
});
