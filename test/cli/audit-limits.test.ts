import { describe, expect, it } from 'vitest';
import { call } from '../support/fake-runtime.ts';
import { cost, home, ledgerOf } from '../support/audited-ledgers.ts';

describe('what has no price', () => {
  it('is never covered by spend', async () => {
    const here = await ledgerOf(
      call({ provider: 'acme', model: 'anvil', tags: { team: 'a', feature: 'b' } }),
    );
    const { code, out } = await here.audit(
      '--min-coverage',
      '80',
      '--format',
      'json',
      '--show',
      'coverage',
    );
    expect([code, JSON.parse(out).notes.at(-1).message]).toEqual([
      3,
      'no spend with a price, so coverage by spend is not known',
    ]);
    expect(JSON.parse(out).coverage[0].by_spend).toBeNull();
  });

  it('leaves a limit undecided that it could break', async () => {
    const unpriced = call({ provider: 'acme', model: 'anvil' });
    const here = await ledgerOf(cost(1, '2026-11-02', { team: 'a' }), unpriced);
    const asked = ['--keys', 'team', '--format', 'json', '--show', 'coverage', '--min-coverage'];
    const { code, out } = await here.audit(...asked, '80');
    expect([code, JSON.parse(out).notes.at(-1).message]).toEqual([
      3,
      '1 call lacks a required tag and a price, so coverage by spend may be lower than 80%',
    ]);
  });

  it('is told beside what has one, and exits 3 when asked to', async () => {
    const here = await ledgerOf(
      cost(1, '2026-11-02', { team: 'a' }),
      call({ provider: 'acme', model: 'anvil' }),
    );
    const { code, out } = await here.audit('--keys', 'team', '--strict');
    expect(code).toBe(3);
    expect(out).toContain('1 call without a price count in calls and not in spend; 1 lacks a');
  });
});

describe('flags', () => {
  it.each([
    [['--show', 'coverge'], 'no section "coverge"; known are coverage,'],
    [['--min-coverage', '101'], 'expected a percentage from 0 to 100, such as 80.'],
    [['--min-coverage', '-1'], 'expected a percentage from 0 to 100, such as 80.'],
    [['--keys', ','], 'expected tags such as team,feature.'],
    [['--keys', 'team', '--require', 'team'], '--require already says which tags are measured'],
    [['--days', '90', '--since', '7d'], '--days already says the span'],
    [['--source', 'bills', '--show', 'ids'], '--show is about calls, --source bills about bills'],
  ])('%j are refused with the mend', async (argv, message) => {
    const { code, err } = await home.aicost('audit', ...argv);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe('required tags', () => {
  const tags = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`).join();
  const filters = Array.from({ length: 12 }, (_, index) => ['--where', `w${index}=`]).flat();

  it('are all audited up to the most that one question joins, and refused beyond', async () => {
    const here = await ledgerOf(cost(1, '2026-11-02', { team: 'a' }));
    const most = await here.audit('--keys', tags(24), '--show', 'all', ...filters);
    const more = await here.audit('--keys', tags(25));
    expect([most.code, more.code, more.err]).toEqual([
      0,
      2,
      'aicost: at most 24 tags can be audited at once, found 25\nName fewer with --keys, such as --keys team,feature.\n',
    ]);
  });
});
