import { type Decimal, parseDecimal } from './money.ts';

/** What a line charges for, in the words of FOCUS (https://focus.finops.org, column ChargeCategory). */
export const CHARGE_CATEGORIES = ['Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment'] as const;
/** One of CHARGE_CATEGORIES. */
export type ChargeCategory = (typeof CHARGE_CATEGORIES)[number];

/** Kinds of tokens that a bill tells apart; `cache_write` where it names no time to live. */
export type TokenType =
  | 'input'
  | 'cache_read'
  | 'cache_write'
  | 'cache_write@5m'
  | 'cache_write@1h'
  | 'output';

/** Whether a line is for AI, and by which words of the line that was decided. */
export interface AiVerdict {
  readonly kept: boolean;
  readonly reason: string;
}

/**
 * One line of a bill: what somebody was charged, as the bill says it. Never usage, never added to it.
 * Amounts are decimals with the digits of the bill; `undefined` is what the bill does not say.
 */
export interface BillLine {
  /** The line's own id where the bill has one that stays when it is exported again. */
  readonly id: string | undefined;
  /** The text a line was read from, where one record holds several lines. */
  readonly part?: string;
  /** Charge period, milliseconds UTC, half-open. */
  readonly start: number;
  readonly end: number;
  readonly provider: string;
  /** Whose bill: sub-account, project, workspace or subscription, as written. */
  readonly account?: string | undefined;
  readonly service?: string | undefined;
  readonly description?: string | undefined;
  readonly sku?: string | undefined;
  readonly meter?: string | undefined;
  readonly resource?: string | undefined;
  readonly category: ChargeCategory;
  readonly currency: string;
  /** What the invoice adds up. */
  readonly billed: Decimal;
  /** What the period consumed, with prepayments spread over what they cover. */
  readonly effective?: Decimal | undefined;
  readonly list?: Decimal | undefined;
  readonly contracted?: Decimal | undefined;
  readonly quantity?: Decimal | undefined;
  readonly unit?: string | undefined;
  /** Tokens that the line proves by its quantity, unit and meter. */
  readonly tokens?: number | undefined;
  readonly model?: string | undefined;
  readonly tokenType?: TokenType | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly labels: readonly string[];
  /** What is odd about the line, by code; it counts all the same. */
  readonly flags: readonly string[];
  readonly ai: AiVerdict;
}

/** Most digits that an amount of money or a quantity can sensibly have; past it a text is hostile. */
const MOST_DIGITS = 60;

/** A decimal of a bill from its text, E notation included; `undefined` when it is none or absurdly long. */
export function parseAmount(text: string): Decimal | undefined {
  if (text.length > 2 * MOST_DIGITS) return undefined;
  const exponent = /e([+-]?\d+)\s*$/i.exec(text)?.[1];
  if (exponent !== undefined && Math.abs(Number(exponent)) > MOST_DIGITS) return undefined;
  const decimal = parseDecimal(text);
  return decimal === undefined || decimal.scale > MOST_DIGITS ? undefined : decimal;
}

/** The decimal in plain notation with its own digits: what was written `4.80` stays `4.80`. */
export function amountText({ digits, scale }: Decimal): string {
  const plain = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
  const at = plain.length - scale;
  return `${digits < 0n ? '-' : ''}${plain.slice(0, at)}${scale === 0 ? '' : `.${plain.slice(at)}`}`;
}

/** No amount. Never stands for "unknown". */
export const NO_AMOUNT: Decimal = { digits: 0n, scale: 0 };

/** The exact sum. */
export function addAmounts(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return {
    digits: a.digits * 10n ** BigInt(scale - a.scale) + b.digits * 10n ** BigInt(scale - b.scale),
    scale,
  };
}

/** The exact product. */
export const multiplyAmounts = (a: Decimal, b: Decimal): Decimal => ({
  digits: a.digits * b.digits,
  scale: a.scale + b.scale,
});

/** The same amount without zeros at the end of its fraction. */
export function trimmedAmount({ digits, scale }: Decimal): Decimal {
  let [left, places] = [digits, scale];
  while (places > 0 && left % 10n === 0n) {
    left /= 10n;
    places -= 1;
  }
  return { digits: left, scale: places };
}

/** The whole number that a decimal is; `undefined` when it has a fraction or is past 2^53. */
export function wholeNumber(amount: Decimal): number | undefined {
  const { digits, scale } = trimmedAmount(amount);
  const value = Number(digits);
  return scale === 0 && Number.isSafeInteger(value) ? value : undefined;
}
