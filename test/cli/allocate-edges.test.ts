import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  ANSWERED,
  type AllocationDesk,
  allocationDesk,
  anvil,
} from '../support/allocation-desk.ts';

const POOL = '{part: overhead, amounts: [{amount: 90.00, from: 2026-10-01, until: 2026-11-01}]}';
const pooled = (more: string): string =>
  `  pools: {tools: ${POOL}}\n  rules: [{name: split, pool: tools, ${more}, ${ANSWERED}}]\n`;

/** The rows of an explanation as `what amount`, with the place of each. */
async function explained(here: AllocationDesk, ...argv: string[]): Promise<readonly string[]> {
  const out = await here.must('allocate', '--period', '2026-10', '--format', 'json', ...argv);
  return JSON.parse(out).rows.map((row: Record<string, unknown>) =>
    [row['what'], row['amount_usd'], row['from']].join(' '),
  );
}

describe('every cell can be explained:', () => {
  it('all rows that have a value, and those that a rule tells by fewer tags', async () => {
    const here = await allocationDesk();
    here.rules(pooled('by: team, method: proportional'));
    const from = '--since 2026-10-01 --until 2026-11-01 --timezone UTC --cost contracted';
    expect(await explained(here, '--by', 'team,customer', '--explain', 'team=search')).toEqual([
      `calls 4 aicost report --where team=search --where customer=acorn ${from}`,
      `calls 2 aicost report --where team=search --where customer=birch ${from}`,
      'tools 54 ',
    ]);
    expect(await explained(here, '--by', 'team,customer', '--explain', 'customer=birch')).toEqual([
      `calls 2 aicost report --where team=search --where customer=birch ${from}`,
    ]);
    expect(await explained(here, '--explain', 'team=')).toEqual([
      `calls 1 aicost report --where team= ${from}`,
      'tools 9 ',
    ]);
  });

  it('by a command that gives the same amount', async () => {
    const here = await allocationDesk([anvil('a', 1_000_000, { team: `r&d "o'clock", gmbh` })]);
    here.rules('  pools: {}\n');
    const [line] = await explained(here, '--explain', `team=r&d "o'clock", gmbh`);
    expect(line).toBe(
      `calls 1 aicost report --where 'team=r&d "o'\\''clock", gmbh' --since 2026-10-01 --until 2026-11-01 --timezone UTC --cost contracted`,
    );
    const report = JSON.parse(
      await here.must(
        'report',
        '--where',
        `team=r&d "o'clock", gmbh`,
        '--since',
        '2026-10-01',
        '--until',
        '2026-11-01',
        '--timezone',
        'UTC',
        '--cost',
        'contracted',
        '--format',
        'json',
      ),
    );
    expect(report.totals.cost_usd).toBe('1');
  });

  it('what is left over too; what there is not is told with what there is', async () => {
    const here = await allocationDesk();
    here.rules(`  pools: {tools: ${POOL}}\n`);
    expect(await explained(here, '--explain', 'unallocated')).toEqual(['tools 90 ']);
    expect(await explained(here, '--explain', '(unallocated)')).toEqual(['tools 90 ']);
    const { code, err } = await here.aicost(
      'allocate',
      '--period',
      '2026-10',
      '--explain',
      'team=x',
    );
    expect([code, err]).toEqual([
      2,
      'aicost: --explain: no row is "team=x"\nThere is for example "team=search", "team=support", "(untagged)", "(unallocated)".\n',
    ]);
  });
});

it('the total is the same under every grouping', async () => {
  const here = await allocationDesk();
  here.rules(pooled('by: [team, customer], method: usage, signal: tokens'));
  for (const by of ['team', 'customer', 'team,customer', 'model', 'feature'])
    expect([by, (await here.allocated('--by', by)).answer.total_usd]).toEqual([by, '100']);
});

describe('what is asked is understood or refused:', () => {
  it.each([
    {
      argv: ['--by', 'day'],
      says: '--by: expected tags such as team, found day\nAsk for one period at a time, for example --period 2026-10.\n',
    },
    {
      argv: ['--until', '2026-11-01'],
      says: '--until needs --since here: shared cost has to begin somewhere\nFor example --period 2026-10.\n',
    },
    {
      argv: ['--period', '2026-12'],
      says: 'the period has not begun, so that there is nothing to split\nFor example --period last-month.\n',
    },
    {
      argv: ['--signal', 'querys=a.csv'],
      says: '--signal: no signal is called "querys"; did you mean "queries"?\n',
    },
  ])('$argv', async ({ argv, says }) => {
    const here = await allocationDesk();
    const { code, out, err } = await here.aicost('allocate', ...argv);
    expect([code, out, err]).toEqual([2, '', `aicost: ${says}`]);
  });

  it('without any rule or period it is last month by team', async () => {
    const here = await allocationDesk();
    here.rules('  {}\n');
    const { period, by, total_usd } = JSON.parse(await here.must('allocate', '--format', 'json'));
    expect([period.start, period.end, by, total_usd]).toEqual([
      '2026-10-01T00:00:00.000Z',
      '2026-11-01T00:00:00.000Z',
      ['team'],
      '10',
    ]);
  });

  it('days and months of files and amounts are those of the asked zone', async () => {
    const here = await allocationDesk();
    here.write('queries.csv', 'time,team,quantity,unit\n2026-10,search,1,queries\n');
    here.rules(pooled('by: team, method: usage, signal: queries'));
    for (const zone of ['America/New_York', 'Asia/Kathmandu'])
      expect((await here.totals('--timezone', zone, '--signal', 'queries.csv'))[0]).toBe(
        'search 96',
      );
  });
});

describe('the tables', () => {
  it.each([60, 80])('fit %i columns', async (columns) => {
    const here = await allocationDesk();
    here.rules(pooled('by: team, method: proportional'));
    const { code, out } = await here.aicostIn(
      { columns },
      'allocate',
      '--period',
      '2026-10',
      '--show',
      'rules',
    );
    expect(code).toBe(0);
    await expect(out).toMatchFileSnapshot(
      join(import.meta.dirname, `golden/allocate-${columns}.txt`),
    );
  });
});

describe('hostile input:', () => {
  it('names of consumers are never obeyed, and never run together', async () => {
    const names = ['(idle)', '__proto__', '=1+1', '\u001b[31mred', 'constructor'];
    const here = await allocationDesk(
      names.map((team, index) => anvil(`c${index}`, 1_000_000, { team })),
    );
    here.rules(pooled('by: team, method: even'));
    const { answer } = await here.allocated();
    expect(answer.rows.map(({ team, kind, total_usd }) => [team, kind, total_usd])).toEqual(
      names
        .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
        .map((team) => [team, 'consumer', '19']),
    );
    const table = await here.must('allocate', '--period', '2026-10');
    expect(table).not.toContain('\u001b');
    expect(await here.must('allocate', '--period', '2026-10', '--format', 'csv')).toContain(
      "'=1+1,",
    );
  });

  it('columns and values of files are data', async () => {
    const here = await allocationDesk();
    here.write(
      'queries.csv',
      'time,team,__proto__,constructor,quantity,unit\n2026-10-01,__proto__,x,y,1,queries\n2026-10-01,"a\u0007b",x,y,2,queries\n',
    );
    here.rules(pooled('by: team, method: usage, signal: queries'));
    const { answer } = await here.allocated('--signal', 'queries.csv');
    expect(
      answer.allocations.map(({ AllocatedTags, amount_usd }) => [
        AllocatedTags['team'],
        amount_usd,
      ]),
    ).toEqual([
      ['__proto__', '30'],
      ['a\u0007b', '60'],
    ]);
  });
});

describe('several months', () => {
  const CALLS = [
    anvil('s9', 1_000_000, { team: 'search' }, { time: '2026-09-10T10:00:00Z' }),
    anvil('p9', 2_000_000, { team: 'support' }, { time: '2026-09-10T10:00:00Z' }),
    anvil('s10', 5_000_000, { team: 'search' }),
    anvil('p10', 1_000_000, { team: 'support' }),
  ];
  const MONTHLY = '{part: overhead, amounts: [{amount: 10.00, every: month, from: 2026-01-01}]}';

  // 10.00 by 1 : 2 in September and by 5 : 1 in October, never 20.00 by 6 : 3.
  it('are sums of each month by itself, to the last digit', async () => {
    const here = await allocationDesk(CALLS);
    here.rules(
      `  pools: {tools: ${MONTHLY}}\n  rules: [{name: split, pool: tools, by: team, method: proportional, ${ANSWERED}}]\n`,
    );
    const allocated = async (period: string): Promise<readonly string[]> => {
      const out = await here.must('allocate', '--period', period, '--format', 'json');
      return JSON.parse(out)
        .rows.map((row: Record<string, unknown>) => [row['team'], row['allocated_usd']].join(' '))
        .sort();
    };
    expect(await allocated('2026-09')).toEqual([
      'search 3.333333333333333333',
      'support 6.666666666666666667',
    ]);
    expect(await allocated('2026-10')).toEqual([
      'search 8.333333333333333333',
      'support 1.666666666666666667',
    ]);
    expect(await allocated('2026-09-01..2026-11-01')).toEqual([
      'search 11.666666666666666666',
      'support 8.333333333333333334',
    ]);
  });
});
