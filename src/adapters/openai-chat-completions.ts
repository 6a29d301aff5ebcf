import { NO_USAGE, type UsageEvent } from '../domain/usage.ts';
import { type Adapter, type Normalized, skip } from './contract/adapter.ts';
import {
  at,
  epochSecondsAt,
  fieldsAt,
  isFields,
  listAt,
  presentTags,
  requiredText,
  tagsFrom,
  textAt,
} from './contract/fields.ts';
import { openaiTotals, openaiUsage } from './contract/openai-usage.ts';

export default {
  id: 'openai-chat-completions',
  title: 'OpenAI-shaped chat completion and embedding responses, one JSON object a line',
  source: {
    url: 'https://platform.openai.com/docs/api-reference/chat/object',
    checked: '2026-11-21',
  },
  recognizes: (record) => isChat(record) || isEmbedding(record) || isErrorBody(record),
  normalize: (record) => {
    if (isErrorBody(record)) return skip('error body without a call');
    return isEmbedding(record) ? embeddings(record) : chat(record);
  },
} satisfies Adapter;

const isChat = (record: unknown): boolean => at(record, 'object') === 'chat.completion';

function isEmbedding(record: unknown): boolean {
  return at(record, 'object') === 'list' && at(listAt(record, 'data')[0], 'object') === 'embedding';
}

// OpenAI's errors name a type; Google's a status instead, Anthropic's have a type beside them.
const isErrorBody = (record: unknown): boolean =>
  isFields(record) &&
  Object.keys(record).join() === 'error' &&
  textAt(record, 'error', 'type') !== undefined &&
  textAt(record, 'error', 'message') !== undefined;

function chat(record: unknown): Normalized {
  const usage = openaiUsage(openaiTotals(record, 'usage'), record, 'usage');
  return {
    events: [
      {
        id: textAt(record, 'id'),
        // Some compatible servers write 0 where they keep no time.
        time: at(record, 'created') === 0 ? undefined : epochSecondsAt(record, 'created'),
        provider: servedBy(record),
        model: requiredText(record, 'model'),
        operation: 'chat',
        serviceTier: textAt(record, 'service_tier'),
        status: 'success',
        billable: true,
        countSource: usage === undefined ? 'missing' : 'reported',
        requests: 1,
        usage: usage ?? NO_USAGE,
        tags: bodyTags(record),
      },
    ],
  };
}

function embeddings(record: unknown): Normalized {
  const usage = openaiUsage(openaiTotals(record, 'usage'), record, 'usage');
  const event: UsageEvent = {
    id: textAt(record, 'id'),
    time: epochSecondsAt(record, 'created'),
    provider: servedBy(record),
    model: requiredText(record, 'model'),
    operation: 'embeddings',
    status: 'success',
    billable: true,
    countSource: usage === undefined ? 'missing' : 'reported',
    requests: 1,
    usage: usage ?? NO_USAGE,
    tags: bodyTags(record),
  };
  return { events: [event] };
}

const bodyTags = (record: unknown): Record<string, string> => ({
  ...presentTags({ user: textAt(record, 'user') ?? textAt(record, 'safety_identifier') }),
  ...tagsFrom(fieldsAt(record, 'metadata')),
});

/** Many vendors answer in OpenAI's shape; each leaves a field of its own in the body. */
function servedBy(record: unknown): string {
  const usage = fieldsAt(record, 'usage');
  if (at(record, 'x_groq') !== undefined) return 'groq';
  const billedByOpenRouter =
    at(usage, 'cost') !== undefined && at(record, 'provider') !== undefined;
  if (billedByOpenRouter || textAt(record, 'id')?.startsWith('gen-') === true) return 'openrouter';
  if (at(usage, 'prompt_cache_hit_tokens') !== undefined) return 'deepseek';
  if (at(record, 'prompt_filter_results') !== undefined) return 'azure';
  return at(usage, 'cost_in_usd_ticks') === undefined ? 'openai' : 'xai';
}
