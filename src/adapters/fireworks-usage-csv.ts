import { NO_USAGE, type Usage, type UsageEvent } from '../domain/usage.ts';
import type { Adapter } from './contract/adapter.ts';
import { secondsAsMilliseconds } from './contract/audio-seconds.ts';
import { lowerKeys } from './contract/columns.ts';
import { hasColumns } from './contract/csv-row.ts';
import { countAt, type Fields, isoTimeAt, presentTags, textAt } from './contract/fields.ts';
import { positiveCounts } from './contract/positive-counts.ts';

// The header as the exports seen so far have it, and the names that the documentation adds.
const COLUMNS = [
  'email',
  'start_time',
  'end_time',
  'usage_type',
  'accelerator_type',
  'accelerator_seconds',
  'base_model_name',
  'model_bucket',
  'parameter_count',
  'prompt_tokens',
  'completion_tokens',
];

export default {
  id: 'fireworks-usage-csv',
  title: 'Fireworks billing metrics CSV (firectl billing export-metrics)',
  source: {
    url: 'https://docs.fireworks.ai/accounts/exporting-billing-metrics',
    checked: '2026-11-21',
  },
  columns: COLUMNS,
  recognizes: (record) =>
    hasColumns(
      record,
      'start_time',
      'usage_type',
      'base_model_name',
      'prompt_tokens',
      'completion_tokens',
    ),
  normalize: (record) => ({ events: [rowEvent(lowerKeys(record))] }),
} satisfies Adapter;

function rowEvent(row: Fields): UsageEvent {
  const usage = rowUsage(row);
  return {
    id: undefined,
    time: isoTimeAt(row, 'start_time'),
    provider: 'fireworks',
    model: textAt(row, 'base_model_name') ?? 'unknown',
    operation: operationOf(textAt(row, 'usage_type') ?? ''),
    status: 'success',
    billable: true,
    countSource: usage === undefined ? 'missing' : 'aggregated',
    requests: 1,
    usage: usage ?? NO_USAGE,
    tags: presentTags({ user: textAt(row, 'email') }),
  };
}

const operationOf = (usageType: string): string =>
  /EMBEDDING/i.test(usageType) ? 'embeddings' : 'chat';

/** A row counts tokens, or the time of accelerators rented for a deployment; this export splits no cache. */
function rowUsage(row: Fields): Usage | undefined {
  const input = countAt(row, 'prompt_tokens');
  const output = countAt(row, 'completion_tokens');
  const rented = secondsAsMilliseconds(row, 'accelerator_seconds');
  if (input === undefined && output === undefined && rented === undefined) return undefined;
  return {
    ...NO_USAGE,
    input: input ?? 0,
    output: output ?? 0,
    fees: positiveCounts({ accelerator_milliseconds: rented }),
  };
}
