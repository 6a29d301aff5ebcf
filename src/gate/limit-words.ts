import type {
  CostLimits,
  GatePolicy,
  NewPromptLimits,
  PromptLimits,
} from '../domain/gate-policy.ts';
import { type Decimal, decimalText, type Money, moneyText } from '../domain/money.ts';
import { grouped } from '../domain/words.ts';

/** Dollars as a config would write them: `$10`, `$0.05`. */
export function dollarLimit(amount: Money): string {
  const [whole = '', fraction = ''] = moneyText(amount).split('.');
  const cents = fraction === '' ? '' : `.${fraction.padEnd(2, '0')}`;
  return `$${grouped(BigInt(whole))}${cents}`;
}

/** `20%`. */
export const percentLimit = ({ digits, scale }: Decimal): string =>
  `${decimalText(digits, scale)}%`;

/** A count with thousands apart. */
export const countLimit = (count: number): string => grouped(BigInt(count));

/** Every limit of a policy by its key, as a config would write it: `gate.prompt.max_increase_usd` is `$10`. */
export function policyWords(policy: GatePolicy): ReadonlyMap<string, string> {
  const words = new Map<string, string>([
    ['gate.mode', policy.mode],
    ['gate.unknown', policy.unknown],
    ['gate.self_waive', policy.selfWaive],
    ['gate.allow_trailers', String(policy.allowTrailers)],
  ]);
  const add = (key: string, text: string | undefined): void => {
    if (text !== undefined) words.set(key, text);
  };
  add('gate.message', policy.message);
  for (const [key, text] of limitWords(policy.total)) add(`gate.total.${key}`, text);
  for (const [name, limits] of [...policy.workspaces].sort(([a], [b]) => (a < b ? -1 : 1)))
    for (const [key, text] of limitWords(limits)) add(`gate.workspace.${name}.${key}`, text);
  for (const [key, text] of limitWords(policy.prompt)) add(`gate.prompt.${key}`, text);
  for (const [key, text] of limitWords(policy.newPrompt)) add(`gate.new_prompt.${key}`, text);
  const required = policy.newPrompt?.require.value ?? [];
  if (required.length > 0) add('gate.new_prompt.require', required.join(', '));
  return words;
}

/** The limits alone, a line each: `prompt.max_increase_usd $10`. */
export const limitLines = (policy: GatePolicy): readonly string[] =>
  [...policyWords(policy)]
    .filter(([key]) => /^gate\.(total|workspace|prompt|new_prompt)\./.test(key))
    .map(([key, text]) => `${key.replace('gate.', '')} ${text}`);

type AnyLimits = Partial<CostLimits & PromptLimits & NewPromptLimits>;

/** Limits of one scope by their keys. */
function limitWords(limits: AnyLimits | undefined): readonly (readonly [string, string])[] {
  if (limits === undefined) return [];
  const usd = (limit: { readonly value: Money } | undefined): string | undefined =>
    limit === undefined ? undefined : dollarLimit(limit.value);
  const count = (limit: { readonly value: number } | undefined): string | undefined =>
    limit === undefined ? undefined : countLimit(limit.value);
  const percent = limits.maxIncreasePercent;
  const words: readonly (readonly [string, string | undefined])[] = [
    ['max_increase_usd', usd(limits.maxIncreaseUsd)],
    ['max_increase_pct', percent === undefined ? undefined : percentLimit(percent.value)],
    ['max_usd', usd(limits.maxUsd)],
    ['min_effect_usd', usd(limits.minEffectUsd)],
    ['max_increase_tokens', count(limits.maxIncreaseTokens)],
    ['max_tokens', count(limits.maxTokens)],
    ['max_usd_per_call_p95', usd(limits.maxUsdPerCallP95)],
    ['message', limits.message],
  ];
  return words.flatMap(([key, text]) => (text === undefined ? [] : [[key, text] as const]));
}
