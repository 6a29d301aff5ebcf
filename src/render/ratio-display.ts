import { divideHalfEven } from '../domain/money.ts';
import { grouped } from '../domain/words.ts';

/** 100 %, in the tenths of a percent that are shown. */
const WHOLE = 1_000n;

/**
 * Part of a whole as `25.0%`. Rounding never claims the whole or nothing: 99.96 % reads `99.9%`, and
 * what is not zero is at least `<0.1%`. `undefined` when there is no whole.
 */
export function shareDisplay(part: bigint, whole: bigint): string | undefined {
  if (whole === 0n) return undefined;
  return percent(whole < 0n ? -part : part, whole < 0n ? -whole : whole, '');
}

/** A change against a base: `+12.3%`, `-5.0%`, `0.0%`, or `new` when the base is zero. */
export function changeDisplay(from: bigint, to: bigint): string {
  if (from === 0n) return to === 0n ? '0.0%' : 'new';
  // Against the size of the base, so that more is always plus, also for a credit.
  return percent(to - from, from < 0n ? -from : from, '+');
}

function percent(part: bigint, whole: bigint, plus: string): string {
  if (part === 0n) return '0.0%';
  const sign = part < 0n ? '-' : plus;
  const size = part < 0n ? -part : part;
  const rounded = divideHalfEven(size * WHOLE, whole);
  if (rounded === 0n) return `${part < 0n ? '>' : '<'}${sign}0.1%`;
  const tenths = rounded === WHOLE ? WHOLE + nudge(size, whole) : rounded;
  return `${sign}${grouped(tenths / 10n)}.${tenths % 10n}%`;
}

function nudge(size: bigint, whole: bigint): bigint {
  if (size === whole) return 0n;
  return size < whole ? -1n : 1n;
}
