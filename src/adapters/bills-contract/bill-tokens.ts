import { multiplyAmounts, type TokenType, wholeNumber } from '../../domain/bill.ts';
import type { Decimal } from '../../domain/money.ts';

// The order decides: names of cache meters contain "input" too.
const TOKEN_TYPES: readonly (readonly [RegExp, TokenType])[] = [
  [
    /cache[ _.-]?(write|creation)\w*[ _.-]*(ephemeral[ _.-]?)?1 ?h|1h[ _-]?cache[ _-]?write/i,
    'cache_write@1h',
  ],
  [/cache[ _.-]?(write|creation)\w*[ _.-]*(ephemeral[ _.-]?)?5 ?m/i, 'cache_write@5m'],
  [/cache[ _.-]?(write|writes|creation)|\bcd[ _-]?wr\b/i, 'cache_write'],
  [/cache[ _.-]?(read|hit)|cached|caching|\bcd[ _-]?inp?(ut)?\b/i, 'cache_read'],
  [/output|outp?t?\b|\bopt\b|response[ _-]?token|completion/i, 'output'],
  [/input|\binp\b|prompt/i, 'input'],
];

/** The kind of tokens that the words of a meter name; `undefined` when they name none. */
export const tokenTypeOf = (text: string): TokenType | undefined =>
  TOKEN_TYPES.find(([pattern]) => pattern.test(text))?.[1];

/** How many single things a unit stands for: `1K tokens` 1000, `1M` a million, `1000 Tokens` 1000. */
export function unitSize(unit: string): bigint {
  if (/\bmillions?\b/i.test(unit)) return 1_000_000n;
  if (/\bthousands?\b/i.test(unit)) return 1000n;
  const match = /^\s*(\d[\d,]*)?\s*([KM])?(?![A-Za-z])/.exec(unit);
  const number = BigInt(match?.[1]?.replaceAll(',', '') ?? '1');
  const letter = match?.[2];
  if (letter === 'K') return number * 1000n;
  return letter === 'M' ? number * 1_000_000n : number;
}

/** Whole tokens in a quantity of units; `undefined` when that is no whole number. */
export const tokensIn = (quantity: Decimal, size: bigint): number | undefined => {
  const tokens = wholeNumber(multiplyAmounts(quantity, { digits: size, scale: 0 }));
  return tokens === undefined || tokens < 0 ? undefined : tokens;
};
