import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { parseUtcTime } from '../../src/domain/utc-time.ts';

const zoneBefore = process.env['TZ'];
afterEach(() => {
  process.env['TZ'] = zoneBefore;
});

describe('parseUtcTime', () => {
  it.each([
    { text: '2026-11-01', time: '2026-11-01T00:00:00.000Z' },
    { text: '2024-02-29', time: '2024-02-29T00:00:00.000Z' },
    { text: '2026-11-01T09:00Z', time: '2026-11-01T09:00:00.000Z' },
    { text: '2026-11-01T09:00:00Z', time: '2026-11-01T09:00:00.000Z' },
    { text: '2026-11-01T09:00:00.25Z', time: '2026-11-01T09:00:00.250Z' },
    { text: '2026-11-01T00:30:00+05:45', time: '2026-10-31T18:45:00.000Z' },
    { text: '2026-11-01T09:00:00', time: '2026-11-01T09:00:00.000Z' },
  ])('takes $text for $time', ({ text, time }) => {
    expect(parseUtcTime(text)).toBe(Date.parse(time));
  });

  it.each(['America/New_York', 'Asia/Kathmandu'])('takes the same wherever it runs: %s', (zone) => {
    process.env['TZ'] = zone;
    expect(parseUtcTime('2026-11-01T09:00:00')).toBe(Date.UTC(2026, 10, 1, 9));
  });

  it.each([
    '2026-02-29',
    '2026-02-30T00:00:00Z',
    '2026-13-01',
    '2026-11-00',
    '2026-11-01T25:00:00Z',
    '2026-11-01T09:61:00Z',
    '2026-11-01 09:00',
    '2026-11-01T09Z',
    '1 Nov 2026',
    '2026',
    '',
  ])('takes %j for no time', (text) => expect(parseUtcTime(text)).toBeUndefined());

  it('reads what toISOString wrote', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (time) => {
        expect(parseUtcTime(new Date(time).toISOString())).toBe(time);
      }),
      { seed: 20261121, numRuns: 200 },
    );
  });
});
