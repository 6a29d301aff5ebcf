import { describe, expect, it } from 'vitest';
import { answerOfCcusage, answerOfDuckdb, answerOfReport, difference } from './answers.ts';
import { finding, verdictOf } from './finding.ts';
import { inTurns, type Ran, toldByTime } from './process-run.ts';

const ran = (wallMs: number, peakMb = 100): Ran => ({ wallMs, cpuMs: wallMs, peakMb, out: '' });
const BARS = {
  bar: { of: 'ratio', most: 1.6 },
  stretch: { of: 'ratio', most: 1 },
  peer: 'acorn',
} as const;

/** Three runs of ours with a median of what is said, against a median of 1,000 ms. */
const row = (median: number, more: { readonly void?: string } = {}) =>
  finding(
    'work',
    {
      ours: [ran(median * 3), ran(median), ran(median / 3)],
      theirs: [ran(1_000), ran(9_000), ran(10)],
    },
    { ...BARS, ...more },
  );

describe('a row of the bench', () => {
  it('compares medians, which one slow run does not move', () => {
    expect(row(1_500).ours.wallMs).toBe(1_500);
    expect(row(1_500).walls.theirs).toEqual([1_000, 9_000, 10]);
  });

  it.each([
    [990, 'stretch met'],
    [1_600, 'met'],
    [4_800, 'MISSED, 3.00 x the bar'],
  ])('of %i ms against 1,000 ms and at most 1.6 times of it is %s', (median, verdict) => {
    expect(verdictOf(row(median))).toBe(verdict);
  });

  it('does not count when the answers differ, however fast it was', () => {
    expect(verdictOf(row(1, { void: '"a" is 1 here and 2 there' }))).toBe(
      'does not count: "a" is 1 here and 2 there',
    );
  });

  it('has no figure without the peer', () => {
    expect(verdictOf(finding('work', { ours: [ran(1)], theirs: [] }, BARS))).toBe('no figure');
  });

  it('holds memory against megabytes', () => {
    const memory = finding(
      'work',
      { ours: [ran(1, 300)], theirs: [] },
      { bar: { of: 'MB', most: 200 } },
    );
    expect(verdictOf(memory)).toBe('MISSED, 1.50 x the bar');
  });

  it('is made of runs in turns', async () => {
    const order: string[] = [];
    const side = (name: string) => (round: number) => {
      order.push(`${name}${round}`);
      return Promise.resolve(ran(1));
    };
    await inTurns(2, side('a'), side('b'));
    expect(order).toEqual(['a0', 'b0', 'a1', 'b1']);
  });
});

describe('a process on a Mac', () => {
  it('took what time -l says', () => {
    const err = `a note
        1.23 real         0.98 user         0.12 sys
           104857600  maximum resident set size
                   0  average shared memory size`;
    // 0.98 s + 0.12 s; 104,857,600 bytes are 100 times 1,048,576.
    const { cpuMs, peakMb } = toldByTime(err);
    expect(cpuMs).toBeCloseTo(1_100);
    expect(peakMb).toBe(100);
  });

  it('took nobody knows what where time says nothing', () => {
    expect(toldByTime('')).toEqual({});
  });
});

describe('two answers', () => {
  const counts = { input_tokens: 5, cache_read_tokens: 0, cache_write_tokens: 2, output_tokens: 1 };
  const report = (feature: string | null, input = 5): string =>
    JSON.stringify({ rows: [{ feature, requests: 3, ...counts, input_tokens: input }] });
  const duckdb = (name: string | null): string =>
    JSON.stringify([
      {
        name,
        requests: '3',
        input_tokens: '5',
        cache_read_tokens: '0',
        cache_write_tokens: '2',
        output_tokens: '1',
      },
    ]);

  it('are the same when every group has the same counts, also the one without a name', () => {
    for (const name of ['search', null])
      expect(
        difference(answerOfReport(report(name), 'feature'), answerOfDuckdb(duckdb(name))),
      ).toBe(undefined);
  });

  it('differ where a count differs or a group is missing', () => {
    const theirs = answerOfDuckdb(duckdb('search'));
    expect(difference(answerOfReport(report('search', 6), 'feature'), theirs)).toBe(
      '"search" is 3 6 0 2 1 here and 3 5 0 2 1 there',
    );
    expect(difference(answerOfReport(report('chat'), 'feature'), theirs)).toBe(
      '"chat" is 3 5 0 2 1 here and missing there',
    );
  });

  it('are not the same by both being empty', () => {
    expect(difference(new Map(), new Map())).toBe('aicost gave no rows');
  });

  it('are read of ccusage by day', () => {
    const day = { inputTokens: 5, cacheReadTokens: 0, cacheCreationTokens: 2, outputTokens: 1 };
    const daily = JSON.stringify({ daily: [{ date: '2026-11-02', ...day }] });
    expect([...answerOfCcusage(daily)]).toEqual([['2026-11-02', '5 0 2 1']]);
  });
});
