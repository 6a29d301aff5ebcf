import { type Decimal, decimalText, moneyText } from '../domain/money.ts';
import type { Sourced } from '../domain/number-source.ts';
import type { Amount, CostedPrompt } from '../prompts/costed-prompt.ts';
import { prefixOf } from './cache-cliffs.ts';
import type { Side, SourcedText, Usd } from './comparison-result.ts';

/** A costed prompt as one side of a comparison in JSON. */
export function sideOf(prompt: CostedPrompt): Side {
  const { model, tokens, inputs, cost } = prompt;
  return {
    provider: model?.value.provider ?? null,
    model: model?.value.model ?? null,
    tokens_in: tokens?.tokens ?? 0,
    tokens_low: tokens?.low ?? 0,
    tokens_high: tokens?.high ?? 0,
    tokens_source: tokens?.source ?? 'unknown',
    prefix_tokens: prefixOf(prompt),
    cache_minimum: prompt.cost.cache.minimum?.value ?? null,
    calls_per_month: numberOf(inputs?.assumptions.callsPerMonth),
    output_tokens: numberOf(outputMean(prompt)),
    per_call_usd: usd(cost.perCall, 'value'),
    per_call_p95_usd: usd(cost.perCallP95, 'value'),
    monthly_usd: usd(cost.perMonth, 'value'),
    monthly_low_usd: usd(cost.perMonth, 'low'),
    monthly_high_usd: usd(cost.perMonth, 'high'),
    unknown: cost.perMonth.kind === 'unknown' ? cost.perMonth.why : null,
  };
}

function outputMean({ inputs }: CostedPrompt): Sourced<Decimal> | undefined {
  if (inputs === undefined) return undefined;
  const { value, ...rest } = inputs.assumptions.output;
  return { ...rest, value: value.mean };
}

const numberOf = (number: Sourced<Decimal> | undefined): SourcedText | null =>
  number === undefined
    ? null
    : {
        value: decimalText(number.value.digits, number.value.scale),
        source: number.source,
        from: number.from,
      };

const usd = (amount: Amount, field: 'value' | 'low' | 'high'): Usd | null =>
  amount.kind === 'known' ? moneyText(amount[field]) : null;
