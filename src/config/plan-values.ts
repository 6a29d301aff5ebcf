import {
  type Decimal,
  type Money,
  money,
  MONEY_DECIMALS,
  parseDecimal,
  rescale,
} from '../domain/money.ts';
import type { Written } from '../domain/prompt-plan.ts';
import type { Located, TreeReader } from './yaml-tree.ts';

/** A value and its place, from text that `parse` understands; `undefined` when missing or, reported, wrong. */
export function writtenAt<Value>(
  read: TreeReader,
  value: Located | undefined,
  path: string,
  { parse, expected }: Spelling<Value>,
): Written<Value> | undefined {
  const text = read.text(value, path);
  if (value === undefined || text === undefined) return undefined;
  const parsed = parse(text.trim());
  if (parsed !== undefined) return { value: parsed, origin: value.origin };
  read.error(value.origin, `${path}: expected ${expected}, found "${text}"`);
  return undefined;
}

/** How a value may be written. `expected` is what an error says of it. */
export interface Spelling<Value> {
  readonly parse: (text: string) => Value | undefined;
  readonly expected: string;
}

const AMOUNT = String.raw`(\d{1,3}(?:,\d{3})+|\d{1,15})(\.\d{1,12})?`;

/** A number in plain digits, with or without thousands separators and a unit of thousands. */
function amountOf(whole: string, fraction = '', unit = ''): Decimal | undefined {
  const decimal = parseDecimal(`${whole.replaceAll(',', '')}${fraction}`);
  const factor = { k: 1_000n, m: 1_000_000n, '': 1n }[unit.toLowerCase()];
  return decimal === undefined || factor === undefined
    ? undefined
    : { ...decimal, digits: decimal.digits * factor };
}

const DOLLARS = new RegExp(
  String.raw`^\$? ?${AMOUNT}(?: ?(?:USD|dollars?))?( ?(?:\/|per) ?(?:month|mo))?$`,
  'i',
);
const DOLLARS_A_CALL = new RegExp(
  String.raw`^\$? ?${AMOUNT}(?: ?(?:USD|dollars?))?( ?(?:\/|per) ?call)?$`,
  'i',
);

const dollars = (pattern: RegExp, expected: string): Spelling<Money> => ({
  expected,
  parse(text) {
    const [, whole, fraction] = pattern.exec(text) ?? [];
    const amount = whole === undefined ? undefined : amountOf(whole, fraction);
    return amount === undefined ? undefined : money(rescale(amount, MONEY_DECIMALS));
  },
});

/** Dollars a month: `10`, `"$10"`, `"10 USD/month"`. */
export const USD_A_MONTH = dollars(DOLLARS, 'dollars a month like 10, "$10" or "10 USD/month"');

/** Dollars for one call: `0.05`, `"$0.05"`, `"0.05 USD/call"`. */
export const USD_A_CALL = dollars(
  DOLLARS_A_CALL,
  'dollars a call like 0.05, "$0.05" or "0.05 USD/call"',
);

const PERCENT = new RegExp(String.raw`^${AMOUNT} ?%?$`);

/** A percentage: `20`, `20%`. 20 of them are the decimal 20. */
export const PERCENTAGE: Spelling<Decimal> = {
  expected: 'a percentage like 20 or 20%',
  parse(text) {
    const [, whole, fraction] = PERCENT.exec(text) ?? [];
    return whole === undefined ? undefined : amountOf(whole, fraction);
  },
};

const COUNT = (noun: string): RegExp =>
  new RegExp(String.raw`^${AMOUNT} ?([km])?(?: ?${noun})?$`, 'i');
const TOKENS_PATTERN = COUNT('tokens?');
const CALLS_PATTERN = COUNT(String.raw`(?:calls?|requests?)?(?: ?(?:\/|per) ?month)?`);

/** Most tokens that anything here may have: more is a slip of the unit, and sums stay exact. */
const MOST_TOKENS = 1_000_000_000n;

const decimalOf = (pattern: RegExp, text: string): Decimal | undefined => {
  const [, whole, fraction, unit] = pattern.exec(text) ?? [];
  return whole === undefined ? undefined : amountOf(whole, fraction, unit);
};

/** A whole number of tokens: `800`, `1,500`, `"1.5k tokens"`. */
export const TOKENS: Spelling<number> = {
  expected: 'a whole number of tokens like 800 or "1.5k tokens"',
  parse(text) {
    const decimal = decimalOf(TOKENS_PATTERN, text);
    if (decimal === undefined) return undefined;
    const one = 10n ** BigInt(decimal.scale);
    const tokens = decimal.digits / one;
    return decimal.digits % one === 0n && tokens <= MOST_TOKENS ? Number(tokens) : undefined;
  },
};

/** Tokens on average, which need not be whole: `220`, `220.5`, `"1.5k tokens"`. */
export const MEAN_TOKENS: Spelling<Decimal> = {
  expected: 'tokens like 300 or "1.5k tokens"',
  parse(text) {
    const decimal = decimalOf(TOKENS_PATTERN, text);
    return decimal === undefined || rescale(decimal, 0) > MOST_TOKENS ? undefined : decimal;
  },
};

/** Calls a month: `40000`, `"40k"`, `"1.2M calls/month"`. */
export const CALLS: Spelling<Decimal> = {
  expected: 'calls a month like 40000, "40k" or "1.2M calls/month"',
  parse: (text) => decimalOf(CALLS_PATTERN, text),
};

/** A number that may be written as a percentage. */
function partOf(text: string): Decimal | undefined {
  const [, whole, fraction] = PERCENT.exec(text) ?? [];
  const decimal = whole === undefined ? undefined : amountOf(whole, fraction);
  return decimal !== undefined && text.endsWith('%')
    ? { ...decimal, scale: decimal.scale + 2 }
    : decimal;
}

/** A share of a whole, 0 to 1: `0.95`, `95%`. */
export const RATIO: Spelling<Decimal> = {
  expected: 'a share like 0.95 or 95%',
  parse(text) {
    const ratio = partOf(text);
    return ratio !== undefined && ratio.digits <= 10n ** BigInt(ratio.scale) ? ratio : undefined;
  },
};

/** A number above 0, such as the weight of a case: `0.8`, `4`, `80%`. */
export const WEIGHT: Spelling<Decimal> = {
  expected: 'a number above 0 like 0.8, 4 or 80%',
  parse(text) {
    const weight = partOf(text);
    return weight === undefined || weight.digits === 0n ? undefined : weight;
  },
};

/** How many turns a conversation has on average: 1 or more, which need not be whole. */
export const TURNS: Spelling<Decimal> = {
  expected: 'turns on average, 1 to 10,000, like 3 or 2.5',
  parse(text) {
    const decimal = /^\d{1,5}(\.\d{1,6})?$/.test(text) ? parseDecimal(text) : undefined;
    if (decimal === undefined) return undefined;
    const one = 10n ** BigInt(decimal.scale);
    return decimal.digits >= one && decimal.digits <= 10_000n * one ? decimal : undefined;
  },
};

/** A time to live: `5m`, `1h`. */
export const TTL: Spelling<string> = {
  expected: 'a time to live like 5m or 1h',
  parse: (text) => (/^[1-9]\d{0,4}[smh]$/.test(text) ? text : undefined),
};

/** A span of days before now: `30d`. */
export const DAYS: Spelling<number> = {
  expected: 'days like 30d',
  parse(text) {
    const [, days] = /^([1-9]\d{0,3})d$/.exec(text) ?? [];
    return days === undefined ? undefined : Number(days);
  },
};

/** Any text. */
export const TEXT: Spelling<string> = { expected: 'text', parse: (text) => text };
