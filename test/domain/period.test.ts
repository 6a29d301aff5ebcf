import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  comparable,
  isClosedPeriod,
  parseInstant,
  parsePeriod,
  spanText,
} from '../../src/domain/period.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const UTC = { now: NOW, timeZone: 'UTC' };
const BERLIN = { now: NOW, timeZone: 'Europe/Berlin' };

type Ends = { readonly start: number; readonly end: number };
const iso = ({ start, end }: Ends): string =>
  `${new Date(start).toISOString()} ${new Date(end).toISOString()}`
    .replaceAll(':00.000Z', '')
    .replaceAll('T00:00', '');

const span = (text: string, clock = UTC): Ends => {
  const period = parsePeriod(text, clock);
  if (period === undefined) throw new Error(`no period: ${text}`);
  return period;
};

describe('parsePeriod', () => {
  // 21 November 2026 is a Saturday.
  it.each([
    { text: 'today', ends: '2026-11-21 2026-11-22' },
    { text: 'yesterday', ends: '2026-11-20 2026-11-21' },
    { text: 'this-week', ends: '2026-11-16 2026-11-23' },
    { text: 'last-week', ends: '2026-11-09 2026-11-16' },
    { text: 'this-month', ends: '2026-11-01 2026-12-01' },
    { text: 'last-month', ends: '2026-10-01 2026-11-01' },
    { text: '2026-12', ends: '2026-12-01 2027-01-01' },
    { text: '2024-02', ends: '2024-02-01 2024-03-01' },
    { text: '2026-02-28', ends: '2026-02-28 2026-03-01' },
    { text: '24h', ends: '2026-11-20T12:00 2026-11-21T12:00' },
    { text: '7d', ends: '2026-11-14T12:00 2026-11-21T12:00' },
    { text: '2w', ends: '2026-11-07T12:00 2026-11-21T12:00' },
    { text: '2026-11-01..2026-11-11', ends: '2026-11-01 2026-11-11' },
    { text: '2026-11-01..now', ends: '2026-11-01 2026-11-21T12:00' },
    { text: '2026-09..2026-11', ends: '2026-09-01 2026-11-01' },
    { text: 'last-month..today', ends: '2026-10-01 2026-11-21' },
    {
      text: '2026-11-01T09:00:00Z..2026-11-01T17:30:00+02:00',
      ends: '2026-11-01T09:00 2026-11-01T15:30',
    },
  ])('takes $text for $ends', ({ text, ends }) => {
    expect(iso(span(text))).toBe(ends);
  });

  it.each([
    { text: 'today', ends: '2026-11-20T23:00 2026-11-21T23:00' },
    { text: 'this-month', ends: '2026-10-31T23:00 2026-11-30T23:00' },
    // October has 31 days and an hour in Berlin.
    { text: 'last-month', ends: '2026-09-30T22:00 2026-10-31T23:00' },
    { text: '2026-03-29', ends: '2026-03-28T23:00 2026-03-29T22:00' },
  ])('counts days as clocks in Berlin do: $text', ({ text, ends }) => {
    expect(iso(span(text, BERLIN))).toBe(ends);
  });

  it.each([
    '',
    'tomorrow',
    '2026-13',
    '2026-02-30',
    '7',
    '7y',
    '-7d',
    '99999d',
    '2026-11-11..2026-11-01',
    '2026-11-01..',
    '..2026-11-01',
    '..',
    'TODAY',
  ])('takes %j for no period', (text) => expect(parsePeriod(text, UTC)).toBeUndefined());

  it('has months that tile the year', () => {
    const months = Array.from({ length: 12 }, (_, month) =>
      span(`2026-${String(month + 1).padStart(2, '0')}`, BERLIN),
    );
    const year = span('2026-01-01..2027-01-01', BERLIN);
    expect([year.start, ...months.map(({ end }) => end)]).toEqual([
      ...months.map(({ start }) => start),
      year.end,
    ]);
  });

  it('has now inside today, this week and this month, wherever it is asked', () => {
    const zones = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'Asia/Kathmandu',
      'America/Sao_Paulo',
      'Pacific/Apia',
    );
    const time = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2030, 0, 1) });
    fc.assert(
      fc.property(zones, time, (timeZone, now) => {
        for (const text of ['today', 'this-week', 'this-month']) {
          const { start, end } = span(text, { now, timeZone });
          expect(start <= now && now < end).toBe(true);
        }
      }),
      { seed: 20261121, numRuns: 100 },
    );
  });

  it.each(['day', 'week', 'month'] as const)('ends the last %s where this one begins', (grain) => {
    const [before, after] =
      grain === 'day' ? ['yesterday', 'today'] : [`last-${grain}`, `this-${grain}`];
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2030, 0, 1) }), (now) => {
        const clock = { now, timeZone: 'America/Sao_Paulo' };
        expect(span(before, clock).end).toBe(span(after, clock).start);
      }),
      { seed: 20261121, numRuns: 100 },
    );
  });
});

describe('parseInstant', () => {
  it.each([
    { text: '2026-11-01', at: '2026-10-31T23:00:00.000Z' },
    { text: '2026-11-01T09:00:00Z', at: '2026-11-01T09:00:00.000Z' },
    { text: '2026-11-01T09:00+01:00', at: '2026-11-01T08:00:00.000Z' },
    { text: '2026-11-01T09:00:00.250Z', at: '2026-11-01T09:00:00.250Z' },
    { text: 'now', at: '2026-11-21T12:00:00.000Z' },
    { text: 'last-month', at: '2026-09-30T22:00:00.000Z' },
    { text: '2026-07', at: '2026-06-30T22:00:00.000Z' },
    { text: '36h', at: '2026-11-20T00:00:00.000Z' },
  ])('takes $text in Berlin for $at', ({ text, at }) => {
    expect(new Date(parseInstant(text, BERLIN) ?? Number.NaN).toISOString()).toBe(at);
  });

  it.each([
    '2026-11-01T09:00:00',
    '2026-11-01 09:00',
    '1793700000',
    '2026-11-01..2026-11-02',
    'soon',
  ])('does not guess what %j means', (text) => expect(parseInstant(text, UTC)).toBeUndefined());
});

describe('isClosedPeriod', () => {
  it.each([
    { text: 'last-month', closed: true },
    { text: 'today', closed: true },
    { text: '7d', closed: false },
    { text: '2026-10', closed: false },
  ])('of $text is $closed', ({ text, closed }) => expect(isClosedPeriod(text)).toBe(closed));
});

describe('comparable', () => {
  const compared = (text: string, against: string | undefined, clock = UTC) => {
    const { current, base, caution } = comparable(
      span(text, clock),
      against === undefined ? undefined : span(against, clock),
      clock,
    );
    return { current: iso(current), base: iso(base), caution };
  };

  it.each([
    {
      name: 'a whole month with the whole one before',
      text: '2026-10',
      current: '2026-10-01 2026-11-01',
      base: '2026-09-01 2026-10-01',
    },
    {
      name: 'the part of a month with the same part of the one before',
      text: 'this-month',
      current: '2026-11-01 2026-11-21T12:00',
      base: '2026-10-01 2026-10-21T12:00',
    },
    {
      name: 'the part of a week with the same part of the one before',
      text: 'this-week',
      current: '2026-11-16 2026-11-21T12:00',
      base: '2026-11-09 2026-11-14T12:00',
    },
    {
      name: 'half a day with half the one before',
      text: 'today',
      current: '2026-11-21 2026-11-21T12:00',
      base: '2026-11-20 2026-11-20T12:00',
    },
    {
      name: 'ten days with the ten before',
      text: '2026-11-01..2026-11-11',
      current: '2026-11-01 2026-11-11',
      base: '2026-10-22 2026-11-01',
    },
    {
      name: 'the last hours with as many before',
      text: '36h',
      current: '2026-11-20 2026-11-21T12:00',
      base: '2026-11-18T12:00 2026-11-20',
    },
    {
      name: 'a quarter with as many days before',
      text: '2026-07..2026-10',
      current: '2026-07-01 2026-10-01',
      base: '2026-03-31 2026-07-01',
    },
  ])('sets $name', ({ text, current, base }) => {
    expect(compared(text, undefined)).toEqual({ current, base, caution: undefined });
  });

  it('cuts a short February and says so', () => {
    const clock = { now: Date.parse('2026-03-31T12:00:00Z'), timeZone: 'UTC' };
    expect(compared('this-month', undefined, clock)).toEqual({
      current: '2026-03-01 2026-03-31T12:00',
      base: '2026-02-01 2026-03-01',
      caution: '30.5 days are compared with 28 days',
    });
  });

  it('says when a period that was asked for has another length', () => {
    expect(compared('2026-10', '2026-09').caution).toBe('31 days are compared with 30 days');
  });

  it('cuts a period that was asked for at the same place', () => {
    expect(compared('this-month', '2025-11').base).toBe('2025-11-01 2025-11-21T12:00');
  });

  it('counts a day of 25 hours as one day', () => {
    // Clocks went back on 2026-10-25 in Berlin: that Sunday has 25 hours, the one before 24.
    expect(compared('2026-10-25', '2026-10-18', BERLIN).caution).toBeUndefined();
  });

  it('compares by the clock on the wall across a change of clocks', () => {
    // 12:00 UTC is 13:00 in Berlin in November; 13:00 on 21 October is 11:00 UTC.
    expect(compared('this-month', undefined, BERLIN).base).toBe(
      '2026-09-30T22:00 2026-10-21T11:00',
    );
  });

  it('sets days beside as many days before them, of which no more are over', () => {
    const first = fc.integer({ min: 18_262, max: 20_820 }).map((day) => day * 86_400_000);
    fc.assert(
      fc.property(first, fc.integer({ min: 1, max: 90 }), (start, length) => {
        const { current, base } = comparable(
          { start, end: start + length * 86_400_000 },
          undefined,
          UTC,
        );
        expect(base.start).toBeLessThanOrEqual(base.end);
        expect(base.end).toBeLessThanOrEqual(current.start);
      }),
      { seed: 20261121, numRuns: 200 },
    );
  });
});

describe('spanText', () => {
  it.each([
    { name: 'no ends', ends: {}, text: 'all time' },
    { name: 'a day', ends: span('2026-11-01'), text: '2026-11-01' },
    {
      name: 'a month, both days included',
      ends: span('2026-10'),
      text: '2026-10-01 to 2026-10-31',
    },
    { name: 'a beginning', ends: { start: span('2026-10').start }, text: '2026-10-01 to now' },
    { name: 'an end', ends: { end: span('2026-10').start }, text: 'the beginning to 2026-09-30' },
    { name: 'a time of day', ends: span('24h'), text: '2026-11-20 12:00 to 2026-11-21 12:00' },
  ])('writes $name', ({ ends, text }) => expect(spanText(ends, 'UTC')).toBe(text));
});
