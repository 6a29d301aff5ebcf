import type { Fraction } from './fraction.ts';
import { decimalText, divideHalfEven } from './money.ts';

/** A fraction in decimal digits, rounded half to even to so many, with all of them: `0.28`, `0.50`. */
export function quotientText({ part, over }: Fraction, digits: number): string {
  const [whole = '0', fraction = ''] = decimalText(
    divideHalfEven(part * 10n ** BigInt(digits), over),
    digits,
  ).split('.');
  return digits === 0 ? whole : `${whole}.${fraction.padEnd(digits, '0')}`;
}

/** A part of a whole in percent with two digits, `37.36 %`; a dash where there is no whole. */
export const percentText = (part: bigint, whole: bigint): string =>
  whole === 0n ? '—' : `${quotientText({ part: part * 100n, over: whole }, 2)} %`;
