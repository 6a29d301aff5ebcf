import { describe, expect, it } from 'vitest';
import { CALLS, contract, deskWith } from '../support/acorn-desk.ts';
import type { Desk } from '../support/fake-runtime.ts';

interface Reported {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly totals: Readonly<Record<string, unknown>>;
  readonly notes: readonly { readonly code: string; readonly message: string }[];
  readonly capacity?: readonly Readonly<Record<string, unknown>>[];
}

const asked = async (here: Desk, line: string): Promise<Reported> =>
  JSON.parse(await here.must('report', '--format', 'json', ...line.split(' ')));

/** Costs by feature of November, and their total. */
async function costs(here: Desk, kind: string) {
  const { rows, totals } = await asked(here, `--by feature --cost ${kind} --period 2026-11`);
  const byFeature = rows
    .filter(({ requests, cost_usd: cost }) => requests !== 0 || cost !== '0')
    .map(({ feature, cost_usd: cost }): [string, unknown] => [String(feature), cost]);
  return { ...Object.fromEntries(byFeature), total: totals['cost_usd'] };
}

describe('contracted cost', () => {
  it('takes a percentage off, and leaves list cost as it was', async () => {
    const here = await deskWith(contract('  - {id: off, discount_percent: 12}'));
    expect(await costs(here, 'list')).toEqual({ a: '12', b: '8', total: '20' });
    // 12 x 0.88 and 8 x 0.88
    expect(await costs(here, 'contracted')).toEqual({ a: '10.56', b: '7.04', total: '17.6' });
  });

  it('stands beside list cost', async () => {
    const here = await deskWith(contract('  - {id: off, discount_percent: 12}'));
    const { totals } = await asked(here, '--cost contracted --period 2026-11');
    expect(totals).toMatchObject({ list_cost_usd: '20', cost_usd: '17.6' });
  });

  it('holds for the accounts that a contract names', async () => {
    const calls = [
      { ...CALLS[0], tags: { feature: 'a', account: 'prod-eu' } },
      { ...CALLS[1], tags: { feature: 'b', account: 'dev' } },
    ];
    const scope = 'applies_to: {accounts: [prod-*]}';
    const here = await deskWith(contract('  - {id: off, discount_percent: 50}', scope), calls);
    expect(await costs(here, 'contracted')).toEqual({ a: '6', b: '8', total: '14' });
  });

  it('begins and ends with the contract', async () => {
    const span = 'from: 2026-11-02T09:00:01Z\nuntil: 2026-12-01';
    const here = await deskWith(contract('  - {id: off, discount_percent: 50}', span));
    expect(await costs(here, 'contracted')).toEqual({ a: '12', b: '4', total: '16' });
  });

  it('changes with the contract at the next command', async () => {
    const here = await deskWith(contract('  - {id: off, discount_percent: 50}'));
    expect(await costs(here, 'contracted')).toMatchObject({ total: '10' });
    here.write('rates/contracts/terms.yaml', contract('  - {id: off, discount_percent: 25}'));
    expect(await costs(here, 'contracted')).toMatchObject({ total: '15' });
    expect(await costs(here, 'list')).toMatchObject({ total: '20' });
  });
});

describe('a discount that grows with volume', () => {
  const volume = (rest: string): string =>
    contract(`  - {id: volume, volume: {period: month, ${rest}}}`);

  it.each([
    // November lists 20: the first 10 in full, the other 10 at half; 15 are shared 12 to 8.
    {
      name: 'by steps, each for its own part',
      rest: 'steps: [{from: 0, discount_percent: 0}, {from: 10, discount_percent: 50}]',
      expected: { a: '9', b: '6', total: '15' },
    },
    // The step that 20 reaches holds for all of it: 20 x 0.5.
    {
      name: 'by the step that is reached, for all of it',
      rest: 'scheme: whole, steps: [{from: 0, discount_percent: 0}, {from: 10, discount_percent: 50}]',
      expected: { a: '6', b: '4', total: '10' },
    },
    // 10 M tokens: 4 M in full, 6 M at half: 20 x (4 + 3) / 10 = 14.
    {
      name: 'by tokens',
      rest: 'by: tokens, steps: [{from: 0, discount_percent: 0}, {from: 4000000, discount_percent: 50}]',
      expected: { a: '8.4', b: '5.6', total: '14' },
    },
    {
      name: 'that November has not reached',
      rest: 'steps: [{from: 0, discount_percent: 0}, {from: 20, discount_percent: 50}]',
      expected: { a: '12', b: '8', total: '20' },
    },
  ])('is shared out $name', async ({ rest, expected }) => {
    const here = await deskWith(volume(rest));
    expect(await costs(here, 'contracted')).toEqual(expected);
    expect(await costs(here, 'effective')).toEqual(expected);
  });

  it('counts each month by itself, and the whole month whatever a report asks for', async () => {
    const here = await deskWith(
      volume('steps: [{from: 0, discount_percent: 0}, {from: 10, discount_percent: 50}]'),
    );
    // October lists 6, which reaches no step.
    const october = await asked(here, '--cost contracted --period 2026-10');
    expect(october.totals['cost_usd']).toBe('6');
    const day = await asked(here, '--cost contracted --period 2026-11-02');
    expect(day.totals['cost_usd']).toBe('9');
    const some = await asked(here, '--cost contracted --period 2026-11 --where feature=b');
    expect(some.totals['cost_usd']).toBe('6');
  });
});

describe('capacity that is paid by the hour', () => {
  const CALLED = [
    { ...CALLS[0], request_model: 'oak-prod' },
    { ...CALLS[1], request_model: 'oak-prod' },
    { id: 'c1', time: '2026-11-04T09:00:00Z', input_tokens: 1_000_000, tags: { feature: 'c' } },
  ];
  const ptu = (rest: string): string =>
    contract(
      `  - {id: ptu, provisioned: {deployment: oak-prod, units: 10, hourly_per_unit: 1.00${rest}}}`,
      'from: 2026-11-01',
    );

  // From the 1st until noon of the 21st are 492 hours: 10 units at $1.00 are 4,920.
  it('is a row of its own in contracted cost, and spread over its calls in effective cost', async () => {
    const here = await deskWith(ptu(''), CALLED);
    expect(await costs(here, 'list')).toEqual({ a: '12', b: '8', c: '2', total: '22' });
    expect(await costs(here, 'contracted')).toEqual({
      '(capacity: ptu)': '4920',
      a: '0',
      b: '0',
      c: '2',
      total: '4922',
    });
    // 4,920 x 12 / 20 and x 8 / 20
    expect(await costs(here, 'effective')).toEqual({
      a: '2952',
      b: '1968',
      c: '2',
      total: '4922',
    });
  });

  it('costs less where it is reserved by the month', async () => {
    const here = await deskWith(ptu(', reservation: {units: 8, monthly_per_unit: 30.00}'), CALLED);
    // 2 x 492 = 984; 8 x 30 = 240 for November, of which 20.5 of 30 days have passed: 164.
    expect(await costs(here, 'contracted')).toMatchObject({ '(capacity: ptu)': '1148' });
  });

  it('says how much of it was used, and what idle hours cost', async () => {
    const here = await deskWith(ptu(''), CALLED);
    const { capacity } = await asked(here, '--cost effective --period 2026-11');
    // 2 hours of 492 had a call. Idle: 4,920 x 490 / 492 = 4,900. 10 M tokens: 492 a million.
    expect(capacity).toEqual([
      {
        capacity: 'ptu',
        start: '2026-11-01 00:00',
        end: '2026-11-21 12:00',
        hours: 492,
        hours_used: 2,
        utilisation: 0.004065,
        idle_cost_usd: '4900',
        cost_usd: '4920',
        cost_per_1m_tokens_usd: '492',
      },
    ]);
  });

  it('is measured by its tokens where the vendor says what it can do', async () => {
    const here = await deskWith(ptu(', tokens_per_minute: 1000'), CALLED);
    const { capacity } = await asked(here, '--cost effective --period 2026-11');
    // 10 M of 492 x 60 x 1,000 = 29.52 M tokens
    expect(capacity?.[0]).toMatchObject({ utilisation: 0.338753 });
  });

  it('that nobody used stays visible', async () => {
    const here = await deskWith(ptu(''), [CALLED[2] ?? {}]);
    expect(await costs(here, 'effective')).toEqual({
      '(unused capacity: ptu)': '4920',
      c: '2',
      total: '4922',
    });
  });

  it('accrues day by day, and the days add up', async () => {
    const here = await deskWith(ptu(''), CALLED);
    const { rows, totals } = await asked(
      here,
      '--by day --cost contracted --period 2026-11 --sort time',
    );
    expect(rows.map(({ day, cost_usd: cost }) => [day, cost]).slice(0, 4)).toEqual([
      ['2026-11-01', '240'],
      ['2026-11-02', '240'],
      ['2026-11-03', '240'],
      ['2026-11-04', '242'],
    ]);
    expect([rows.length, totals['cost_usd']]).toEqual([21, '4922']);
  });

  it('is left out, with a word, where a report filters', async () => {
    const here = await deskWith(ptu(''), CALLED);
    const { totals, notes } = await asked(
      here,
      '--cost contracted --period 2026-11 --where feature=c',
    );
    expect(totals['cost_usd']).toBe('2');
    expect(notes.map(({ code }) => code)).toContain('charges-left-out');
  });
});

describe('a commitment', () => {
  const terms = (commit: string): string =>
    contract(
      `  - {id: off, discount_percent: 10}\n  - {id: commit, commit: {period: month, ${commit}}}`,
    );

  it('charges what an ended period lacks, and nothing for one that goes on', async () => {
    const here = await deskWith(terms('amount: 25'));
    // October drew 6 x 0.9 = 5.4 of 25; November 18 so far.
    const { rows, totals } = await asked(here, '--by feature --cost contracted --period 2026-10');
    expect(rows.map(({ feature, cost_usd: cost }) => [feature, cost])).toEqual([
      ['(shortfall: commit)', '19.6'],
      ['a', '5.4'],
      [null, '0'],
    ]);
    expect(totals['cost_usd']).toBe('25');
    expect(await costs(here, 'contracted')).toEqual({ a: '10.8', b: '7.2', total: '18' });
  });

  it('may waive the rest', async () => {
    const here = await deskWith(terms('amount: 25, shortfall: waived'));
    const { totals } = await asked(here, '--cost contracted --period 2026-10');
    expect(totals['cost_usd']).toBe('5.4');
  });

  it('may end the discount once it is drawn', async () => {
    const here = await deskWith(terms('amount: 10, above: list_price'));
    // 18 were drawn of 10: 10 at the discounted price, 8 / 18 of the usage at list: 20 x 8 / 18 = 8.888...
    expect(await costs(here, 'contracted')).toEqual({
      a: '11.333333333333333333',
      b: '7.555555555555555556',
      total: '18.888888888888888889',
    });
  });

  it.each([
    // 10 M of 20 M tokens for $30: 15, shared 6 to 4.
    { commit: 'amount: 30, tokens: 20000000', expected: { a: '9', b: '6', total: '15' } },
    // 5 M tokens for $10, the other half of the usage at 18 / 2 = 9.
    { commit: 'amount: 10, tokens: 5000000', expected: { a: '11.4', b: '7.6', total: '19' } },
  ])('may be of tokens: $commit', async ({ commit, expected }) => {
    expect(await costs(await deskWith(terms(commit)), 'effective')).toEqual(expected);
  });
});

describe('own hardware', () => {
  const GPU = `infrastructure: 1
currency: USD
pools: {rented: {accelerators: 2, hourly_per_accelerator: 2.50}}
serves: [{model: "llama-*", pool: rented, from: 2026-11-01, weights: {input: 1, output: 4}}]
`;
  const CALLED = [
    { ...CALLS[0], provider: 'vllm', model: 'llama-3.3-70b', input_tokens: 1_000_000 },
    {
      ...CALLS[1],
      provider: 'vllm',
      model: 'llama-3.3-70b',
      input_tokens: 1_000_000,
      output_tokens: 500_000,
    },
  ];

  it('has no list price, and an effective cost by what its hours cost', async () => {
    const here = await deskWith(GPU, CALLED, 'infrastructure');
    expect(await costs(here, 'list')).toEqual({ a: null, b: null, total: null });
    // 2 x 2.50 x 492 = 2,460, shared 1 M to 1 M + 4 x 0.5 M.
    expect(await costs(here, 'effective')).toEqual({ a: '615', b: '1845', total: '2460' });
    const { totals, notes } = await asked(here, '--cost effective --period 2026-11');
    expect([totals['list_cost_usd'], totals['unrated_requests'], notes]).toEqual([null, 0, []]);
  });

  it('serves nobody before its first day', async () => {
    const here = await deskWith(GPU.replace('2026-11-01', '2026-11-03'), CALLED, 'infrastructure');
    // From the 3rd: 18.5 days, 444 hours, 2,220.
    expect(await costs(here, 'effective')).toEqual({ a: null, b: '2220', total: '2220' });
  });
});

describe('whatever is grouped by', () => {
  const EVERYTHING = contract(
    `  - {id: ptu, provisioned: {deployment: oak-prod, units: 3, hourly_per_unit: 0.37}}
  - {id: volume, volume: {period: month, steps: [{from: 0, discount_percent: 3}, {from: 7, discount_percent: 11}]}}
  - {id: commit, commit: {amount: 9, period: month, above: list_price}}`,
  );
  const MANY = Array.from({ length: 60 }, (_, index) => ({
    id: `m${index}`,
    time: new Date(Date.UTC(2026, 9, 1) + index * 61_234_567).toISOString(),
    input_tokens: 10_007 * (index + 1),
    output_tokens: 977 * (index % 7),
    ...(index % 5 === 0 ? { request_model: 'oak-prod' } : {}),
    tags: { feature: `f${index % 4}`, team: `t${index % 3}`, run: `r${index % 6}` },
  }));

  it.each(['contracted', 'effective'])('%s cost adds up to the same', async (kind) => {
    const here = await deskWith(EVERYTHING, MANY);
    const totals = new Set<unknown>();
    for (const by of ['model', 'feature', 'team,feature', 'run', 'day', 'hour', 'month,team']) {
      const { rows, totals: all } = await asked(here, `--by ${by} --cost ${kind}`);
      const sum = rows.reduce((total, { cost_usd: cost }) => total + attodollars(cost), 0n);
      expect([by, sum]).toEqual([by, attodollars(all['cost_usd'])]);
      totals.add(all['cost_usd']);
    }
    expect(totals.size).toBe(1);
  });
});

function attodollars(text: unknown): bigint {
  const [whole = '0', fraction = ''] = String(text).split('.');
  return BigInt(whole + fraction.padEnd(18, '0'));
}
