import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  acme,
  at,
  cost,
  here,
  ingest,
  LATE,
  must,
  NOVEMBER,
  numbers,
  OCTOBER,
  rates,
  report,
  layDesk,
} from '../support/closing-desk.ts';
import { jsonl } from '../support/fake-runtime.ts';

beforeEach(layDesk);

describe('aicost close', () => {
  it('lists what was closed when, under which cards, and what was corrected since', async () => {
    await at('2026-11-02T06:30:00Z', 'close', '2026-10');
    await ingest(LATE);
    const { rows } = JSON.parse(await must('close', '--list', '--format', 'json'));
    expect(rows).toEqual([
      {
        month: '2026-10',
        timezone: 'UTC',
        closed_at: '2026-11-02T06:30:00.000Z',
        requests: 3,
        unrated_requests: 0,
        cost_usd: '7',
        correction_requests: 1,
        correction_cost_usd: '1',
        cards_as_of: '2026-11-21',
        cards_digest: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
    ]);
  });

  it('a second time changes nothing and says since when it is closed', async () => {
    await at('2026-11-02T06:30:00Z', 'close', '2026-10');
    await ingest(LATE);
    expect(await must('close', '2026-10', '--timezone', 'Europe/Berlin')).toContain(
      '2026-10 (UTC) is closed already, since 2026-11-02 06:30 UTC; nothing changed',
    );
    expect(await cost(...OCTOBER)).toBe('7');
  });

  it('--reopen drops what was frozen with its corrections, which show no more', async () => {
    await must('close', '2026-10');
    await ingest(LATE);
    expect(await must('close', '2026-10', '--reopen')).toContain('Reopened 2026-10 (UTC)');
    expect(await cost(...OCTOBER)).toBe('8');
    expect(await report(...NOVEMBER)).toMatchObject({ corrections: [], totals: { cost_usd: '1' } });
    await must('close', 'last-month');
    expect(await cost(...OCTOBER)).toBe('8');
  });

  it.each([
    ['a month that is not over', ['2026-11'], /2026-11 is not over: it ends 2026-12-01T00:00Z/],
    ['no month', [], /expected a month, found none/],
    ['no such month', ['2026-13'], /expected a month, found "2026-13"/],
    ['a day', ['2026-10-01'], /expected a month, found "2026-10-01"/],
    [
      'hours that are no hours UTC',
      ['2026-10', '--timezone', 'Asia/Kathmandu'],
      /months of Asia\/Kathmandu cannot be closed: 2026-10 has an edge at 2026-09-30T18:15Z/,
    ],
    ['a month that is not closed, to reopen it', ['2026-10', '--reopen'], /2026-10 is not closed/],
    ['a list of one', ['2026-10', '--list'], /--list lists all closed months/],
  ])('refuses %s', async (_, argv, message) => {
    const { code, err, out } = await here.aicost('close', ...argv, '--rates', rates);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
    expect(err.trimEnd().split('\n')).toHaveLength(2);
  });

  it('refuses a month that shares hours with one closed in another zone', async () => {
    await must('close', '2026-09');
    const { code, err } = await here.aicost(
      'close',
      '2026-10',
      '--timezone',
      'Europe/Berlin',
      '--rates',
      rates,
    );
    expect(code).toBe(2);
    expect(err).toContain('2026-10 in Europe/Berlin has hours of 2026-09, which is closed in UTC');
  });

  it('closes the month of a zone, to its hours', async () => {
    // 23:30 UTC on the last of October is November in Berlin, where clocks are an hour ahead by then.
    await ingest(acme('edge', '2026-10-31T22:30:00Z'));
    const berlin = ['--timezone', 'Europe/Berlin'];
    expect(await cost(...OCTOBER, ...berlin)).toBe('6');
    await must('close', '2026-10', ...berlin);
    await ingest(acme('in', '2026-09-30T22:00:00Z'), acme('out', '2026-10-31T23:00:00Z'));
    expect(await cost(...OCTOBER, ...berlin)).toBe('6');
    // b1 2.00, out 1.00, n1 1.00, and the late call 1.00.
    expect(await cost(...NOVEMBER, ...berlin)).toBe('5');
    await must('doctor');
  });

  it('does not reopen a month whose corrections are part of one closed later', async () => {
    await must('close', '2026-10');
    await ingest(LATE);
    await at('2026-12-02T00:00:00Z', 'close', '2026-11');
    const november = await numbers(...NOVEMBER);
    const reopen = async (...argv: string[]) =>
      here.aicostIn(
        { now: Date.parse('2026-12-03T00:00:00Z') },
        'close',
        ...argv,
        '--rates',
        rates,
      );
    const { code, err } = await reopen('2026-10', '--reopen');
    expect([code, err.split('\n')[1]]).toEqual([2, 'Reopen first: aicost close 2026-11 --reopen']);
    expect(await numbers(...NOVEMBER)).toEqual(november);
    expect((await reopen('2026-11', '--reopen')).code).toBe(0);
    expect((await reopen('2026-10', '--reopen')).code).toBe(0);
  });

  it('dates no correction into a closed month, however late the clock runs', async () => {
    await must('close', '2026-10');
    await at('2026-12-02T00:00:00Z', 'close', '2026-11');
    await at('2026-11-25T00:00:00Z', 'ingest', here.write('late.jsonl', jsonl(LATE)));
    expect([await cost(...OCTOBER), await cost(...NOVEMBER)]).toEqual(['7', '1']);
    const { rows } = await report('--by', 'hour');
    expect(rows.at(-1)).toMatchObject({ hour: '2026-12-01T00:00Z', cost_usd: '1' });
  });
});

describe('what people read', () => {
  const shown = async (columns: number, ...argv: string[]): Promise<string> => {
    const { out } = await here.aicostIn({ columns }, ...argv, '--rates', rates);
    return out
      .replaceAll(here.folder, '/home/ana')
      .replaceAll(/\b[0-9a-f]{16}\b/g, '0123456789abcdef');
  };
  const golden = (name: string): string => join(import.meta.dirname, 'golden', name);

  it('is one table, at 80 columns and at 60', async () => {
    await ingest(acme('c1', '2026-10-07T00:00:00Z', { model: 'cog' }));
    await expect(await shown(80, 'close', '2026-10')).toMatchFileSnapshot(golden('close-80.txt'));
    await ingest(LATE);
    await expect(await shown(80, 'close', '2026-10')).toMatchFileSnapshot(
      golden('close-again-80.txt'),
    );
    await expect(await shown(60, 'close', '--list')).toMatchFileSnapshot(
      golden('close-list-60.txt'),
    );
    await expect(await shown(140, 'close', '--list')).toMatchFileSnapshot(
      golden('close-list-140.txt'),
    );
    await expect(await shown(80, 'report', '--by', 'month')).toMatchFileSnapshot(
      golden('report-corrected-80.txt'),
    );
    await expect(await shown(80, 'doctor')).toMatchFileSnapshot(golden('doctor-closed-80.txt'));
    await expect(await shown(80, 'close', '2026-10', '--reopen')).toMatchFileSnapshot(
      golden('close-reopen-80.txt'),
    );
  });
});
