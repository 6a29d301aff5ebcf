import { describe, expect, it } from 'vitest';
import { cost, home, type Ledger, ledgerOf } from '../support/audited-ledgers.ts';

describe('findings', () => {
  it('rank keys that features share by what nobody can split', async () => {
    const here = await ledgerOf(
      cost(9, '2026-11-02', { api_key: 'a', feature: 'ask' }),
      cost(1, '2026-11-02', { api_key: 'a', feature: 'sum' }),
      cost(1, '2026-11-02', { api_key: 'b', feature: 'ask' }),
      cost(1, '2026-11-02', { api_key: 'b', feature: 'sum' }),
      cost(2, '2026-11-02', { api_key: 'b' }),
      cost(5, '2026-11-02', { api_key: 'c', feature: 'ask' }),
      cost(5, '2026-11-02', { api_key: 'c' }),
    );
    const shared = (await here.shown('keys')).shared_keys;
    expect(
      shared.map((row: Record<string, unknown>) => [
        row['api_key'],
        row['features'],
        row['unsplittable_cost_usd'],
      ]),
    ).toEqual([
      ['b', 2, '1.5'],
      ['a', 2, '0'],
    ]);
    expect(
      (await here.shown('keys', '--min-features', '1')).shared_keys.map(
        (row: Record<string, unknown>) => row['api_key'],
      ),
    ).toEqual(['c', 'b', 'a']);
  });

  it('mask personal data, of users too, and say what was looked for', async () => {
    const here = await ledgerOf(
      cost(1, '2026-11-02', { customer: 'ana@example.com', user: '+49 170 1234567' }),
      cost(1, '2026-11-02', { customer: 'cus_81', user: 'u-1' }),
    );
    const { out } = await here.audit('--format', 'json');
    expect(JSON.parse(out).personal_data).toEqual([
      {
        tag: 'customer',
        kind: 'e-mail address',
        values: 1,
        example_masked: 'a***m',
        requests: 1,
        cost_usd: '0.75',
      },
      {
        tag: 'user',
        kind: 'phone number',
        values: 1,
        example_masked: '+***7',
        requests: 1,
        cost_usd: '0.75',
      },
    ]);
    expect(out).not.toContain('ana@');
    expect(await here.aicost('audit', '--show', 'ids', '--where', 'customer=cus_81')).toMatch(
      /Names of people\s+have no form to look for\./,
    );
  });

  it('name a model in the window of its first call, and not in a later one', async () => {
    const here = await ledgerOf(
      cost(1, '2026-11-02', {}),
      { ...cost(1, '2026-11-10', {}), model: 'gpt-4o' },
      { ...cost(1, '2026-11-18', {}), model: 'gpt-4o' },
    );
    const names = async (...argv: string[]) =>
      (await here.shown('new', ...argv)).first_seen.map(({ name }: { name: string }) => name);
    expect(await names('--since', '2026-11-09', '--until', '2026-11-16')).toEqual(['gpt-4o']);
    expect(await names('--since', '2026-11-16')).toEqual([]);
    // The ledger itself begins in it, so that everything would be new.
    expect(await names('--since', '2026-11-01')).toEqual([]);
  });

  it('tell calls that contradict their key, with both sums', async () => {
    const here = await ledgerOf(
      cost(1, '2026-11-02', { team: 'search', api_key: 'cart' }),
      cost(3, '2026-11-02', { team: 'search', api_key: 'other' }),
      cost(2, '2026-11-02', { api_key: 'cart' }),
    );
    home.write('contradicted.yaml', 'keys: [{api_key: cart, set: {team: checkout}}]');
    const { conflicts } = await here.shown('conflicts', '--config', 'contradicted.yaml');
    expect(conflicts).toEqual([
      {
        tag: 'team',
        request: 'search',
        key: 'checkout',
        requests: 1,
        cost_usd: '0.75',
        request_cost_usd: '3',
        key_cost_usd: '1.5',
        rule: 'contradicted.yaml:1',
      },
    ]);
  });

  it('say that spend is known as AI and no more', async () => {
    const here = await ledgerOf(
      cost(1, '2026-11-02', { feature: 'ask' }),
      cost(1, '2026-11-02', { run: 'r' }),
    );
    const findings = await here.findings();
    expect(findings.find(({ code }: { code: string }) => code === 'coarse')).toMatchObject({
      cost_usd: '0.75',
      finding:
        '50.0% of spend is known as AI and no more: no feature, team, customer, tenant, product, project, workflow, agent',
    });
    expect(findings.find(({ code }: { code: string }) => code === 'tag-absent').finding).toBe(
      'no call carries team: nothing sends it, or no rule of aicost.yaml sets it',
    );
  });

  it('stay on the screen at 60 columns, and hold terminal escapes back', async () => {
    const here = await ledgerOf(
      cost(1, '2026-11-02', { team: 'a\u009b31mb', api_key: 'k\u202e' }),
      cost(3, '2026-11-02', { team: '=1+1' }),
    );
    const { out } = await here.at(60, '--show', 'all');
    expect(out.split('\n').filter((line) => line.length > 60)).toEqual([]);
    expect(out).not.toMatch(/[\u0080-\u009f\u202e]/);
    expect(await here.aicost('audit', '--show', 'inventory', '--format', 'csv')).not.toMatch(/^=/m);
  });
});

describe('values that look like one', () => {
  const messy = () =>
    ledgerOf(
      cost(4, '2026-11-02', { env: 'prod', team: 'search' }),
      cost(1, '2026-11-02', { env: 'prod', team: 'search' }),
      cost(1, '2026-11-02', { env: 'Production', team: 'Search' }),
      cost(1, '2026-11-02', { env: 'live*', team: 'yes' }),
      cost(1, '2026-11-02', { env: 'PROD', team: 'team-1' }),
      cost(1, '2026-11-02', { env: 'staging', team: 'team-2' }),
    );

  it('are printed as virtual tags that every command reads, and that make them one', async () => {
    const here = await messy();
    const yaml = await here.aicost('audit', '--propose');
    expect(yaml).toBe(`tags:
  virtual:
    - tag: team
      value: search
      match:
        - Search # spelling, 1 call
    - tag: env
      value: prod
      match:
        - PROD # spelling, 1 call
        - "/^live\\\\*$/" # synonym, 1 call
        - Production # synonym, 1 call
`);
    home.write('proposed.yaml', yaml);
    const proposed = ['--config', 'proposed.yaml'];
    expect(await here.aicost('audit', '--propose', ...proposed)).toBe(
      '# No two values of a tag look like one.\n',
    );
    // 4 + 1 + 1 + 1 + 1 times 0.75.
    const { rows } = JSON.parse(
      await here.aicost('report', '--by', 'env', '--format', 'json', ...proposed),
    );
    expect(rows.find(({ env }: { env: string }) => env === 'prod').cost_usd).toBe('6');
  });
});

describe('chargeback readiness', () => {
  // Saturday, 2026-11-21: the last full weeks begin on 10-19, 10-26, 11-02 and 11-09.
  const weekly = (lacking: readonly string[]) =>
    ['2026-10-12', '2026-10-19', '2026-10-26', '2026-11-02', '2026-11-09', '2026-11-16'].map(
      (day) => cost(1, day, lacking.includes(day) ? {} : { team: 'search' }),
    );
  const gates = async (here: Ledger, ...argv: string[]) => {
    const { readiness, readiness_verdict: verdict } = await here.shown(
      'readiness',
      '--keys',
      'team',
      ...argv,
    );
    return [
      verdict,
      ...readiness.map(
        (row: Record<string, string>) => `${row['gate']} ${row['state']}: ${row['found']}`,
      ),
    ];
  };

  it('names every gate that fails, and passes none that is not known', async () => {
    const here = await ledgerOf(...weekly(['2026-11-02', '2026-11-16']));
    expect(await gates(here)).toEqual([
      'not-ready',
      'weeks ok: 5 full weeks',
      'coverage FAILS: below it: week of 2026-11-02',
      'unallocated FAILS: 25.0% after inference',
      'reconciled unknown: not known: this ledger has not been held against bills',
      'disputes unknown: none recorded: aicost keeps no list of disputes, ask the teams',
    ]);
  });

  it('leaves the week that is not over out, and stays undecided while bills are not reconciled', async () => {
    const here = await ledgerOf(...weekly(['2026-11-16']));
    expect((await gates(here)).slice(0, 4)).toEqual([
      'undecided',
      'weeks ok: 5 full weeks',
      'coverage ok: all 4 of them',
      'unallocated ok: 0.0% after inference',
    ]);
    expect((await gates(here, '--profile', 'strict'))[1]).toBe(
      'weeks FAILS: 5 full weeks, 1 to go',
    );
  });

  it('is that of the end of the audited span, however short it is', async () => {
    const here = await ledgerOf(...weekly(['2026-11-16']));
    expect((await gates(here, '--since', '2026-10-30', '--until', '2026-11-02'))[1]).toBe(
      'weeks FAILS: 3 full weeks, 1 to go',
    );
  });
});
