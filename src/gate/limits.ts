import type {
  CostLimits,
  GatePolicy,
  Limit,
  NewPromptLimits,
  PromptLimits,
  Requirable,
} from '../domain/gate-policy.ts';
import { type Decimal, type Money, money, moneyText, ZERO } from '../domain/money.ts';
import type { Amount, CostedPrompt } from '../prompts/costed-prompt.ts';
import { dollars } from './amounts.ts';
import type { ComparedPrompt } from './compared-prompt.ts';
import { countLimit, dollarLimit, percentLimit } from './limit-words.ts';
import type { Sum } from './sums.ts';

/** A limit that does not hold. */
export interface Breach {
  readonly rule: 'prompt-cost-increase' | 'prompt-cost-absolute' | 'new-prompt';
  /** The limit in words: `$10 per prompt`. */
  readonly limit: string;
  /** What was found instead, in words: `+1,200 tokens`; undefined where it is the increase itself. */
  readonly found: string | undefined;
  /** What the policy says to do about it. */
  readonly advice: string | undefined;
  /** Nothing is too much: the prompt lacks something that it has to say for itself. */
  readonly lacks?: true;
}

/** Limits that a whole, or a workspace, is over. `scope` ends the words of a limit: `in total`. */
export function sumBreaches(
  sum: Sum,
  limits: CostLimits | undefined,
  scope: string,
): readonly Breach[] {
  if (limits === undefined) return [];
  return [
    ...increases(sum.delta, sum.base, limits, scope),
    ...over(sum.head, limits.maxUsd, `a month ${scope}`, limits.message, 'a month'),
  ];
}

/** Limits that one prompt is over: the gate's for all prompts, and its own. */
export function promptBreaches(
  prompt: ComparedPrompt,
  policy: GatePolicy,
  own: PromptLimits | undefined,
): readonly Breach[] {
  const { base, basket } = prompt.reading;
  if (basket === undefined) return [];
  const breaches = [
    ...heldAgainst(prompt, base, basket, policy.prompt, 'per prompt'),
    ...heldAgainst(prompt, base, basket, own, 'for this prompt'),
    ...(base === undefined ? newPromptBreaches(prompt, basket, policy.newPrompt) : []),
  ];
  return breaches.map((breach) => ({ ...breach, advice: breach.advice ?? policy.message }));
}

function heldAgainst(
  prompt: ComparedPrompt,
  base: CostedPrompt | undefined,
  head: CostedPrompt,
  limits: PromptLimits | undefined,
  scope: string,
): readonly Breach[] {
  if (limits === undefined) return [];
  const { message } = limits;
  const grown = (head.tokens?.tokens ?? 0) - (base?.tokens?.tokens ?? 0);
  // A new prompt has limits of its own; nothing grew.
  const increase =
    base === undefined || prompt.delta === undefined
      ? []
      : increases(prompt.delta, prompt.baseMonthly ?? ZERO, limits, scope);
  const tokens = limits.maxIncreaseTokens;
  return [
    ...increase,
    ...(base === undefined || tokens === undefined || grown <= tokens.value
      ? []
      : [
          {
            rule: 'prompt-cost-increase' as const,
            limit: `+${countLimit(tokens.value)} tokens ${scope}`,
            found: `+${countLimit(grown)} tokens`,
            advice: message,
          },
        ]),
    ...absolutes(prompt, head, limits, scope),
  ];
}

/** Limits that need no base: what a prompt may be, not what it may become. */
function absolutes(
  prompt: ComparedPrompt,
  head: CostedPrompt,
  limits: PromptLimits | NewPromptLimits,
  scope: string,
): readonly Breach[] {
  const { message } = limits;
  const tokens = head.tokens?.tokens ?? 0;
  const perCall = knownOf(head.cost.perCallP95);
  return [
    ...over(prompt.headMonthly, limits.maxUsd, `a month ${scope}`, message, 'a month'),
    ...over(
      perCall,
      limits.maxUsdPerCallP95,
      `a call (p95) ${scope}`,
      message,
      'a call at its 95th percentile',
    ),
    ...(limits.maxTokens === undefined || tokens <= limits.maxTokens.value
      ? []
      : [
          {
            rule: 'prompt-cost-absolute' as const,
            limit: `${countLimit(limits.maxTokens.value)} tokens ${scope}`,
            found: `${countLimit(tokens)} tokens`,
            advice: message,
          },
        ]),
  ];
}

function newPromptBreaches(
  prompt: ComparedPrompt,
  head: CostedPrompt,
  limits: NewPromptLimits | undefined,
): readonly Breach[] {
  if (limits === undefined) return [];
  const missing = limits.require.value.filter((wanted) => !has(head, wanted));
  return [
    ...absolutes(prompt, head, limits, 'for a new prompt').map((breach) => ({
      ...breach,
      rule: 'new-prompt' as const,
    })),
    ...missing.map((wanted) => ({
      rule: 'new-prompt' as const,
      limit: `a new prompt needs ${wanted}`,
      found: `has no ${wanted} of its own`,
      lacks: true as const,
      advice: limits.message,
    })),
  ];
}

/**
 * Whether somebody said it of the prompt itself; what was assumed is not said. A prompt that could not be rendered has
 * no volumes to ask about, and is undecided anyway.
 */
function has({ model, inputs, owner, namedBy }: CostedPrompt, wanted: Requirable): boolean {
  const said = (source: string | undefined): boolean =>
    source !== undefined && source !== 'assumed';
  switch (wanted) {
    case 'model':
      return said(model?.source);
    case 'calls_per_month':
      return inputs === undefined || said(inputs.assumptions.callsPerMonth?.source);
    case 'output_tokens':
      return inputs === undefined || said(inputs.assumptions.output.source);
    case 'owner':
      return owner !== undefined;
    case 'id':
      return namedBy !== 'path';
  }
}

function increases(
  delta: Money,
  base: Money,
  limits: CostLimits,
  scope: string,
): readonly Breach[] {
  const { maxIncreaseUsd, maxIncreasePercent, minEffectUsd, message } = limits;
  const found = (limit: string): Breach => ({
    rule: 'prompt-cost-increase',
    limit,
    found: undefined,
    advice: message,
  });
  const muted = minEffectUsd !== undefined && delta < minEffectUsd.value;
  return [
    ...(maxIncreaseUsd !== undefined && delta > maxIncreaseUsd.value
      ? [found(`${dollarLimit(maxIncreaseUsd.value)} ${scope}`)]
      : []),
    ...(maxIncreasePercent !== undefined &&
    !muted &&
    isMorePercent(delta, base, maxIncreasePercent.value)
      ? [found(`${percentLimit(maxIncreasePercent.value)} ${scope}`)]
      : []),
  ];
}

/** Whether `delta` is more than so many percent of `base`. A percentage of nothing is none. */
const isMorePercent = (delta: Money, base: Money, { digits, scale }: Decimal): boolean =>
  base > 0n && delta > 0n && delta * 100n * 10n ** BigInt(scale) > base * digits;

function over(
  amount: Money | undefined,
  limit: Limit<Money> | undefined,
  scope: string,
  advice: string | undefined,
  unit: string,
): readonly Breach[] {
  if (limit === undefined || amount === undefined || amount <= limit.value) return [];
  return [
    {
      rule: 'prompt-cost-absolute',
      limit: `${dollarLimit(limit.value)} ${scope}`,
      found: `${dollars(moneyText(amount))} ${unit}`,
      advice,
    },
  ];
}

const knownOf = (amount: Amount): Money | undefined =>
  amount.kind === 'known' ? amount.value : undefined;

/** A sum without what waivers allow. */
export const withoutWaived = (sum: Sum, waived: Money): Sum => ({
  ...sum,
  head: money(sum.head - waived),
  delta: money(sum.delta - waived),
});
