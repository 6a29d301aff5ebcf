import { beforeAll, describe, expect, it } from 'vitest';
import { amountsOf, plain } from '../support/bills.ts';
import { amountText } from '../../src/domain/bill.ts';
import {
  ANSWERED,
  type AllocationDesk,
  allocationDesk,
  anvil,
} from '../support/allocation-desk.ts';

let here: AllocationDesk;
beforeAll(async () => {
  here = await allocationDesk();
  here.write(
    'rates/infrastructure/gpu.yaml',
    'infrastructure: 1\ncurrency: USD\npools:\n  h100: {accelerators: 1, hourly_per_accelerator: 1.00}\nserves: []\n',
  );
});

/** A pool of 90.00 in October. */
const NINETY = '{part: overhead, amounts: [{amount: 90.00, from: 2026-10-01, until: 2026-11-01}]}';
const rule = (more: string, name = 'split', pool = 'tools'): string =>
  `{name: ${name}, pool: ${pool}, by: team, ${more}, ${ANSWERED}}`;
const pooled = (more: string): string => `  pools: {tools: ${NINETY}}\n  rules: [${rule(more)}]\n`;

describe('a shared cost of 90.00 beside 6.00 of search, 3.00 of support and 1.00 of nobody', () => {
  it.each([
    // All of it is one team's.
    {
      method: 'direct',
      more: 'method: direct, to: platform',
      rows: ['platform 90', 'search 6', 'support 3', '(untagged) 1'],
    },
    // 45.00 each; nobody gets no even share.
    { method: 'even', more: 'method: even', rows: ['search 51', 'support 48', '(untagged) 1'] },
    {
      method: 'even among those named',
      more: 'method: even, among: [search, support, growth]',
      rows: ['search 36', 'support 33', 'growth 30', '(untagged) 1'],
    },
    // 90 x 6/10, 3/10 and 1/10: untagged spend carries its part too.
    {
      method: 'proportional',
      more: 'method: proportional',
      rows: ['search 60', 'support 30', '(untagged) 10'],
    },
    // 2 of 4 requests, 1 and 1.
    {
      method: 'usage by requests',
      more: 'method: usage, signal: requests',
      rows: ['search 51', 'support 25.5', '(untagged) 23.5'],
    },
    // 1 : 2.
    {
      method: 'weighted',
      more: 'method: weighted, weights: [{team: search, weight: 0.5}, {team: support, weight: 1}]',
      rows: ['support 63', 'search 36', '(untagged) 1'],
    },
  ])('is split $method', async ({ more, rows }) => {
    here.rules(pooled(more));
    expect(await here.totals()).toEqual(rows);
  });

  // Search weighs 3 for 15.5 of 31 days and support 1 for all of them: 1.5 to 1.
  it('by weights that change with their dates', async () => {
    here.rules(
      pooled(
        'method: weighted, weights: [{team: search, weight: 3, until: 2026-10-16T12:00:00Z}, {team: support, weight: 1}]',
      ),
    );
    expect(await here.totals()).toEqual(['search 60', 'support 39', '(untagged) 1']);
  });

  // 90 / 31 a day; only the 5th has spend, so that 30 days are left over.
  it('day by day where the rule says so, and what nobody used is not lost', async () => {
    here.rules(pooled('method: proportional, grain: day'));
    const { code, answer } = await here.allocated();
    expect(code).toBe(0);
    expect(answer.total_usd).toBe('100');
    expect(answer.rows.map(({ kind }) => kind)).toEqual([
      'consumer',
      'consumer',
      'untagged',
      'unallocated',
    ]);
    // 90 x 30/31, rounded day by day: 87.0967741935483870967741...
    expect(answer.rows[3]?.total_usd).toMatch(/^87\.0967741935483870/);
    expect(answer.notes.map(({ code: each }) => each)).toContain('zero-weight');
  });

  it('stays unallocated without a rule, and says so', async () => {
    here.rules(`  pools: {tools: ${NINETY}}\n`);
    const { answer } = await here.allocated();
    expect(await here.totals()).toEqual([
      'search 6',
      'support 3',
      '(untagged) 1',
      '(unallocated) 90',
    ]);
    expect(answer.notes).toContainEqual({
      code: 'no-rule',
      message: 'tools: no rule splits this pool, so that it stays unallocated',
    });
  });

  it('is all of what a report has and what is beside it, to the last digit', async () => {
    here.rules(pooled('method: proportional'));
    const { answer } = await here.allocated();
    const report = JSON.parse(
      await here.must('report', '--period', '2026-10', '--cost', 'contracted', '--format', 'json'),
    );
    expect([answer.reported_usd, answer.beside_calls_usd, answer.total_usd]).toEqual([
      report.totals.cost_usd,
      '90',
      '100',
    ]);
    expect(amountText(amountsOf(answer.rows.map(({ total_usd }) => total_usd)))).toBe('100');
  });

  it('gives the ratios of FOCUS, 1 together, with unit, quantity and the tags of who pays', async () => {
    here.rules(pooled('method: usage, signal: tokens'));
    const { answer } = await here.allocated();
    expect(
      answer.allocations.map(({ AllocatedMethodId, AllocatedMethodDetails, AllocatedTags }) => [
        AllocatedMethodId,
        AllocatedMethodDetails?.Elements,
        AllocatedTags,
      ]),
    ).toEqual([
      [
        'split',
        [{ AllocatedRatio: '0.1', UsageUnit: 'Tokens', UsageQuantity: '1000000' }],
        { team: null },
      ],
      [
        'split',
        [{ AllocatedRatio: '0.6', UsageUnit: 'Tokens', UsageQuantity: '6000000' }],
        { team: 'search' },
      ],
      [
        'split',
        [{ AllocatedRatio: '0.3', UsageUnit: 'Tokens', UsageQuantity: '3000000' }],
        { team: 'support' },
      ],
    ]);
  });

  // Search owns 6 of its 60 by its own tags, a rule says the other 54.
  it('tells how sure each row is', async () => {
    here.rules(pooled('method: proportional'));
    const { answer } = await here.allocated();
    expect(answer.rows.map(({ confidence }) => confidence)).toEqual([
      'A 10.0% D 90.0%',
      'A 10.0% D 90.0%',
      'none 100.0%',
    ]);
    expect(answer.confidence).toEqual({
      text: 'A 9.0% D 81.0% none 10.0%',
      A_usd: '9',
      D_usd: '81',
      none_usd: '10',
      E_requests: 0,
    });
  });

  it('is shown in full under tags that its rule does not tell', async () => {
    here.rules(pooled('method: proportional'));
    const { answer } = await here.allocated('--by', 'customer');
    expect(answer.rows.map((row) => [row.kind, row.direct_usd, row.allocated_usd])).toEqual([
      ['consumer', '7', '0'],
      ['consumer', '2', '0'],
      ['elsewhere', '0', '90'],
      ['untagged', '1', '0'],
    ]);
  });
});

describe('untagged spend', () => {
  // 1.00 by 6 : 3, and the request stays nobody's.
  it('can be a shared cost itself, and is not counted twice', async () => {
    here.rules(
      `  pools: {nobody: {part: model, spend: ["team="]}}\n  rules: [${rule('method: proportional', 'nobody', 'nobody')}]\n`,
    );
    const { answer } = await here.allocated();
    expect(
      answer.rows.map(({ team, direct_usd, allocated_usd, requests }) => [
        team,
        direct_usd,
        allocated_usd,
        requests,
      ]),
    ).toEqual([
      ['search', '6', '0.666666666666666667', 2],
      ['support', '3', '0.333333333333333333', 1],
      [null, '0', '0', 1],
    ]);
    expect([answer.total_usd, answer.beside_calls_usd]).toEqual(['10', '0']);
  });
});

describe('machines that are reserved or used', () => {
  // 744 hours of one accelerator at 1.00. Search uses 300 h but reserved 400, support uses 44 h: 300 h idle.
  const RESERVED = `  pools:
    gpu: {part: infrastructure, hardware: h100}
`;
  const GPU = rule(
    'method: reserved, signal: gpu_seconds, reserved: [{team: search, quantity: 400, unit: GPU-hours}]',
    'gpu',
    'gpu',
  );
  const meter = (): void =>
    void here.write(
      'gpu.csv',
      'time,team,quantity,unit\n2026-10-02,search,300,GPU-hours\n2026-10-03T10:00:00Z,support,158400,seconds\n2026-09-30,support,999,hours\n',
    );

  it('are charged by the more of both, and what is left is idle', async () => {
    meter();
    here.rules(`${RESERVED}  signals: {gpu_seconds: gpu.csv}\n  rules: [${GPU}]\n`);
    expect(await here.totals()).toEqual(['search 406', 'support 47', '(untagged) 1', '(idle) 300']);
    const { answer } = await here.allocated();
    expect(
      answer.allocations.find(({ AllocatedTags }) => AllocatedTags['team'] === 'support')?.evidence,
    ).toEqual(['docs/split.md#gpu', 'gpu.csv:3']);
  });

  // Idle goes to somebody only by a rule of its own: 300.00 by 6 : 3 : 1.
  it('leave idle to an explicit rule only', async () => {
    meter();
    here.rules(
      `${RESERVED}    gpu-idle: {part: infrastructure, idle_of: gpu}\n  signals: {gpu_seconds: gpu.csv}\n  rules: [${GPU}, ${rule('method: proportional', 'idle', 'gpu-idle')}]\n`,
    );
    expect(await here.totals()).toEqual(['search 586', 'support 137', '(untagged) 31']);
  });

  it('stand idle where nobody used or reserved any', async () => {
    here.write('gpu.csv', 'time,team,quantity,unit\n2026-10-02,search,0,GPU-hours\n');
    here.rules(
      `${RESERVED}  signals: {gpu_seconds: gpu.csv}\n  rules: [${rule('method: usage, signal: gpu_seconds', 'gpu', 'gpu')}]\n`,
    );
    const { code, answer } = await here.allocated();
    expect([code, (await here.totals()).at(-1)]).toEqual([0, '(idle) 744']);
    expect(answer.notes.map((note) => note.code)).toContain('zero-weight');
  });

  it('stay unallocated, with exit 1, where nothing says who used them', async () => {
    here.rules(`${RESERVED}  rules: [${GPU}]\n`);
    const { code, answer } = await here.allocated();
    expect([code, (await here.totals()).at(-1)]).toEqual([1, '(unallocated) 744']);
    expect(answer.notes).toContainEqual({
      code: 'signal-missing',
      message:
        'gpu: no file gives gpu_seconds; name one under signals: or with --signal gpu_seconds=FILE, so that gpu stays unallocated',
    });
  });
});

describe('overhead in two steps', () => {
  // 30.00 go over 80.00 and 40.00, so 20.00 and 10.00; then with them by requests 2:1:1 and all to support.
  const TWO = `  pools:
    platform: {part: overhead, amounts: [{amount: 30.00, from: 2026-10-01, until: 2026-11-01}]}
    gateway: {part: orchestration, amounts: [{amount: 80.00, from: 2026-10-01, until: 2026-11-01}]}
    store: {part: retrieval, amounts: [{amount: 40.00, from: 2026-10-01, until: 2026-11-01}]}
  rules:
    - {name: over, pool: platform, method: overhead, ${ANSWERED}}
    - ${rule('method: usage, signal: requests', 'gateway', 'gateway')}
    - ${rule('method: direct, to: support', 'store', 'store')}
`;

  it('follows what pools cost by themselves, and both steps are rows', async () => {
    here.rules(TWO);
    const { answer } = await here.allocated('--show', 'rules');
    expect(answer.loads.map((load) => [load['pool'], load['to_pool'], load['amount_usd']])).toEqual(
      [
        ['platform', 'gateway', '20'],
        ['platform', 'store', '10'],
      ],
    );
    expect(
      answer.allocations.map(({ pool, via, amount_usd, AllocatedTags }) =>
        [pool, via, AllocatedTags['team'], amount_usd].join(' '),
      ),
    ).toEqual([
      'gateway   20',
      'gateway  search 40',
      'gateway  support 20',
      'platform gateway  5',
      'platform gateway search 10',
      'platform gateway support 5',
      'store  support 40',
      'platform store support 10',
    ]);
    // 3 + 20 + 5 + 40 + 10, 6 + 40 + 10 and 1 + 20 + 5.
    expect(await here.totals()).toEqual(['support 78', 'search 56', '(untagged) 26']);
  });

  // 160.00 over 4 requests: models 10, retrieval 40, orchestration 80, overhead 30, and no machines.
  it('keeps its part in the cost of an inference', async () => {
    here.rules(TWO);
    const out = await here.must(
      'allocate',
      '--period',
      '2026-10',
      '--per-inference',
      '--format',
      'json',
    );
    const { parts, parts_totals } = JSON.parse(out);
    expect(
      parts.map((each: Record<string, unknown>) => [
        each['part'],
        each['cost_usd'],
        each['cost_per_request_usd'],
        each['recorded'],
      ]),
    ).toEqual([
      ['model', '10', '2.5', 'yes'],
      ['retrieval', '40', '10', 'yes'],
      ['orchestration', '80', '20', 'yes'],
      ['infrastructure', null, null, 'none recorded'],
      ['overhead', '30', '7.5', 'yes'],
    ]);
    expect([
      parts_totals.cost_usd,
      parts_totals.cost_per_request_usd,
      parts_totals.cost_per_1k_requests_usd,
    ]).toEqual(['160', '40', '40000']);
  });

  it('explains a cell down to rules, weights and places', async () => {
    here.rules(TWO);
    const out = await here.must(
      'allocate',
      '--period',
      '2026-10',
      '--explain',
      'team=search',
      '--format',
      'json',
    );
    const { rows, totals, loads, pools, rules } = JSON.parse(out);
    expect(
      rows.map((row: Record<string, unknown>) => [
        row['what'],
        row['via'],
        row['quantity'],
        row['amount_usd'],
      ]),
    ).toEqual([
      ['calls', '', '2', '6'],
      ['gateway', '', '2', '40'],
      ['platform', 'gateway', '2', '10'],
    ]);
    expect(totals.amount_usd).toBe('56');
    expect(loads.map((load: Record<string, unknown>) => load['to_pool'])).toEqual(['gateway']);
    expect(pools.map((pool: Record<string, unknown>) => [pool['place'], pool['cost_usd']])).toEqual(
      [
        ['aicost.yaml:4', '30'],
        ['aicost.yaml:5', '80'],
      ],
    );
    expect(rules.map((each: Record<string, unknown>) => [each['place'], each['evidence']])).toEqual(
      [
        ['aicost.yaml:9', 'docs/split.md#gpu'],
        ['aicost.yaml:8', 'docs/split.md#gpu'],
      ],
    );
  });
});

describe('a shared endpoint', () => {
  it('charged whole to the owner of its tag while five use it is told', async () => {
    const five = await allocationDesk(
      ['ana', 'bo', 'cy', 'di', 'ed'].map((user, index) =>
        anvil(`c${index}`, 1_000_000, { api_key: 'shared', team: 'platform', user }),
      ),
    );
    five.rules(
      `  pools: {endpoint: {part: model, spend: ["api_key=shared"]}}\n  rules: [{name: whole, pool: endpoint, by: user, method: direct, to: ana, signal: requests, where: ["api_key=shared"], ${ANSWERED}}]\n`,
    );
    const { answer } = await five.allocated('--by', 'user');
    expect(answer.notes).toContainEqual({
      code: 'charged-to-owner',
      message:
        'whole: endpoint is charged whole to user=ana, while others use it by requests: user=bo, user=cy, user=di, user=ed; method: usage would split it',
    });
    expect(answer.rows.map((row) => [row.allocated_usd, row.requests])).toEqual([
      ['5', 1],
      ['0', 1],
      ['0', 1],
      ['0', 1],
      ['0', 1],
    ]);
  });
});

describe('reviews', () => {
  const REVIEWS = `  pools: {tools: ${NINETY}, more: ${NINETY}}
  rules:
    - {name: late, pool: tools, by: team, method: even, owner: bo, review_every: 1m, last_reviewed: 2026-10-20, evidence: memo 7}
    - {name: timely, pool: more, by: team, method: even, owner: bo, review_every: 1m, last_reviewed: 2026-10-21, evidence: memo 7}
`;

  // Now is 2026-11-21: a month after 10-20 is over, one after 10-21 is today.
  it('that are overdue are listed, and end with 1', async () => {
    here.rules(REVIEWS);
    const { code, out } = await here.aicost('allocate', '--due', '--format', 'json');
    expect(code).toBe(1);
    expect(
      JSON.parse(out).rows.map((row: Record<string, unknown>) => [
        row['rule'],
        row['review_due'],
        row['state'],
      ]),
    ).toEqual([
      ['late', '2026-11-20', 'overdue'],
      ['timely', '2026-11-21', 'in time'],
    ]);
    const { answer } = await here.allocated();
    expect(answer.notes.map((note) => note.code)).toContain('review-overdue');
  });

  it('that are in time end with 0', async () => {
    here.rules(pooled('method: even'));
    expect((await here.aicost('allocate', '--due')).code).toBe(0);
  });
});

it('seats of 30.00 a month are 30.00 over the thirty days of November so far as it has gone', async () => {
  here.rules(
    `  pools: {seats: {part: overhead, seats: [{vendor: acme, plan: team, price: 3.00, users: 10, from: 2026-01-01}]}}\n  rules: [${rule('method: direct, to: search', 'seats', 'seats')}]\n`,
  );
  const november = async (now: string): Promise<string> => {
    const { out } = await here.aicostIn(
      { now: Date.parse(now) },
      'allocate',
      '--period',
      '2026-11',
      '--format',
      'json',
    );
    return plain(JSON.parse(out).total_usd);
  };
  expect(await november('2026-12-24T12:00:00Z')).toBe('30');
  // 20.5 of 30 days.
  expect(await november('2026-11-21T12:00:00Z')).toBe('20.5');
});
