import { NO_USAGE, type Usage, type UsageEvent } from '../domain/usage.ts';
import type { Adapter } from './contract/adapter.ts';
import { anthropicAggregate } from './contract/anthropic-aggregate.ts';
import { anthropicGeo, anthropicTier } from './contract/anthropic-usage.ts';
import { lowerKeys } from './contract/columns.ts';
import { hasColumns } from './contract/csv-row.ts';
import {
  countAt,
  type Fields,
  isoTimeAt,
  presentTags,
  requiredText,
  textAt,
} from './contract/fields.ts';
import { positiveCounts } from './contract/positive-counts.ts';

// The header as the exports seen so far have it, and the names that the documentation adds.
const COLUMNS = [
  'usage_date_utc',
  'model_version',
  'api_key',
  'workspace',
  'usage_type',
  'context_window',
  'usage_input_tokens_no_cache',
  'usage_input_tokens_cache_write_5m',
  'usage_input_tokens_cache_write_1h',
  'usage_input_tokens_cache_read',
  'usage_output_tokens',
  'web_search_count',
  'inference_geo',
  'speed',
  'usage_input_tokens_cache_write',
];

export default {
  id: 'anthropic-console-usage-csv',
  title: 'Anthropic Console usage CSV',
  source: { url: 'https://console.anthropic.com/usage', checked: '2026-11-21' },
  columns: COLUMNS,
  recognizes: (record) =>
    hasColumns(record, 'usage_date_utc', 'model_version', 'usage_output_tokens'),
  normalize: (record) => ({ events: [rowEvent(lowerKeys(record))] }),
} satisfies Adapter;

const rowEvent = (row: Fields): UsageEvent =>
  anthropicAggregate({
    time: isoTimeAt(row, 'usage_date_utc'),
    model: requiredText(row, 'model_version'),
    serviceTier: anthropicTier({ speed: row['speed'], service_tier: row['usage_type'] }),
    inferenceGeo: anthropicGeo(row),
    tags: presentTags({ api_key: textAt(row, 'api_key'), workspace: textAt(row, 'workspace') }),
    usage: rowUsage(row),
    contextWindow: textAt(row, 'context_window'),
  });

function rowUsage(row: Fields): Usage | undefined {
  const input = countAt(row, 'usage_input_tokens_no_cache');
  const output = countAt(row, 'usage_output_tokens');
  if (input === undefined && output === undefined) return undefined;
  return {
    ...NO_USAGE,
    input: input ?? 0,
    cacheRead: countAt(row, 'usage_input_tokens_cache_read') ?? 0,
    cacheWrite: positiveCounts({
      // Files with one column are older than any time to live but five minutes.
      '5m':
        countAt(row, 'usage_input_tokens_cache_write_5m') ??
        countAt(row, 'usage_input_tokens_cache_write'),
      '1h': countAt(row, 'usage_input_tokens_cache_write_1h'),
    }),
    output: output ?? 0,
    fees: positiveCounts({ web_search: countAt(row, 'web_search_count') }),
  };
}
