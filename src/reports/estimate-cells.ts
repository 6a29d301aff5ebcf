import { type Decimal, decimalText, divideHalfEven } from '../domain/money.ts';
import type { NumberSource, Sourced } from '../domain/number-source.ts';
import type { Amount, CostedPrompt } from '../prompts/costed-prompt.ts';
import type { TokenCount } from '../prompts/counting/token-count.ts';
import { type Cell, optionalText as text } from './answer.ts';

/** Money of a prompt as people read it; a question mark where it is not known. */
export function amountCell(
  amount: Amount,
  { assumed, atLeast }: { readonly assumed: boolean; readonly atLeast: boolean },
): Cell {
  if (amount.kind === 'unknown') return { kind: 'unknown', asks: true };
  const { value, low, high } = amount;
  return {
    kind: 'money',
    value,
    ...(assumed ? { assumed } : {}),
    ...(atLeast ? { bound: 'at-least' } : low === high ? {} : { bound: 'about' }),
  };
}

/** One end of an amount, for programs. */
export const endCell = (amount: Amount, end: 'low' | 'high'): Cell =>
  amount.kind === 'unknown' ? { kind: 'unknown' } : { kind: 'money', value: amount[end] };

/** Tokens with their band; a question mark where nothing was counted. */
export const tokensCell = (tokens: TokenCount | undefined): Cell =>
  tokens === undefined
    ? { kind: 'unknown', asks: true }
    : {
        kind: 'estimate',
        value: BigInt(tokens.tokens),
        low: BigInt(tokens.low),
        high: BigInt(tokens.high),
        ...(tokens.source === 'assumed' ? { assumed: true } : {}),
      };

/** A whole number of tokens, for programs. */
export const countCell = (count: number | undefined): Cell =>
  count === undefined ? { kind: 'unknown' } : { kind: 'count', value: BigInt(count) };

/** A decimal as exact text, without zeros at its end. */
export const decimalCell = (value: Decimal | undefined): Cell =>
  text(value === undefined ? undefined : decimalText(value.digits, value.scale));

/** A decimal as people read it, with thousands separators and at most so many digits after the point. */
export function shownDecimal({ digits, scale }: Decimal, decimals = 1): string {
  const less = Math.max(0, scale - decimals);
  const [whole = '0', fraction] = decimalText(
    divideHalfEven(digits, 10n ** BigInt(less)),
    scale - less,
  ).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A share as a percentage: `95%`. */
export const shownShare = ({ digits, scale }: Decimal): string =>
  `${shownDecimal({ digits: digits * 100n, scale }, 1)}%`;

/** The source of a number that may be missing. */
export const sourceOf = (sourced: Sourced<unknown> | undefined): NumberSource =>
  sourced?.source ?? 'unknown';

/** What an amount rests on that nobody said: answers, hits of a cache and tokens, for a month calls too. */
export function assumptionsBehind(
  { inputs, tokens, cost }: CostedPrompt,
  span: 'call' | 'month',
): readonly string[] {
  const behind: string[] = [];
  const { output, callsPerMonth } = inputs?.assumptions ?? {};
  if (tokens?.source === 'assumed')
    behind.push(`tokens: ${tokens.note ?? 'sizes that nobody gave'}`);
  if (output?.source === 'assumed')
    behind.push(`${shownDecimal(output.value.mean)} tokens of answer: ${output.from}`);
  if (cost.cache.cachedTokens > 0 && cost.cache.hitRatio?.source === 'assumed')
    behind.push(`hits of the cache: ${cost.cache.hitRatio.from}`);
  if (cost.cache.cachedTokens > 0 && cost.cache.minimum?.source === 'assumed')
    behind.push(`least prefix that is cached: ${cost.cache.minimum.from}`);
  if (span === 'month' && callsPerMonth?.source === 'assumed')
    behind.push(`${shownDecimal(callsPerMonth.value)} calls a month: ${callsPerMonth.from}`);
  return behind;
}
