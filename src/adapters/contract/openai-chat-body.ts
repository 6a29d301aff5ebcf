import { NO_USAGE, totalInput, type Usage, type UsageEvent } from '../../domain/usage.ts';
import {
  at,
  countAt,
  epochSecondsAt,
  fieldsAt,
  isFields,
  listAt,
  presentTags,
  requiredText,
  tagsFrom,
  textAt,
} from './fields.ts';
import { chatCost, chatId, chatProvider, compoundParts, isGeminiModel } from './chat-vendors.ts';
import { positiveCounts } from './positive-counts.ts';
import { secondsAsMilliseconds } from './audio-seconds.ts';
import { openaiTotals, openaiUsage } from './openai-usage.ts';

/** Whether a record is a chat or text completion, as OpenAI and those who copy it answer. */
export const isChatBody = (record: unknown): boolean =>
  at(record, 'object') === 'chat.completion' || at(record, 'object') === 'text_completion';

/** Whether a record is OpenAI's answer to an embeddings call. */
export const isEmbeddingBody = (record: unknown): boolean =>
  at(record, 'object') === 'list' && at(listAt(record, 'data')[0], 'object') === 'embedding';

/** Whether a record is OpenAI's answer to a call it refused. Google's has a status, Anthropic's a type beside. */
export const isOpenaiErrorBody = (record: unknown): boolean =>
  isFields(record) &&
  Object.keys(record).join() === 'error' &&
  textAt(record, 'error', 'type') !== undefined &&
  textAt(record, 'error', 'message') !== undefined;

/** The call behind a chat completion. Throws DecodeError. */
export function chatCall(record: unknown): UsageEvent {
  const provider = chatProvider(record);
  const usage = chatUsage(record, provider);
  return {
    id: chatId(record),
    // Some compatible servers write 0 where they keep no time.
    time: at(record, 'created') === 0 ? undefined : epochSecondsAt(record, 'created'),
    provider,
    model: requiredText(record, 'model'),
    operation: at(record, 'object') === 'text_completion' ? 'text_completion' : 'chat',
    serviceTier: textAt(record, 'service_tier'),
    status: 'success',
    billable: true,
    countSource: usage === undefined ? 'missing' : 'reported',
    requests: 1,
    usage: usage ?? NO_USAGE,
    reportedCost: chatCost(record, provider),
    tags: bodyTags(record),
  };
}

/** The calls behind a chat completion: more than one where a compound system lists them. Throws DecodeError. */
export const chatCalls = (record: unknown): readonly UsageEvent[] =>
  compoundParts(record, chatCall(record));

/** The call behind an embeddings answer. Throws DecodeError. */
export function embeddingsCall(record: unknown): UsageEvent {
  return { ...chatCall(record), operation: 'embeddings', serviceTier: undefined };
}

/** `undefined` when there is no count at all. */
function chatUsage(record: unknown, provider: string): Usage | undefined {
  const totals = openaiTotals(record, 'usage');
  const usage = openaiUsage(
    { ...totals, total: totals.total ?? xaiTotal(record, provider) },
    record,
    'usage',
  );
  if (usage === undefined) return undefined;
  const audio = secondsAsMilliseconds(record, 'usage', 'prompt_audio_seconds');
  const fees = { ...usage.fees, ...positiveCounts({ audio_milliseconds: audio }) };
  if (totals.total === undefined || !isGeminiModel(textAt(record, 'model') ?? ''))
    return { ...usage, fees };
  // Google leaves thinking out of the completion and names it nowhere: only the total has it.
  const thinking = Math.max(totals.total - totalInput(usage) - usage.output, 0);
  return {
    ...usage,
    fees,
    output: usage.output + thinking,
    reasoning: usage.reasoning + thinking,
  };
}

/** The total of an xAI body without one: its completion leaves the reasoning out. */
function xaiTotal(record: unknown, provider: string): number | undefined {
  const { prompt, completion } = openaiTotals(record, 'usage');
  const reasoning = countAt(record, 'usage', 'completion_tokens_details', 'reasoning_tokens');
  return provider === 'xai' ? (prompt ?? 0) + (completion ?? 0) + (reasoning ?? 0) : undefined;
}

const bodyTags = (record: unknown): Record<string, string> => ({
  ...presentTags({ user: textAt(record, 'user') ?? textAt(record, 'safety_identifier') }),
  ...tagsFrom(fieldsAt(record, 'metadata')),
});
