import { NO_USAGE, type Usage, type UsageEvent } from '../domain/usage.ts';
import { type Adapter, skip } from './contract/adapter.ts';
import { anthropicAggregate } from './contract/anthropic-aggregate.ts';
import { anthropicGeo, anthropicTier } from './contract/anthropic-usage.ts';
import {
  at,
  countAt,
  isFields,
  isoTimeAt,
  listAt,
  presentTags,
  textAt,
} from './contract/fields.ts';
import { positiveCounts } from './contract/positive-counts.ts';

export default {
  id: 'anthropic-usage-report',
  title: 'Anthropic Admin API usage report for messages, one JSON page a file or line',
  source: {
    url: 'https://docs.anthropic.com/en/api/admin-api/usage-cost/get-messages-usage-report',
    checked: '2026-11-21',
  },
  recognizes: (record) => {
    const buckets = bucketsOf(record);
    const rows = buckets.flatMap((bucket) => listAt(bucket, 'results'));
    return (
      buckets.length > 0 &&
      buckets.every(isBucket) &&
      // A page of empty buckets has nothing to tell of which report it is, and no usage either.
      rows.every((row) => isFields(row) && Object.hasOwn(row, 'uncached_input_tokens'))
    );
  },
  normalize: (record) => {
    const buckets = bucketsOf(record);
    const events = buckets.flatMap((bucket) =>
      listAt(bucket, 'results').map((row) => rowEvent(row, isoTimeAt(bucket, 'starting_at'))),
    );
    return events.length > 0 ? { events } : skip('page without usage');
  },
} satisfies Adapter;

const bucketsOf = (record: unknown): readonly unknown[] =>
  Array.isArray(at(record, 'data')) ? listAt(record, 'data') : [record];

const isBucket = (bucket: unknown): boolean =>
  at(bucket, 'starting_at') !== undefined && Array.isArray(at(bucket, 'results'));

const rowEvent = (row: unknown, time: number | undefined): UsageEvent =>
  anthropicAggregate({
    time,
    model: textAt(row, 'model') ?? 'unknown',
    serviceTier: anthropicTier(row),
    inferenceGeo: anthropicGeo(row),
    tags: presentTags({
      workspace: textAt(row, 'workspace_id'),
      api_key: textAt(row, 'api_key_id'),
      user: textAt(row, 'account_id') ?? textAt(row, 'service_account_id'),
    }),
    usage: rowUsage(row),
    contextWindow: textAt(row, 'context_window'),
  });

function rowUsage(row: unknown): Usage | undefined {
  const input = countAt(row, 'uncached_input_tokens');
  const output = countAt(row, 'output_tokens');
  if (input === undefined && output === undefined) return undefined;
  return {
    ...NO_USAGE,
    input: input ?? 0,
    cacheRead: countAt(row, 'cache_read_input_tokens') ?? 0,
    cacheWrite: positiveCounts({
      '5m': countAt(row, 'cache_creation', 'ephemeral_5m_input_tokens'),
      '1h': countAt(row, 'cache_creation', 'ephemeral_1h_input_tokens'),
    }),
    output: output ?? 0,
    fees: positiveCounts({ web_search: countAt(row, 'server_tool_use', 'web_search_requests') }),
  };
}
