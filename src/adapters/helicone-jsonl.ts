import type { Usage } from '../domain/usage.ts';
import type { Adapter, Normalized } from './contract/adapter.ts';
import { callEvent } from './contract/call-event.ts';
import { between, hasKeys } from './contract/columns.ts';
import { customTags } from './contract/custom-tags.ts';
import {
  at,
  countAt,
  dollarsAt,
  isoTimeAt,
  millisecondsAt,
  presentTags,
  textAt,
} from './contract/fields.ts';
import { heliconeProperties, isHeliconeFailure } from './contract/helicone-row.ts';
import { positiveCounts } from './contract/positive-counts.ts';
import { contained, splitByTotal } from './contract/token-split.ts';

export default {
  id: 'helicone-jsonl',
  title: 'Helicone request export: JSONL or JSON',
  source: { url: 'https://docs.helicone.ai/guides/cookbooks/export-data', checked: '2026-11-21' },
  recognizes: (record) =>
    hasKeys(record, 'request_id', 'request_created_at', 'response_status', 'prompt_tokens'),
  normalize: (record): Normalized => ({ events: [event(record)] }),
} satisfies Adapter;

function event(record: unknown) {
  const custom = customTags(
    [],
    heliconeProperties(at(record, 'request_properties') ?? at(record, 'properties')),
  );
  const status = Number(textAt(record, 'response_status') ?? 200);
  const failed = isHeliconeFailure(status);
  const [start, end] = [
    isoTimeAt(record, 'request_created_at'),
    isoTimeAt(record, 'response_created_at'),
  ];
  return callEvent({
    id: textAt(record, 'request_id'),
    time: start,
    provider: textAt(record, 'provider'),
    model: textAt(record, 'response_model') ?? textAt(record, 'model'),
    requestModel: textAt(record, 'request_model'),
    operation: /embedding/.test(textAt(record, 'request_path') ?? '') ? 'embeddings' : 'chat',
    failed,
    errorCode: failed ? String(status) : undefined,
    cached: isCacheHit(textAt(record, 'cache_reference_id')),
    latencyMs: millisecondsAt(record, 'delay_ms') ?? between(start, end),
    usage: tokens(record),
    reportedCost: dollarsAt(record, 'costUSD') ?? dollarsAt(record, 'cost'),
    tags: { ...presentTags({ user: textAt(record, 'request_user_id') }), ...custom.tags },
    labels: custom.labels,
  });
}

// Columns of databases that cannot be empty hold the id of all zeros.
const isCacheHit = (reference: string | undefined): boolean =>
  reference !== undefined && /[^0-]/.test(reference);

function tokens(record: unknown): Usage | undefined {
  const [prompt, completion] = [
    countAt(record, 'prompt_tokens'),
    countAt(record, 'completion_tokens'),
  ];
  if (prompt === undefined && completion === undefined) return undefined;
  const cacheRead = countAt(record, 'prompt_cache_read_tokens') ?? 0;
  const written = countAt(record, 'prompt_cache_write_tokens') ?? 0;
  const { input, output } = splitByTotal({
    prompt: prompt ?? 0,
    completion: completion ?? 0,
    total: countAt(record, 'total_tokens'),
    cacheRead,
    cacheWrite: written,
    reasoning: 0,
  });
  const [heard, spoken] = [
    countAt(record, 'prompt_audio_tokens') ?? 0,
    countAt(record, 'completion_audio_tokens') ?? 0,
  ];
  contained('prompt_audio_tokens', input + cacheRead + written, heard);
  contained('completion_audio_tokens', output, spoken);
  return {
    input,
    cacheRead,
    cacheWrite: positiveCounts({ default: written }),
    output,
    reasoning: 0,
    parts: positiveCounts({ audio_input: Math.min(heard, input), audio_output: spoken }),
    fees: {},
  };
}
