import {
  decimalText,
  divideHalfEven,
  type Money,
  money,
  moneyText,
  ZERO,
} from '../domain/money.ts';
import type { ComparedPrompt } from './compared-prompt.ts';
import type { Change } from './comparison-result.ts';

/** Dollars a month of some prompts before and after. */
export interface Sum {
  readonly base: Money;
  readonly head: Money;
  readonly delta: Money;
  /** Part of it is unknown and left out. */
  readonly atLeast: boolean;
  /** At least one prompt of it has a price. */
  readonly known: boolean;
}

/** Adds prompts up. One that is unknown before or after is left out of all three, so that they agree. */
export function sumOf(prompts: readonly ComparedPrompt[]): Sum {
  let [base, head] = [0n, 0n];
  for (const prompt of prompts) {
    if (prompt.delta === undefined) continue;
    base += prompt.baseMonthly ?? ZERO;
    head += prompt.headMonthly ?? ZERO;
  }
  return {
    base: money(base),
    head: money(head),
    delta: money(head - base),
    atLeast: prompts.some(({ delta, atLeast }) => delta === undefined || atLeast),
    known: prompts.length === 0 || prompts.some(({ delta }) => delta !== undefined),
  };
}

/** A sum as it stands in JSON. */
export const changeOf = ({ base, head, delta, atLeast, known }: Sum): Change =>
  known
    ? {
        base_usd: moneyText(base),
        head_usd: moneyText(head),
        delta_usd: moneyText(delta),
        delta_pct: atLeast ? null : percentText(delta, base),
        at_least: atLeast,
      }
    : { base_usd: null, head_usd: null, delta_usd: null, delta_pct: null, at_least: atLeast };

/** A sum that was compared with nothing: what it is, and no change. */
export const uncompared = (change: Change): Change => ({
  ...change,
  base_usd: null,
  delta_usd: null,
  delta_pct: null,
});

/** The change of one prompt as it stands in JSON. */
export const promptChange = ({
  baseMonthly,
  headMonthly,
  delta,
  atLeast,
  reading,
}: ComparedPrompt): Change => ({
  base_usd: textOf(baseMonthly ?? (reading.base === undefined ? ZERO : undefined)),
  head_usd: textOf(headMonthly ?? (reading.head === undefined ? ZERO : undefined)),
  delta_usd: textOf(delta),
  delta_pct: delta === undefined || atLeast ? null : percentText(delta, baseMonthly ?? ZERO),
  at_least: delta === undefined || atLeast,
});

/** Money as it stands in JSON; null when unknown. */
export const textOf = (amount: Money | undefined): string | null =>
  amount === undefined ? null : moneyText(amount);

/** Decimals that percentages of JSON have at most. */
const PERCENT_DECIMALS = 4;

/** A change against a base in percent; null where the base is nothing. */
function percentText(delta: Money, base: Money): string | null {
  if (base <= 0n) return null;
  const units = divideHalfEven(delta * 100n * 10n ** BigInt(PERCENT_DECIMALS), base);
  return decimalText(units, PERCENT_DECIMALS);
}
