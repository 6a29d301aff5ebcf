import type { Usage } from '../domain/usage.ts';
import type { Adapter, Normalized } from './contract/adapter.ts';
import { callEvent } from './contract/call-event.ts';
import { hasKeys } from './contract/columns.ts';
import {
  at,
  countAt,
  dollarsAt,
  isoTimeAt,
  listAt,
  millisecondsAt,
  presentTags,
  textAt,
} from './contract/fields.ts';
import { generationUsage, NATIVE_COUNTS } from './contract/generation.ts';
import { positiveCounts } from './contract/positive-counts.ts';

export default {
  id: 'openrouter-generation',
  title: 'OpenRouter generation lookups: /api/v1/generation',
  source: {
    url: 'https://openrouter.ai/docs/api-reference/get-a-generation',
    checked: '2026-11-21',
  },
  recognizes: (record) => {
    const generation = generationOf(record);
    return (
      hasKeys(generation, 'id', 'native_tokens_prompt', 'native_tokens_completion', 'model') &&
      !hasKeys(generation, 'native_tokens_cache_creation') &&
      !hasKeys(generation, 'billable_web_search_calls')
    );
  },
  normalize: (record): Normalized => ({ events: [event(generationOf(record))] }),
} satisfies Adapter;

const generationOf = (record: unknown): unknown => at(record, 'data') ?? record;

function event(generation: unknown) {
  const attempts = listAt(generation, 'provider_responses').length;
  const finish = textAt(generation, 'finish_reason');
  return callEvent({
    id: textAt(generation, 'id'),
    time: isoTimeAt(generation, 'created_at'),
    provider: textAt(generation, 'provider_name') ?? 'openrouter',
    model: textAt(generation, 'model'),
    requestModel: undefined,
    operation: textAt(generation, 'api_type') === 'embeddings' ? 'embeddings' : 'chat',
    serviceTier: textAt(generation, 'service_tier'),
    failed: finish === 'error',
    cancelled: at(generation, 'cancelled') === true,
    cached: textAt(generation, 'response_cache_source_id') !== undefined,
    latencyMs: millisecondsAt(generation, 'generation_time'),
    retryCount: attempts === 0 ? undefined : attempts - 1,
    usage: tokens(generation),
    reportedCost: dollarsAt(generation, 'total_cost') ?? dollarsAt(generation, 'usage'),
    tags: presentTags({
      user: textAt(generation, 'external_user'),
      session: textAt(generation, 'session_id'),
    }),
  });
}

// The counts without `native` are recounted with one tokenizer for all models: nobody bills them.
function tokens(generation: unknown): Usage | undefined {
  const usage = generationUsage(generation, NATIVE_COUNTS);
  const images = countAt(generation, 'native_tokens_completion_images') ?? 0;
  if (usage === undefined || images > usage.output) return usage;
  return { ...usage, parts: positiveCounts({ image_output: images }) };
}
