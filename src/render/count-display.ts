import { divideHalfEven } from '../domain/money.ts';
import { grouped } from '../domain/words.ts';

const UNITS: readonly { readonly size: bigint; readonly suffix: string }[] = [
  { size: 1_000n, suffix: 'k' },
  { size: 1_000_000n, suffix: 'M' },
  { size: 1_000_000_000n, suffix: 'B' },
  { size: 1_000_000_000_000n, suffix: 'T' },
];

/** A whole number in three digits and a unit (`12.3k`, `1.23M`) where that is shorter than writing it out. */
export function compactCount(value: bigint): string {
  const full = grouped(value);
  const size = value < 0n ? -value : value;
  // The first unit in which the rounded number has at most three digits before the point.
  const unit = UNITS.find((each) => divideHalfEven(size, each.size) < 1_000n);
  if (unit === undefined || size < 1_000n) return full;
  const short = `${value < 0n ? '-' : ''}${threeDigits(size, unit.size)}${unit.suffix}`;
  return short.length < full.length ? short : full;
}

/** Always three digits, `1.20` and not `1.2`, so that a column of them is even. */
function threeDigits(value: bigint, unit: bigint): string {
  const hundredths = divideHalfEven(value * 100n, unit);
  if (hundredths < 1_000n) return pointed(hundredths, 2);
  const tenths = divideHalfEven(value * 10n, unit);
  return tenths < 1_000n ? pointed(tenths, 1) : divideHalfEven(value, unit).toString();
}

function pointed(units: bigint, decimals: number): string {
  const digits = units.toString().padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
