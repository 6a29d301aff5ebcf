import { beforeAll, describe, expect, it } from 'vitest';
import { cost, home, type Ledger, ledgerOf } from '../support/audited-ledgers.ts';

describe('coverage', () => {
  let here: Ledger;
  // A thousand times as many tagged calls would not hide the one dear batch: spend is the gate.
  //            team  feature   cost
  // a, b, c     x       x      3 x 0.75 = 2.25
  // d           x              16 x 0.75 = 12.00
  // e                          1 x 0.75 = 0.75
  beforeAll(async () => {
    here = await ledgerOf(
      cost(1, '2026-11-02', { team: 'search', feature: 'ask', api_key: 'k1' }),
      cost(1, '2026-11-03', { team: 'search', feature: 'ask', api_key: 'k1' }),
      cost(1, '2026-11-09', { team: 'search', feature: 'sum', api_key: 'k1' }),
      cost(16, '2026-11-10', { team: 'search', api_key: 'k1' }),
      cost(1, '2026-11-10', { api_key: 'k2' }),
    );
  });

  it('is told by spend and by count, of each tag and of all together', async () => {
    const { coverage, together } = await here.shown('coverage');
    // team: 14.25 of 15 and 4 of 5; feature: 2.25 of 15 and 3 of 5.
    expect(coverage).toEqual([
      {
        tag: 'feature',
        requests: 5,
        missing_requests: 2,
        by_count: 0.6,
        cost_usd: '15',
        missing_cost_usd: '12.75',
        by_spend: 0.15,
      },
      {
        tag: 'team',
        requests: 5,
        missing_requests: 1,
        by_count: 0.8,
        cost_usd: '15',
        missing_cost_usd: '0.75',
        by_spend: 0.95,
      },
    ]);
    expect(together).toEqual({
      requests: 5,
      missing_requests: 2,
      cost_usd: '15',
      missing_cost_usd: '12.75',
      unrated_requests: 0,
    });
  });

  it('is told week by week', async () => {
    const { weeks } = await here.shown('weeks', '--keys', 'team');
    expect(
      weeks.map((week: Record<string, unknown>) => [
        week['week'],
        week['missing_cost_usd'],
        week['by_count'],
      ]),
    ).toEqual([
      ['2026-11-02', '0', 1],
      ['2026-11-09', '0.75', 0.666667],
    ]);
  });

  it.each([
    [['--min-coverage', '95', '--keys', 'team'], 0, ''],
    [
      ['--min-coverage', '95.1', '--keys', 'team'],
      1,
      'coverage by spend is 95.0%, below 95.1%: 1 call lacks a required tag',
    ],
    [
      ['--min-coverage', '80'],
      1,
      'coverage by spend is 15.0%, below 80%: 2 calls lack a required tag',
    ],
    [['--min-coverage', '80', '--until', '2026-11-09'], 0, ''],
    [
      ['--min-coverage', '80', '--since', '2026-12-01'],
      3,
      'no calls in this span, so nothing could be judged',
    ],
    [['--require', 'team', '--since', '2026-11-02', '--until', '2026-11-10'], 0, ''],
    [
      ['--require', 'team', '--since', '2026-11-10'],
      1,
      '1 call lacks a required tag: no owner is known',
    ],
  ])('holds its checks: audit %j ends with %i', async (argv, code, said) => {
    const ended = await here.audit('--format', 'json', '--show', 'coverage', ...argv);
    const { notes } = JSON.parse(ended.out);
    expect([ended.code, notes.map(({ message }: { message: string }) => message)]).toEqual([
      code,
      said === '' ? [] : [said],
    ]);
  });

  it('counts a value outside the allowed ones as none', async () => {
    home.write('allowed.yaml', 'tags: {required: [team], allowed: {team: [research]}}');
    const { coverage, values_not_allowed: outside } = await here.shown(
      'coverage,values',
      '--config',
      'allowed.yaml',
    );
    expect(coverage[0].by_spend).toBe(0);
    expect(outside).toEqual([{ tag: 'team', value: 'search', requests: 4, cost_usd: '14.25' }]);
  });

  it('asks a tag of the calls alone that its condition names', async () => {
    home.write(
      'where.yaml',
      'tags: {required: [team], required_where: [{where: [api_key=k1], keys: [feature]}]}',
    );
    const { coverage } = await here.shown('coverage', '--config', 'where.yaml');
    expect(
      coverage.map((row: Record<string, unknown>) => [
        row['tag'],
        row['requests'],
        row['missing_requests'],
      ]),
    ).toEqual([
      ['team', 5, 1],
      ['feature', 4, 1],
    ]);
  });

  it('names the dearest sources of what lacks tags', async () => {
    const { sources } = await here.shown('sources');
    expect(sources.slice(0, 2)).toEqual([
      {
        kind: 'key',
        source: 'k1',
        lacks: 'feature',
        missing_requests: 1,
        missing_cost_usd: '12',
        share: 0.941176,
      },
      {
        kind: 'key',
        source: 'k2',
        lacks: 'feature, team',
        missing_requests: 1,
        missing_cost_usd: '0.75',
        share: 0.058824,
      },
    ]);
  });
});

const CONFIG = ['--config', 'rules.yaml'];

describe('files', () => {
  it('are named with the first line that lacks a tag, as rules and conditions have it', async () => {
    const here = await ledgerOf(
      cost(1, '2026-11-02', { team: 'a' }),
      cost(2, '2026-11-02', { api_key: 'cart' }),
      cost(3, '2026-11-03', { env: 'prod' }),
      cost(4, '2026-11-04', { env: 'dev' }),
    );
    home.write('cart.yaml', 'keys: [{api_key: cart, set: {team: b}}]');
    const asked = ['--keys', 'team', '--config', 'cart.yaml'];
    const { files } = await here.shown('files', ...asked);
    expect(files).toEqual([
      {
        file: expect.stringMatching(/^ledger-\d+\.jsonl$/),
        first_line: 3,
        lacks: 'team',
        missing_requests: 2,
        missing_cost_usd: '5.25',
      },
    ]);
    const prod = (await here.shown('files', ...asked, '--where', 'env=prod')).files;
    expect(prod[0].missing_cost_usd).toBe('2.25');
  });
});

describe('rules of aicost.yaml', () => {
  let here: Ledger;
  beforeAll(async () => {
    here = await ledgerOf(
      // Two calls of the run say their team, so the third may take it.
      cost(2, '2026-11-02', { team: 'search', run: 'r1', api_key: 'shared' }),
      cost(2, '2026-11-02', { team: 'search', run: 'r1', api_key: 'shared' }),
      cost(1, '2026-11-02', { run: 'r1', api_key: 'shared' }),
      cost(2, '2026-11-02', { api_key: 'cart' }),
      cost(1, '2026-11-02', { api_key: 'lost' }),
    );
    home.write(
      'rules.yaml',
      `tags: {required: [team], infer: [run]}
keys: [{api_key: cart, set: {team: checkout}}]
owners:
  - {where: [team=search], owner: ana@example.com}
  - {where: [api_key=lost], owner: bo@example.com}
`,
    );
  });

  it('tell the inferred part apart, and leave what belongs to nobody', async () => {
    const { unallocated, allocation } = await here.shown('unallocated', ...CONFIG);
    expect(
      unallocated.map((row: Record<string, unknown>) => [
        row['by'],
        row['cost_usd'],
        row['of_spend'],
      ]),
    ).toEqual([
      ['tags of the calls', '3', 0.5],
      ['keys: of aicost.yaml', '1.5', 0.25],
      ['inferred', '0.75', 0.125],
      ['(unallocated)', '0.75', 0.125],
    ]);
    expect(allocation).toEqual({
      cost_usd: '6',
      inferred_cost_usd: '0.75',
      unallocated_cost_usd: '0.75',
      inference: true,
    });
  });

  it('without inference give its part to nobody', async () => {
    const { allocation } = await here.shown('unallocated', '--no-infer', ...CONFIG);
    expect(allocation).toEqual({
      cost_usd: '6',
      inferred_cost_usd: '0',
      unallocated_cost_usd: '1.5',
      inference: false,
    });
  });

  it('do not let inference into coverage, which is what calls and rules say', async () => {
    expect((await here.shown('coverage', ...CONFIG)).coverage[0].missing_cost_usd).toBe('1.5');
  });

  it('name whom to ask about calls that lack a tag', async () => {
    const { code, out } = await here.audit(
      '--require',
      'team',
      '--format',
      'json',
      '--show',
      'coverage',
      ...CONFIG,
    );
    const { to_ask: asked, notes } = JSON.parse(out);
    expect(code).toBe(1);
    expect(asked).toEqual([
      { owner: null, api_key: 'shared', requests: 1, cost_usd: '0.75' },
      { owner: 'bo@example.com', api_key: 'lost', requests: 1, cost_usd: '0.75' },
    ]);
    expect(notes.at(-1).message).toBe('2 calls lack a required tag: ask bo@example.com');
  });

  it('give the inventory its owners', async () => {
    const { inventory } = await here.shown('inventory', ...CONFIG);
    const keys = inventory.filter(({ kind }: { kind: string }) => kind === 'key');
    expect(
      keys.map((row: Record<string, unknown>) => [
        row['name'],
        row['owner'],
        row['ownerless_cost_usd'],
      ]),
    ).toEqual([
      ['shared', 'ana@example.com', '0.75'],
      ['cart', null, '1.5'],
      ['lost', 'bo@example.com', '0'],
    ]);
    const missing = (await here.shown('inventory', '--missing-owner', ...CONFIG)).inventory;
    expect(missing.map(({ name }: { name: string }) => name)).toEqual([
      'shared',
      'cart',
      'gpt-4o-mini',
    ]);
  });
});
