import { beforeAll, describe, expect, it } from 'vitest';
import { call, type Desk, desk, jsonl } from '../support/fake-runtime.ts';

const RULES = `ledger: ./ledger.db
tags:
  virtual:
    - {tag: env, value: prod, match: [Production]}
keys:
  - {api_key: checkout-prod, set: {team: checkout}, since: 2026-11-03}
`;

let here: Desk;
beforeAll(async () => {
  here = desk();
  here.write('aicost.yaml', RULES);
  const calls = ['01', '02', '03', '04'].map((day) =>
    call({
      id: `c${day}`,
      time: `2026-11-${day}T09:00:00Z`,
      model: 'gpt-4o',
      input_tokens: 0,
      output_tokens: 10_000,
      // $0.10 a call; gpt-4o-mini costs 6 % of it.
      tags: { api_key: 'checkout-prod', env: day === '04' ? 'Production' : 'prod' },
    }),
  );
  here.write('calls.jsonl', jsonl(...calls));
  await here.ingest('calls.jsonl');
});

const json = async (...argv: string[]) =>
  JSON.parse(await here.must(...argv, '--format', 'json', '--where', 'team=checkout'));

describe('what-ifs under the rules of aicost.yaml', () => {
  it('replay the requests that a report counts for a team that only a key map knows', async () => {
    const found = await json('whatif', 'downshift', '--to', 'gpt-4o-mini', '--by', 'team,env');
    const report = await json('report', '--by', 'team,env');
    // The key belongs to the team from the third of November on: two calls of $0.10.
    expect(report.totals.cost_usd).toBe('0.2');
    expect(found).toMatchObject({ before_usd: '0.2', report_total_usd: '0.2' });
    expect(found.saving_usd.mid).toBe('0.188');
    expect(found.groups).toMatchObject([{ team: 'checkout', env: 'prod', requests: 2 }]);
  });

  it('hold for single calls in their order too, and for scenarios', async () => {
    const cached = await json('whatif', 'exact-cache');
    expect(cached).toMatchObject({ before_usd: '0.2', requests: { total: 2 } });
    here.write(
      'scenario.yaml',
      'scenarios: 1\ncompare:\n  small: [{lever: downshift, to: gpt-4o-mini, where: env=prod}]\n',
    );
    const scenario = await json('whatif', 'scenario', 'scenario.yaml');
    expect(scenario.rows.map((row: Record<string, string>) => row['after_usd'])).toEqual([
      '0.2',
      '0.012',
    ]);
  });
});
