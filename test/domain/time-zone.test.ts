import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dayText,
  firstDayOf,
  isTimeZone,
  localDay,
  offsetAt,
  parseDay,
  segments,
  startOfLocalDay,
} from '../../src/domain/time-zone.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const SEED = { seed: 20261121, numRuns: 120 };

const ZONES = [
  { zone: 'UTC', trait: 'no change at all' },
  { zone: 'Europe/Berlin', trait: 'a change at 01:00 UTC' },
  { zone: 'America/New_York', trait: 'a change at 02:00 local time' },
  { zone: 'Australia/Lord_Howe', trait: 'half an hour of daylight saving' },
  { zone: 'Asia/Kathmandu', trait: 'quarter hours' },
  { zone: 'America/Sao_Paulo', trait: 'a change at midnight' },
  { zone: 'Pacific/Apia', trait: 'a day that never was' },
];

const noon = (text: string): number => Date.parse(`${text}T12:00:00Z`);
const dayNumber = (text: string): number => parseDay(text) ?? Number.NaN;
const start = (zone: string, day: string): string =>
  new Date(startOfLocalDay(zone, dayNumber(day))).toISOString();

describe.each(ZONES)('$zone, with $trait', ({ zone }) => {
  const day = fc.integer({ min: dayNumber('1995-01-01'), max: dayNumber('2030-12-31') });

  it('has days that begin where the one before ends, at a change of date', () => {
    fc.assert(
      fc.property(day, (number) => {
        const begin = startOfLocalDay(zone, number);
        expect(localDay(zone, begin - 1)).toBeLessThan(number);
        expect(localDay(zone, begin)).toBeGreaterThanOrEqual(number);
        expect(startOfLocalDay(zone, number + 1)).toBeGreaterThanOrEqual(begin);
      }),
      SEED,
    );
  });

  it('has every instant in exactly one day', () => {
    const time = fc.integer({ min: noon('1995-01-01'), max: noon('2030-12-31') });
    fc.assert(
      fc.property(time, (instant) => {
        const number = localDay(zone, instant);
        expect(startOfLocalDay(zone, number)).toBeLessThanOrEqual(instant);
        expect(startOfLocalDay(zone, number + 1)).toBeGreaterThan(instant);
      }),
      SEED,
    );
  });

  it.each(['week', 'month'] as const)('has a %s that begins on a day of its own', (grain) => {
    fc.assert(
      fc.property(day, (number) => {
        const first = firstDayOf(grain, number);
        expect(first).toBeLessThanOrEqual(number);
        expect(firstDayOf(grain, first)).toBe(first);
        expect(firstDayOf(grain, first - 1)).toBeLessThan(first);
      }),
      SEED,
    );
  });

  it('falls into stretches of one offset, without gap', () => {
    const span = fc.tuple(
      fc.integer({ min: noon('2009-01-01'), max: noon('2013-01-01') }),
      fc.nat(400 * DAY),
    );
    fc.assert(
      fc.property(span, ([from, length]) => {
        const cut = segments(zone, from, from + length);
        const edges = cut.flatMap((one) => [one.start, one.end]);
        const inner = cut.slice(1).flatMap((one) => [one.start, one.start]);
        expect(edges).toEqual(length === 0 ? [] : [from, ...inner, from + length]);
        for (const one of cut)
          for (const at of [one.start, one.end - 1]) expect(offsetAt(zone, at)).toBe(one.offset);
      }),
      { ...SEED, numRuns: 15 },
    );
  });
});

describe('startOfLocalDay', () => {
  it.each([
    { name: 'in winter', zone: 'Europe/Berlin', day: '2026-01-15', at: '2026-01-14T23:00:00.000Z' },
    { name: 'in summer', zone: 'Europe/Berlin', day: '2026-07-15', at: '2026-07-14T22:00:00.000Z' },
    {
      name: 'of a day of 23 hours',
      zone: 'Europe/Berlin',
      day: '2026-03-29',
      at: '2026-03-28T23:00:00.000Z',
    },
    {
      name: 'after a day of 23 hours',
      zone: 'Europe/Berlin',
      day: '2026-03-30',
      at: '2026-03-29T22:00:00.000Z',
    },
    {
      name: 'after a day of 25 hours',
      zone: 'America/New_York',
      day: '2026-11-02',
      at: '2026-11-02T05:00:00.000Z',
    },
    {
      name: 'on quarter hours',
      zone: 'Asia/Kathmandu',
      day: '2026-11-21',
      at: '2026-11-20T18:15:00.000Z',
    },
    {
      name: 'on half hours',
      zone: 'Australia/Lord_Howe',
      day: '2026-07-01',
      at: '2026-06-30T13:30:00.000Z',
    },
    // Clocks went from 00:00 to 01:00: the first instant of the day is 01:00 local, 03:00 UTC.
    {
      name: 'without a midnight',
      zone: 'America/Sao_Paulo',
      day: '2018-11-04',
      at: '2018-11-04T03:00:00.000Z',
    },
    // 30 December 2011 was left out, so it begins and ends with the 31st.
    {
      name: 'that never was',
      zone: 'Pacific/Apia',
      day: '2011-12-30',
      at: '2011-12-30T10:00:00.000Z',
    },
    { name: 'after it', zone: 'Pacific/Apia', day: '2011-12-31', at: '2011-12-30T10:00:00.000Z' },
    {
      name: 'furthest ahead',
      zone: 'Pacific/Kiritimati',
      day: '2026-11-21',
      at: '2026-11-20T10:00:00.000Z',
    },
    {
      name: 'furthest behind',
      zone: 'Etc/GMT+12',
      day: '2026-11-21',
      at: '2026-11-21T12:00:00.000Z',
    },
  ])('is the first instant of a day $name', ({ zone, day, at }) => {
    expect(start(zone, day)).toBe(at);
  });
});

describe('offsetAt', () => {
  it.each([
    { zone: 'UTC', at: '2026-07-01', hours: 0 },
    { zone: 'Europe/London', at: '2026-01-01', hours: 0 },
    { zone: 'Europe/Berlin', at: '2026-07-01', hours: 2 },
    { zone: 'America/New_York', at: '2026-01-01', hours: -5 },
    { zone: 'Australia/Lord_Howe', at: '2026-01-01', hours: 11 },
    { zone: 'Australia/Lord_Howe', at: '2026-07-01', hours: 10.5 },
    { zone: 'Asia/Kathmandu', at: '2026-07-01', hours: 5.75 },
  ])('of $zone on $at is $hours hours', ({ zone, at, hours }) => {
    expect(offsetAt(zone, noon(at))).toBe(hours * HOUR);
  });
});

describe('parseDay', () => {
  it('reads what dayText wrote', () => {
    fc.assert(
      fc.property(fc.integer({ min: -700_000, max: 2_900_000 }), (number) => {
        expect(parseDay(dayText(number))).toBe(number);
      }),
      SEED,
    );
  });

  it.each([
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-1-1',
    '26-01-01',
    '2026-01-01T00:00:00Z',
    '',
  ])('knows no day %j', (text) => expect(parseDay(text)).toBeUndefined());
});

describe('isTimeZone', () => {
  it.each(['UTC', 'Europe/Berlin', 'Asia/Kathmandu'])('knows %s', (zone) => {
    expect(isTimeZone(zone)).toBe(true);
  });

  it.each(['Europe/Atlantis', '', 'Berlin'])('does not know %j', (zone) => {
    expect(isTimeZone(zone)).toBe(false);
  });
});

describe('a week', () => {
  it.each([
    { day: '2026-11-16', name: 'Monday', first: '2026-11-16' },
    { day: '2026-11-21', name: 'Saturday', first: '2026-11-16' },
    { day: '2026-11-22', name: 'Sunday', first: '2026-11-16' },
    { day: '1969-12-31', name: 'a Wednesday before 1970', first: '1969-12-29' },
  ])('of $name begins on Monday', ({ day, first }) => {
    expect(dayText(firstDayOf('week', dayNumber(day)))).toBe(first);
  });
});
