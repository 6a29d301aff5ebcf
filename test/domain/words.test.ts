import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counted, grouped } from '../../src/domain/words.ts';

describe('a count in a sentence', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1_000, '1,000'],
    [-1_234_567, '-1,234,567'],
    [12_345_678_901_234_567_890n, '12,345,678,901,234,567,890'],
  ])('%s is written %s', (count, text) => expect(grouped(count)).toBe(text));

  it('is written as American English writes it', () =>
    fc.assert(
      fc.property(fc.bigInt(), (count) => {
        expect(grouped(count)).toBe(count.toLocaleString('en-US'));
      }),
      { seed: 7 },
    ));

  it('of one has no plural', () =>
    expect([counted(1n, 'file'), counted(2, 'file'), counted(0, 'entry', 'entries')]).toEqual([
      '1 file',
      '2 files',
      '0 entries',
    ]));
});
