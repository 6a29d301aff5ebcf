import { providerName } from '../domain/provider-names.ts';
import { NO_USAGE, type Status, totalInput, type Usage, type UsageEvent } from '../domain/usage.ts';
import { type Adapter, skip } from './contract/adapter.ts';
import { lowerKeys } from './contract/columns.ts';
import { hasColumns } from './contract/csv-row.ts';
import {
  countAt,
  dollarsAt,
  type Fields,
  isoTimeAt,
  millisecondsAt,
  presentTags,
  requiredText,
  textAt,
} from './contract/fields.ts';
import { contained } from './contract/token-split.ts';

// The header as the exports seen so far have it, and the names that the documentation adds.
const COLUMNS = [
  'generation_id',
  'created_at',
  'cost_total',
  'cost_web_search',
  'cost_cache',
  'cost_file_processing',
  'byok_usage_inference',
  'tokens_prompt',
  'tokens_completion',
  'tokens_reasoning',
  'tokens_cached',
  'model_permaslug',
  'provider_name',
  'variant',
  'cancelled',
  'streamed',
  'user',
  'finish_reason_raw',
  'finish_reason_normalized',
  'generation_time_ms',
  'time_to_first_token_ms',
  'api_key_disabled',
  'api_key_name',
  'app_name',
  'date',
  'slug',
  'usage',
  'byok usage',
  'requests',
  'prompt tokens',
  'completion tokens',
  'reasoning tokens',
];

export default {
  id: 'openrouter-activity-csv',
  title: 'OpenRouter activity CSV, by generation or by day',
  source: {
    url: 'https://openrouter.ai/docs/guides/administration/activity-export',
    checked: '2026-11-21',
  },
  columns: COLUMNS,
  recognizes: (record) => isGeneration(record) || isDay(record),
  normalize: (record) => {
    const row = lowerKeys(record);
    if (isGeneration(record)) return { events: [generation(row)] };
    const requests = countAt(row, 'requests');
    return requests === 0 ? skip('day without requests') : { events: [day(row, requests ?? 1)] };
  },
} satisfies Adapter;

const isGeneration = (record: unknown): boolean =>
  hasColumns(
    record,
    'generation_id',
    'cost_total',
    'tokens_prompt',
    'tokens_completion',
    'model_permaslug',
  );

const isDay = (record: unknown): boolean =>
  hasColumns(record, 'date', 'slug', 'usage', 'prompt tokens', 'completion tokens');

function generation(row: Fields): UsageEvent {
  const usage = rowUsage(row, {
    prompt: 'tokens_prompt',
    completion: 'tokens_completion',
    reasoning: 'tokens_reasoning',
    cached: 'tokens_cached',
  });
  const status = statusOf(row);
  // With the caller's own key, OpenRouter charges this and the provider bills the rest.
  const reportedCost = dollarsAt(row, 'cost_total');
  const unused = usage === undefined || totalInput(usage) + usage.output === 0;
  return {
    id: textAt(row, 'generation_id'),
    time: isoTimeAt(row, 'created_at'),
    provider: providerName(textAt(row, 'provider_name') ?? 'openrouter'),
    model: requiredText(row, 'model_permaslug'),
    operation: 'chat',
    status,
    // A cancelled generation costs what it had written by then.
    billable: status === 'success' || !unused || (reportedCost ?? 0n) !== 0n,
    latencyMs: millisecondsAt(row, 'generation_time_ms'),
    countSource: usage === undefined ? 'missing' : 'reported',
    requests: 1,
    usage: usage ?? NO_USAGE,
    reportedCost,
    tags: presentTags({
      user: textAt(row, 'user'),
      api_key: textAt(row, 'api_key_name'),
      workflow: textAt(row, 'app_name'),
    }),
  };
}

function statusOf(row: Fields): Status {
  if (/^true$/i.test(textAt(row, 'cancelled') ?? '')) return 'cancelled';
  return textAt(row, 'finish_reason_normalized') === 'error' ? 'failure' : 'success';
}

function day(row: Fields, requests: number): UsageEvent {
  const usage = rowUsage(row, {
    prompt: 'prompt tokens',
    completion: 'completion tokens',
    reasoning: 'reasoning tokens',
    cached: 'cached tokens',
  });
  return {
    id: undefined,
    time: isoTimeAt(row, 'date'),
    provider: 'openrouter',
    model: requiredText(row, 'slug'),
    operation: 'chat',
    status: 'success',
    billable: true,
    countSource: usage === undefined ? 'missing' : 'aggregated',
    requests,
    usage: usage ?? NO_USAGE,
    reportedCost: dollarsAt(row, 'usage'),
    tags: {},
  };
}

/** The prompt contains what was read from a cache, the completion the reasoning. */
function rowUsage(
  row: Fields,
  names: Readonly<Record<'prompt' | 'completion' | 'reasoning' | 'cached', string>>,
): Usage | undefined {
  const [prompt, completion] = [countAt(row, names.prompt), countAt(row, names.completion)];
  if (prompt === undefined && completion === undefined) return undefined;
  const [cacheRead, reasoning] = [
    countAt(row, names.cached) ?? 0,
    countAt(row, names.reasoning) ?? 0,
  ];
  contained(names.reasoning, completion ?? 0, reasoning);
  const input = contained(names.cached, prompt ?? 0, cacheRead);
  return { ...NO_USAGE, input, cacheRead, output: completion ?? 0, reasoning };
}
