import { beforeAll, describe, expect, it } from 'vitest';
import { amountsOf } from '../support/bills.ts';
import { amountText } from '../../src/domain/bill.ts';
import { ANSWERED, type AllocationDesk, allocationDesk } from '../support/allocation-desk.ts';

let here: AllocationDesk;
beforeAll(async () => {
  here = await allocationDesk(undefined, {
    'rates/infrastructure/gpu.yaml':
      'infrastructure: 1\ncurrency: USD\npools:\n  h100: {accelerators: 1, hourly_per_accelerator: 1.00}\nserves: []\n',
  });
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
    expect(answer.notes).toContainEqual({
      code: 'zero-weight',
      message:
        'split: nobody weighs anything in a part of the period, so that tools stays unallocated there; the like 29 more times',
    });
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

  // Search reserved 400 h and used 300, support reserved 100 and used 200: 400 + 200 of 744, and 144 idle.
  it('are charged by what a file says was reserved, too', async () => {
    here.write(
      'gpu.csv',
      'time,team,quantity,reserved,unit\n2026-10,search,300,400,GPU-hours\n2026-10,support,200,100,GPU-hours\n',
    );
    here.rules(
      `${RESERVED}  signals: {gpu_seconds: gpu.csv}\n  rules: [${rule('method: reserved, signal: gpu_seconds', 'gpu', 'gpu')}]\n`,
    );
    expect(await here.totals()).toEqual([
      'search 406',
      'support 203',
      '(untagged) 1',
      '(idle) 144',
    ]);
  });

  // 1,116 and 372 hours of a machine that has 744: 3 : 1, nothing idle, and a word about it.
  it('have no idle where more was used than there is, which is told', async () => {
    here.write(
      'gpu.csv',
      'time,team,quantity,unit\n2026-10,search,1116,GPU-hours\n2026-10,support,372,GPU-hours\n',
    );
    here.rules(
      `${RESERVED}  signals: {gpu_seconds: gpu.csv}\n  rules: [${rule('method: reserved, signal: gpu_seconds', 'gpu', 'gpu')}]\n`,
    );
    const { code, answer } = await here.allocated();
    expect(code).toBe(0);
    expect(await here.totals()).toEqual(['search 564', 'support 189', '(untagged) 1']);
    expect(answer.notes).toContainEqual({
      code: 'over-capacity',
      message:
        'gpu: more of gpu is reserved or used than there is, so that nothing of it is idle; look at its capacity and at the unit of gpu_seconds',
    });
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
