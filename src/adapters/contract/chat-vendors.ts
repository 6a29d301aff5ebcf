import { type Money, sum } from '../../domain/money.ts';
import { providerOfModel } from '../../domain/provider-names.ts';
import type { UsageEvent } from '../../domain/usage.ts';
import { at, dollarsAt, fieldsAt, listAt, requiredText, textAt } from './fields.ts';
import { openaiTotals, openaiUsage } from './openai-usage.ts';
import { scaledDollarsAt } from './scaled-dollars.ts';

/** xAI counts money in units of which these make a dollar. */
const TICKS = 10_000_000_000n;

/** What xAI says a call cost, behind the path to its usage object. */
export const xaiCost = (record: unknown, ...path: readonly string[]): Money | undefined =>
  scaledDollarsAt(TICKS, record, ...path, 'cost_in_usd_ticks');

/** Whether a model's name is one of Gemini's. */
export const isGeminiModel = (model: string): boolean => /(^|\/)gemini-/i.test(model);

/** Who served a chat completion. Many vendors answer in OpenAI's shape; each leaves a field of its own in the body. */
export function chatProvider(record: unknown): string {
  const usage = fieldsAt(record, 'usage');
  if (at(record, 'x_groq') !== undefined) return 'groq';
  const billedByOpenRouter =
    at(usage, 'cost') !== undefined && at(record, 'provider') !== undefined;
  if (billedByOpenRouter || textAt(record, 'id')?.startsWith('gen-') === true) return 'openrouter';
  if (at(usage, 'prompt_cache_hit_tokens') !== undefined) return 'deepseek';
  if (at(record, 'prompt_filter_results') !== undefined) return 'azure';
  if (XAI_MARKS.some((mark) => at(usage, mark) !== undefined)) return 'xai';
  if (MISTRAL_MARKS.some((mark) => at(usage, mark) !== undefined)) return 'mistral';
  if (at(usage, 'extra_properties', 'google') !== undefined) return 'vertex';
  return providerByModel(textAt(record, 'model') ?? '');
}

const XAI_MARKS = ['cost_in_usd_ticks', 'num_sources_used', 'num_server_side_tools_used'];
const MISTRAL_MARKS = ['num_cached_tokens', 'prompt_token_details', 'prompt_audio_seconds'];

/** Where the body has no mark, models that only their maker sells under this name; a slash is a reseller's. */
function providerByModel(model: string): string {
  if (model.startsWith('accounts/fireworks/')) return 'fireworks';
  if (isGeminiModel(model)) return 'google';
  if (model.includes('/')) return 'unknown';
  const maker = providerOfModel(model);
  return ['mistral', 'xai', 'anthropic'].includes(maker) ? maker : 'openai';
}

/**
 * What the vendor says the call cost. OpenRouter's `cost` is the whole bill, except where the caller's
 * own key was used: then the provider bills its part to the caller.
 */
export function chatCost(record: unknown, provider: string): Money | undefined {
  if (provider === 'xai') return xaiCost(record, 'usage');
  if (provider !== 'openrouter') return undefined;
  const charged = dollarsAt(record, 'usage', 'cost');
  const upstream = dollarsAt(record, 'usage', 'cost_details', 'upstream_inference_cost');
  if (at(record, 'usage', 'is_byok') !== true || upstream === undefined) return charged;
  return sum([...(charged === undefined ? [] : [charged]), upstream]);
}

/** The id of a chat completion: Groq's compound systems write `stub` into all of theirs. */
export function chatId(record: unknown): string | undefined {
  const id = textAt(record, 'id');
  return id === 'stub' ? textAt(record, 'x_groq', 'id') : id;
}

/** The calls of a compound system by model, of which its own usage is only the sum; else the call itself. */
export function compoundParts(record: unknown, call: UsageEvent): readonly UsageEvent[] {
  const parts = listAt(record, 'usage_breakdown', 'models').flatMap((part) => {
    const usage = openaiUsage(openaiTotals(part, 'usage'), part, 'usage');
    return usage === undefined ? [] : [{ model: requiredText(part, 'model'), usage }];
  });
  if (parts.length === 0) return [call];
  return parts.map(({ model, usage }, index) => ({
    ...call,
    id: call.id === undefined ? undefined : `${call.id}#${index + 1}`,
    model,
    requestModel: call.model === model ? undefined : call.model,
    countSource: 'reported',
    usage,
  }));
}
