import { decimalOf, type Fraction } from '../domain/fraction.ts';
import { decimalText, MONEY_DECIMALS } from '../domain/money.ts';
import { grouped } from '../domain/words.ts';

/** A fraction in a sentence for people: rounded half to even, with thousands separators, all digits after the point shown. */
export function roundedText(value: Fraction, decimals: number): string {
  const { digits } = decimalOf(value, decimals);
  const size = digits < 0n ? -digits : digits;
  const scale = 10n ** BigInt(decimals);
  const fraction = decimals === 0 ? '' : `.${(size % scale).toString().padStart(decimals, '0')}`;
  return `${digits < 0n ? '-' : ''}${grouped(size / scale)}${fraction}`;
}

/** Attodollars in a sentence for people: `$1,234.50`; `<$0.01` for what rounds to nothing and is more. */
export function dollarsText({ part, over }: Fraction, decimals = 2): string {
  const dollars = { part, over: over * 10n ** BigInt(MONEY_DECIMALS) };
  const text = roundedText({ ...dollars, part: part < 0n ? -part : part }, decimals);
  if (part > 0n && /^[0.]+$/.test(text)) return `<$${text.slice(0, -1)}1`;
  return `${part < 0n ? '-' : ''}$${text}`;
}

/** A share as percent for people: `49.6 %`. */
export const percentText = (share: Fraction, decimals = 1): string =>
  `${roundedText({ part: share.part * 100n, over: share.over }, decimals)} %`;

/** A fraction as decimal text for programs, rounded half to even at so many digits, without trailing zeros. */
export const programText = (value: Fraction, decimals = 6): string => {
  const { digits, scale } = decimalOf(value, decimals);
  return decimalText(digits, scale);
};
