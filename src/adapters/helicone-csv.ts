import type { Adapter, Normalized } from './contract/adapter.ts';
import { callEvent } from './contract/call-event.ts';
import { between, lowerKeys } from './contract/columns.ts';
import { hasColumns } from './contract/csv-row.ts';
import { customTags } from './contract/custom-tags.ts';
import {
  dollarsAt,
  type Fields,
  isoTimeAt,
  millisecondsAt,
  presentTags,
  textAt,
} from './contract/fields.ts';
import { heliconeProperties, isHeliconeFailure } from './contract/helicone-row.ts';
import { openaiTotals, openaiUsage } from './contract/openai-usage.ts';

// The header as the exports seen so far have it, and the names that the documentation adds.
const COLUMNS = [
  'response_id',
  'response_created_at',
  'response_status',
  'request_created_at',
  'request_body',
  'request_properties',
  'request_user_id',
  'model',
  'prompt_tokens',
  'completion_tokens',
  'latency',
  'cost',
  'cost_usd',
];

export default {
  id: 'helicone-csv',
  title: 'Helicone request export: CSV',
  source: { url: 'https://docs.helicone.ai/guides/cookbooks/export-data', checked: '2026-11-21' },
  columns: COLUMNS,
  recognizes: (record) =>
    hasColumns(record, 'response_id', 'request_created_at', 'response_status', 'prompt_tokens') &&
    !hasColumns(record, 'request_id'),
  normalize: (record): Normalized => ({ events: [event(lowerKeys(record))] }),
} satisfies Adapter;

function event(row: Fields) {
  const custom = customTags([], heliconeProperties(row['request_properties']));
  const status = Number(textAt(row, 'response_status') ?? 200);
  const failed = isHeliconeFailure(status);
  const [start, end] = [
    isoTimeAt(row, 'request_created_at'),
    isoTimeAt(row, 'response_created_at'),
  ];
  const latency = textAt(row, 'latency') === undefined ? undefined : millisecondsAt(row, 'latency');
  return callEvent({
    id: textAt(row, 'response_id'),
    time: start,
    provider: textAt(row, 'provider'),
    model: textAt(row, 'model'),
    requestModel: undefined,
    failed,
    errorCode: failed ? String(status) : undefined,
    latencyMs: latency ?? between(start, end),
    usage: openaiUsage(openaiTotals(row), row),
    reportedCost: dollarsAt(row, 'cost') ?? dollarsAt(row, 'cost_usd') ?? dollarsAt(row, 'costusd'),
    tags: { ...presentTags({ user: textAt(row, 'request_user_id') }), ...custom.tags },
    labels: custom.labels,
  });
}
