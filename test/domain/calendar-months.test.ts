import { describe, expect, it } from 'vitest';
import { addMonths, stretchOfMonths } from '../../src/domain/calendar-months.ts';

const day = (text: string): number => Date.parse(text);
const text = (time: number): string => new Date(time).toISOString().slice(0, 16);

describe('months later', () => {
  it.each([
    ['2026-01-31', 1, '2026-02-28T00:00'],
    ['2028-01-31', 1, '2028-02-29T00:00'],
    ['2026-11-15', 2, '2027-01-15T00:00'],
    ['2026-03-31', -1, '2026-02-28T00:00'],
    ['2026-02-01', 48, '2030-02-01T00:00'],
  ])('%s and %i is %s', (from, months, expected) => {
    expect(text(addMonths(day(from), months))).toBe(expected);
  });
});

describe('the stretch of months', () => {
  it.each([
    ['2026-01-01', 12, '2026-11-21', '2026-01-01T00:00', '2027-01-01T00:00'],
    ['2026-04-15', 12, '2027-04-14T23:59:59Z', '2026-04-15T00:00', '2027-04-15T00:00'],
    ['2026-04-15', 12, '2027-04-15', '2027-04-15T00:00', '2028-04-15T00:00'],
    ['2026-01-31', 1, '2026-02-28', '2026-02-28T00:00', '2026-03-31T00:00'],
    ['1970-01-01', 3, '2026-11-21', '2026-10-01T00:00', '2027-01-01T00:00'],
    ['2026-04-15', 1, '2026-01-20', '2026-01-15T00:00', '2026-02-15T00:00'],
  ])('from %s by %i that holds %s is %s to %s', (anchor, months, time, start, end) => {
    const stretch = stretchOfMonths(day(anchor), months, day(time));
    expect([text(stretch.start), text(stretch.end)]).toEqual([start, end]);
  });
});
