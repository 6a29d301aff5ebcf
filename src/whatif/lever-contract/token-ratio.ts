import {
  type Band,
  countedName,
  type CountingRules,
  ruleFor,
  type TextRule,
} from '../../domain/counting-rules.ts';
import type { Fraction } from '../../domain/fraction.ts';
import { type Decimal, parseDecimal } from '../../domain/money.ts';

/** How many tokens of one model a token of another is, with the band of what was measured. */
export interface TokenRatio {
  readonly low: Fraction;
  readonly mid: Fraction;
  readonly high: Fraction;
  /** Where it comes from, in words. */
  readonly note: string;
}

/** A model by its provider and the card's id. */
export interface CountedModel {
  readonly provider: string;
  readonly model: string;
}

const ONE: Fraction = { part: 1n, over: 1n };

/** The same tokens. */
export const sameTokens = (note: string): TokenRatio => ({ low: ONE, mid: ONE, high: ONE, note });

/** A ratio that the user gives, without a band. */
export const declaredRatio = (ratio: Decimal): TokenRatio => {
  const value = { part: ratio.digits, over: 10n ** BigInt(ratio.scale) };
  return { low: value, mid: value, high: value, note: '--token-ratio' };
};

/**
 * The ratio between the tokenizers of two models, by the counting rules of a day. `undefined` where the tokenizer of
 * one is not known: nothing is taken for it.
 */
export function tokenRatio(
  rules: CountingRules,
  from: CountedModel,
  to: CountedModel,
  day: string,
): TokenRatio | undefined {
  const [fromName, toName] = [countedName(from.model), countedName(to.model)];
  if (fromName === toName) return sameTokens('the same model');
  const source = ruleFor(rules.text, { provider: from.provider, model: fromName, day });
  const target = ruleFor(rules.text, { provider: to.provider, model: toName, day });
  if (source === undefined || target === undefined) return undefined;
  if (source.family === target.family && source.encoding === target.encoding)
    return source.family === UNKNOWN
      ? undefined
      : sameTokens(`both have the tokenizer of ${source.family}`);
  const [here, there] = [flatOf(source), flatOf(target)];
  if (here === undefined || there === undefined) return undefined;
  const middle = quotient(there.multiply, here.multiply);
  return {
    mid: middle,
    low: banded(middle, 100 - there.band.below, 100 + here.band.above),
    high: banded(middle, 100 + there.band.above, 100 - here.band.below),
    note: `${target.family} after ${source.family}, as measured on usual texts`,
  };
}

/** The family of the rule that holds where no other does. */
const UNKNOWN = 'unknown';
const EXACT: Band = { below: 0, above: 0 };

/** Tokens per token of o200k_base over usual texts; `undefined` where that was not measured. */
function flatOf(rule: TextRule): { readonly multiply: Decimal; readonly band: Band } | undefined {
  if (rule.flat !== undefined) return rule.flat;
  if (rule.family === UNKNOWN || rule.weights !== undefined) return undefined;
  if (!rule.encoding.startsWith('o200k')) return undefined;
  const multiply = parseDecimal(String(rule.multiply));
  return multiply === undefined ? undefined : { multiply, band: rule.band ?? EXACT };
}

const quotient = (a: Decimal, b: Decimal): Fraction => ({
  part: a.digits * 10n ** BigInt(b.scale),
  over: b.digits * 10n ** BigInt(a.scale),
});

const banded = ({ part, over }: Fraction, percent: number, of: number): Fraction => ({
  part: part * BigInt(percent),
  over: over * BigInt(of),
});
