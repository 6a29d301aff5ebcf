import { describe, expect, it } from 'vitest';
import { parseIsoTime } from '../../src/adapters/contract/fields.ts';

describe('a time in the usual spelling', () => {
  it.each([
    ['2026-11-01T09:00:00Z', Date.UTC(2026, 10, 1, 9)],
    ['2026-11-01T23:59:59.999Z', Date.UTC(2026, 10, 1, 23, 59, 59, 999)],
    ['2024-02-29T00:00:00.001Z', Date.UTC(2024, 1, 29, 0, 0, 0, 1)],
  ])('%s is read to the millisecond, also after a time of another day', (text, expected) => {
    parseIsoTime('2025-06-30T12:00:00Z');
    expect(parseIsoTime(text)).toBe(expected);
    expect(parseIsoTime(text)).toBe(expected);
  });

  it.each([
    '2026-02-30T09:00:00Z',
    '2026-11-01T25:00:00Z',
    '2026-11-01T09:60:00Z',
    '2026-11-01T09:00:61Z',
    '2026-11-01T09:00:0 Z',
    '2026-11-01T09:00:00.0x0Z',
    '2026-11-01T09:00:00.00/Z',
    '2026-1-01T09:00:00.000Z',
    'yesterdayyT09:00:00.000Z',
  ])('%s is none', (text) => {
    parseIsoTime('2026-11-01T09:00:00Z');
    expect(parseIsoTime(text)).toBeUndefined();
  });
});
