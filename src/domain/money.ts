declare const unit: unique symbol;

/**
 * An amount of US dollars as a whole number of attodollars (1e-18 USD).
 *
 * A list price has at most 8 decimals per million tokens, and half of it, or a tenth more, has to stay
 * exact: half of $0.003625 per million is 1,812.5 picodollars a token. In attodollars every price times
 * every count is a whole number, so sums do not depend on how they are grouped. Rounded for display only.
 */
export type Money = bigint & { readonly [unit]: 'attodollars' };

/** Digits after the point that Money can hold. */
export const MONEY_DECIMALS = 18;

/** No money at all. Never stands for "unknown": that is `undefined`. */
export const ZERO = 0n as Money;

/** Attodollars as Money. */
export const money = (attodollars: bigint): Money => attodollars as Money;

/** The sum of amounts; ZERO for none. */
export const sum = (amounts: Iterable<Money>): Money => {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return money(total);
};

/** A decimal number without rounding: `digits` times 10 to the power of minus `scale`. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/**
 * Reads a decimal from its own text (`2.50`, `1.542e-05`), never through a float.
 * `undefined` when the text is no number.
 */
export function parseDecimal(text: string): Decimal | undefined {
  const match = NUMBER.exec(text.trim());
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
}

/** Integer division rounded half to even, for a positive divisor. */
export function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const remainder = dividend % divisor;
  const twice = (remainder < 0n ? -remainder : remainder) * 2n;
  const away = dividend < 0n ? -1n : 1n;
  if (twice > divisor) return quotient + away;
  if (twice === divisor && quotient % 2n !== 0n) return quotient + away;
  return quotient;
}

/** The decimal as a whole number of 10^-scale, rounded half to even where it has more digits. */
export const rescale = ({ digits, scale }: Decimal, wanted: number): bigint =>
  scale <= wanted
    ? digits * 10n ** BigInt(wanted - scale)
    : divideHalfEven(digits, 10n ** BigInt(scale - wanted));

/** Dollars in decimal text as Money; `undefined` when the text is no number. */
export function parseMoney(text: string): Money | undefined {
  const decimal = parseDecimal(text);
  return decimal === undefined ? undefined : money(rescale(decimal, MONEY_DECIMALS));
}

const ATTO_PER_PICO = 1_000_000n;

/** Money rounded half even to a whole picodollar: what the ledger keeps of reported amounts. */
export const toPicodollars = (amount: Money): Money =>
  money(divideHalfEven(amount, ATTO_PER_PICO) * ATTO_PER_PICO);

/** A whole number of 10^-scale as exact decimal text, without trailing zeros: `0.0002202`. */
export function decimalText(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Money as the exact decimal text of the JSON and CSV contracts. */
export const moneyText = (amount: Money): string => decimalText(amount, MONEY_DECIMALS);

/** Exact dollars as people read them: `$0.0002202`, `-$10.01`. */
export const exactDollars = (amount: Money): string =>
  amount < 0n ? `-$${moneyText(money(0n - amount))}` : `$${moneyText(amount)}`;
