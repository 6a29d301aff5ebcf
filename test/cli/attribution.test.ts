import { beforeAll, describe, expect, it } from 'vitest';
import { contract } from '../support/acorn-desk.ts';
import { type Desk, jsonl } from '../support/fake-runtime.ts';
import { asked, costs, deskWith, dollars } from '../support/tag-desk.ts';

describe('virtual tags', () => {
  const RULES = `tags:
  virtual:
    - {tag: env, value: prod, match: [Production, 'pro*', '/^PROD(UCTION)?$/i']}
    - {tag: product, value: chat, match: 'anv*', from: model}
`;
  let here: Desk;
  beforeAll(async () => {
    here = await deskWith(
      RULES,
      dollars('e1', 1, { env: 'Production' }),
      dollars('e2', 2, { env: 'PROD' }),
      dollars('e3', 4, { env: 'prod' }),
      dollars('e4', 8, { env: 'dev', product: 'search' }),
    );
  });

  it('make one of the names that mean one thing, by text, glob and expression', async () => {
    expect(await costs(here, 'env')).toEqual({ prod: '7', dev: '8' });
  });

  it('fill a tag from another fact, and never over a value of its own', async () => {
    expect(await costs(here, 'product')).toEqual({ chat: '7', search: '8' });
  });

  it('leave the raw values in the ledger: without them the report is what it was', async () => {
    const raw = { Production: '1', PROD: '2', prod: '4', dev: '8' };
    expect(await costs(here, 'env', '--no-virtual')).toEqual(raw);
    here.write('other.yaml', 'rates: acme.yaml\n');
    expect(await costs(here, 'env', '--config', 'other.yaml')).toEqual(raw);
    const [first = ''] = (await here.must('export', 'events')).split('\n');
    expect(JSON.parse(first)).toMatchObject({
      tags: { env: 'Production' },
      attributed: {
        env: { value: 'prod', source: 'request', rule: 'aicost.yaml:4' },
        product: { value: 'chat', source: 'request', rule: 'aicost.yaml:5' },
      },
    });
  });

  it('hold for filters, as globs, opposites and none', async () => {
    expect(await costs(here, 'model', '--where', 'env=prod')).toEqual({ anvil: '7' });
    expect(await costs(here, 'model', '--where', 'env!=prod')).toEqual({ anvil: '8' });
    expect(await costs(here, 'model', '--where', 'env=*o*')).toEqual({ anvil: '7' });
    expect(await costs(here, 'model', '--where', 'env=PROD')).toEqual({});
    expect(await costs(here, 'model', '--where', 'env=')).toEqual({});
  });

  it('hold for logs that are read in memory', async () => {
    expect(await costs(here, 'env', 'calls.jsonl')).toEqual({ prod: '7', dev: '8' });
  });
});

describe('the key map', () => {
  // 09:30 in Kolkata is 04:00 UTC: the key changes hands half an hour into an hour of the ledger.
  const RULES = `timezone: Asia/Kolkata
keys:
  - {api_key: checkout, set: {team: checkout, feature: cart}, until: "2026-10-10T09:30:00.500+05:30"}
  - {api_key: checkout, set: {team: payments}, since: "2026-10-10T04:00:00.500Z", until: 2026-11-01}
hierarchy:
  - of: team
    to: department
    members:
      - {team: checkout, department: shop}
      - {team: payments, department: shop, until: 2026-10-20}
      - {team: payments, department: finance, since: 2026-10-20}
`;
  const key = { api_key: 'checkout' };
  let here: Desk;
  beforeAll(async () => {
    here = await deskWith(
      RULES,
      dollars('k1', 1, key, { time: '2026-10-10T04:00:00.499Z' }),
      dollars('k2', 2, key, { time: '2026-10-10T04:00:00.500Z' }),
      // The twentieth begins in Kolkata at 18:30 UTC of the day before.
      dollars('k3', 4, key, { time: '2026-10-19T18:29:59.999Z' }),
      dollars('k4', 8, key, { time: '2026-10-19T18:30:00.000Z' }),
      dollars('k5', 16, key, { time: '2026-10-31T18:30:00.000Z' }),
      dollars('k6', 32, { api_key: 'checkout', team: 'own' }, { time: '2026-10-10T05:00:00Z' }),
    );
  });

  it('splits a key that is handed over at the instant, and loses to the request', async () => {
    expect(await costs(here, 'team')).toEqual({
      checkout: '1',
      payments: '14',
      own: '32',
      null: '16',
    });
    expect(await costs(here, 'team,attribution_source')).toEqual({
      'checkout key': '1',
      'payments key': '14',
      'own request': '32',
      'null null': '16',
    });
  });

  it('ends and begins on days of the zone that the config names', async () => {
    expect(await costs(here, 'department')).toEqual({ shop: '7', finance: '8', null: '48' });
    expect(await costs(here, 'month,department', '--timezone', 'UTC')).toMatchObject({
      '2026-10 shop': '7',
    });
  });

  it('has one total under every grouping', async () => {
    for (const by of ['team', 'department', 'feature', 'model', 'day,department', 'hour,team'])
      expect((await asked(here, '--by', by)).totals['cost_usd']).toBe('63');
  });

  it('compares periods by the owners of their time', async () => {
    const { rows } = await asked(
      here,
      ...'--by department --period 2026-10-20..2026-11-01'.split(' '),
      ...'--compare 2026-10-01..2026-10-20'.split(' '),
    );
    expect(rows.map((row) => [row['department'], row['base_cost_usd'], row['cost_usd']])).toEqual([
      ['finance', '0', '8'],
      ['shop', '7', '0'],
      [null, '32', '0'],
    ]);
  });

  it('is told call by call, with the rule and its line', async () => {
    const shown = await here.must('explain', 'k2');
    expect(shown).toContain('by rules     team=payments (key map, aicost.yaml:5)');
    expect(shown).toContain('by rules     department=shop (hierarchy, aicost.yaml:11)');
    const top = JSON.parse(
      await here.must('top', '--where', 'department=shop', '--limit', '2', '--format', 'json'),
    );
    expect(top.rows.map(({ id }: { readonly id: string }) => id)).toEqual(['k3', 'k2']);
  });

  it('chooses and groups the requests of a simulation, down to single ones', async () => {
    const argv = ['--where', 'department=shop', '--by', 'team', '--format', 'json'];
    const changed = JSON.parse(
      await here.must('whatif', 'downshift', '--from', 'anvil', '--to', 'bellows', ...argv),
    );
    expect(changed).toMatchObject({ before_usd: '7', report_total_usd: '7' });
    expect(
      changed.groups.map((row: Readonly<Record<string, unknown>>) => [
        row['team'],
        row['before_usd'],
      ]),
    ).toEqual([
      ['payments', '6'],
      ['checkout', '1'],
    ]);
  });

  it('settles contracts over the groups that the rules make', async () => {
    here.write('deals/contracts/deal.yaml', contract('  - {id: off, discount_percent: 50}'));
    const argv = ['--rates', 'deals', '--cost', 'contracted'];
    expect(await costs(here, 'department', ...argv)).toEqual({
      shop: '3.5',
      finance: '4',
      null: '24',
    });
  });
});

describe('a closed month', () => {
  it('is told by owner, with what was booked since under the owner of its time', async () => {
    const here = await deskWith(
      'keys:\n  - {api_key: a, set: {team: red}}\n  - {api_key: b, set: {team: blue}}\n',
      dollars('c1', 1, { api_key: 'a' }, { time: '2026-10-05T10:00:00Z' }),
      dollars('c2', 2, { api_key: 'b' }, { time: '2026-10-06T10:00:00Z' }),
    );
    await here.must('close', '2026-10');
    const late = dollars('c3', 4, { api_key: 'a' }, { time: '2026-10-07T10:00:00Z' });
    await here.must('ingest', here.write('late.jsonl', jsonl(late)));
    const october = await asked(here, '--by', 'team', '--period', '2026-10');
    expect(october.rows.map((row) => [row['team'], row['cost_usd']])).toEqual([
      ['blue', '2'],
      ['red', '1'],
      [null, '0'],
    ]);
    const since = await asked(here, '--by', 'team', '--period', '2026-11', '--where', 'team=red');
    expect(since.rows[0]).toMatchObject({ team: 'red', requests: 1, cost_usd: '4' });
    expect(since).toMatchObject({
      corrections: [{ month: '2026-10', requests: 1, cost_usd: '4' }],
    });
    const blue = await asked(here, '--by', 'team', '--period', '2026-11', '--where', 'team=blue');
    expect(blue).toMatchObject({ corrections: [], rows: [] });
  });
});
