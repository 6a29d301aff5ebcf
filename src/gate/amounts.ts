import {
  divideHalfEven,
  type Money,
  money,
  parseDecimal,
  parseMoney,
  rescale,
} from '../domain/money.ts';
import { grouped } from '../domain/words.ts';
import { moneyDecimals, moneyDisplay } from '../render/money-display.ts';
import type { Change, PromptChange, Side, Usd } from './comparison-result.ts';

/** Dollars as people read them, `$782.00`; `?` when unknown. */
export const dollars = (amount: Usd | null): string => {
  const value = moneyOf(amount);
  return value === undefined ? '?' : moneyDisplay(value, decimals(value));
};

/** A difference in dollars with its sign, `+$730.13` or `−$4.95`; `?` when unknown. */
export const signedDollars = (amount: Usd | null): string => {
  const value = moneyOf(amount);
  if (value === undefined) return '?';
  if (value === 0n) return '$0.00';
  const size = money(value < 0n ? 0n - value : value);
  return `${value < 0n ? '−' : '+'}${moneyDisplay(size, decimals(value))}`;
};

/** A percentage with its sign, `+1408%`, `−5.1%`; empty where there is none. */
export function signedPercent(percent: string | null): string {
  const decimal = percent === null ? undefined : parseDecimal(percent);
  if (decimal === undefined) return '';
  const tenths = rescale(decimal, 1);
  if (decimal.digits === 0n) return '0%';
  const size = tenths < 0n ? -tenths : tenths;
  const sign = decimal.digits < 0n ? '−' : '+';
  if (size === 0n) return `${sign}<0.1%`;
  if (size >= 1000n) return `${sign}${divideHalfEven(size, 10n)}%`;
  return `${sign}${size / 10n}${size % 10n === 0n ? '' : `.${size % 10n}`}%`;
}

/** A change as one text: `+$730.13 (+1408%)`, `≥ +$3.00`. */
export function changeText({ delta_usd, delta_pct, at_least }: Change): string {
  if (delta_usd === null) return '?';
  const percent = signedPercent(delta_pct);
  const amount = `${at_least ? '≥ ' : ''}${signedDollars(delta_usd)}`;
  return percent === '' ? amount : `${amount} (${percent})`;
}

/** A number of calls or of tokens, `100,000`; a mean with one decimal at most. */
export function quantityText(value: string): string {
  const decimal = parseDecimal(value);
  if (decimal === undefined) return value;
  const tenths = rescale(decimal, 1);
  if (tenths === 0n && decimal.digits !== 0n) return value;
  return `${grouped(tenths / 10n)}${tenths % 10n === 0n ? '' : `.${tenths % 10n}`}`;
}

/** Tokens of one side, `2,658`; `est. 2,510–2,806` where they are estimated, `?` when unknown. */
export function tokensText(side: Side): string {
  if (side.tokens_source === 'unknown') return '?';
  return side.tokens_low === side.tokens_high
    ? grouped(BigInt(side.tokens_in))
    : `est. ${grouped(BigInt(side.tokens_low))}–${grouped(BigInt(side.tokens_high))}`;
}

/** Dollars of one side, `~$71.05` where they rest on estimated tokens. */
export const sideDollars = (side: Side | null, amount: Usd | null): string =>
  amount === null ? '?' : `${isEstimated(side) ? '~' : ''}${dollars(amount)}`;

/** Dollars of a sum with what is not sure of it: `≥ ~$134.55`. */
export function sumDollars(
  { head_usd, at_least }: Change,
  prompts: readonly PromptChange[],
): string {
  if (head_usd === null) return '?';
  const rough = prompts.some(({ head, change }) => change.head_usd !== null && isEstimated(head));
  return `${at_least ? '≥ ' : ''}${rough ? '~' : ''}${dollars(head_usd)}`;
}

const isEstimated = (side: Side | null): boolean =>
  side !== null && side.tokens_low !== side.tokens_high;

/** Before and after, or the one of them that there is: `2,658 → 2,328`. */
export function beforeAndAfter(
  base: Side | null,
  head: Side | null,
  text: (side: Side) => string,
): string {
  const sides = [base, head].flatMap((side) => (side === null ? [] : [text(side)]));
  return sides[0] === sides[1] ? (sides[0] ?? '') : sides.join(' → ');
}

const decimals = (value: Money): number => moneyDecimals([value]);

const moneyOf = (amount: Usd | null): Money | undefined =>
  amount === null ? undefined : parseMoney(amount);
