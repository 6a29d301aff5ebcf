import { describe, expect, it } from 'vitest';
import { unitNamed } from '../../src/domain/units.ts';

const GIB_HOUR_MS = 1024n ** 3n * 3_600_000n;

describe('a unit is', () => {
  it.each([
    ['s', 'time', 1000n],
    ['seconds', 'time', 1000n],
    ['GPU-hours', 'time', 3_600_000n],
    ['pod-minutes', 'time', 60_000n],
    ['ms', 'time', 1n],
    ['GB', 'bytes', 1_000_000_000n],
    ['GiB', 'bytes', 1_073_741_824n],
    ['KiB', 'bytes', 1024n],
    ['GiB-hours', 'byte-time', GIB_HOUR_MS],
    ['GB-Hours', 'byte-time', 10n ** 9n * 3_600_000n],
    ['count', 'count', 1n],
    ['queries', 'count', 1n],
    ['1K tokens', 'count', 1000n],
    ['1000000 Tokens', 'count', 1_000_000n],
    ['1M tokens', 'count', 1_000_000n],
  ] as const)('%s: %s, %i of its base unit', (name, measure, part) =>
    expect(unitNamed(name)).toMatchObject({ measure, factor: { part, over: 1n } }),
  );

  // Gb are bits, months are no fixed time, and the others are no units at all.
  it.each([
    'Gb',
    'gb',
    'GB-months',
    'parsecs',
    'constructor',
    '__proto__',
    '',
    '0 tokens',
    '1X tokens',
  ])('not guessed from "%s"', (name) => expect(unitNamed(name)).toBeUndefined());

  // 5 x 1,000 at 2 a thousand and 0.005 x 1,000,000 at 2,000 a million are both 10: the factor is exact.
  it('the same quantity by the thousand and by the million', () => {
    const [thousand, million] = [unitNamed('1K tokens'), unitNamed('1M tokens')];
    expect(5000n * (thousand?.factor.part ?? 0n)).toBe(5n * (million?.factor.part ?? 0n));
  });
});
