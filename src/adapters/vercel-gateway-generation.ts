import type { Adapter, Normalized } from './contract/adapter.ts';
import { callEvent } from './contract/call-event.ts';
import { hasKeys } from './contract/columns.ts';
import { at, countAt, dollarsAt, isoTimeAt, millisecondsAt, textAt } from './contract/fields.ts';
import { generationUsage, NATIVE_COUNTS } from './contract/generation.ts';
import { positiveCounts } from './contract/positive-counts.ts';

export default {
  id: 'vercel-gateway-generation',
  title: 'Vercel AI Gateway generation lookups: REST and AI SDK',
  source: {
    url: 'https://vercel.com/docs/ai-gateway/capabilities/usage',
    checked: '2026-11-21',
  },
  recognizes: (record) => {
    const generation = generationOf(record);
    if (hasKeys(generation, 'id', 'native_tokens_prompt', 'native_tokens_completion'))
      return (
        hasKeys(generation, 'native_tokens_cache_creation') ||
        hasKeys(generation, 'billable_web_search_calls')
      );
    return hasKeys(generation, 'id', 'totalCost', 'providerName', 'promptTokens', 'createdAt');
  },
  normalize: (record): Normalized => ({ events: [event(generationOf(record))] }),
} satisfies Adapter;

const generationOf = (record: unknown): unknown => at(record, 'data') ?? record;

const SDK_COUNTS = {
  prompt: 'promptTokens',
  completion: 'completionTokens',
  reasoning: 'reasoningTokens',
  cacheRead: 'cachedTokens',
  cacheWrite: 'cacheCreationTokens',
} as const;

function event(generation: unknown) {
  const rest = hasKeys(generation, 'native_tokens_prompt');
  const name = (snake: string, camel: string): string => (rest ? snake : camel);
  const usage = generationUsage(generation, rest ? NATIVE_COUNTS : SDK_COUNTS);
  const searches = countAt(generation, name('billable_web_search_calls', 'billableWebSearchCalls'));
  const finish = textAt(generation, name('finish_reason', 'finishReason'));
  return callEvent({
    id: textAt(generation, 'id'),
    time: isoTimeAt(generation, name('created_at', 'createdAt')),
    provider: textAt(generation, name('provider_name', 'providerName')),
    model: textAt(generation, 'model'),
    requestModel: undefined,
    failed: finish === 'error',
    latencyMs: millisecondsAt(generation, name('generation_time', 'generationTime')),
    usage: usage && { ...usage, fees: positiveCounts({ web_search: searches }) },
    reportedCost:
      dollarsAt(generation, name('total_cost', 'totalCost')) ?? dollarsAt(generation, 'usage'),
    tags: {},
  });
}
