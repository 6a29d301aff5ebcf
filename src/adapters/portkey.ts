import type { Money } from '../domain/money.ts';
import type { Usage } from '../domain/usage.ts';
import type { Adapter, Normalized } from './contract/adapter.ts';
import { anthropicUsage } from './contract/anthropic-usage.ts';
import { callEvent } from './contract/call-event.ts';
import { hasKeys } from './contract/columns.ts';
import { customTags } from './contract/custom-tags.ts';
import {
  at,
  countAt,
  type Fields,
  fieldsOrJson,
  isoTimeAt,
  listAt,
  millisecondsAt,
  presentTags,
  textAt,
} from './contract/fields.ts';
import { openaiTotals, openaiUsage } from './contract/openai-usage.ts';
import { scaledDollarsAt } from './contract/scaled-dollars.ts';

export default {
  id: 'portkey',
  title: 'Portkey log export: JSONL',
  source: {
    url: 'https://portkey.ai/docs/product/observability/logs-export',
    checked: '2026-11-21',
  },
  recognizes: (record) =>
    hasKeys(record, 'id', 'created_at') &&
    (hasKeys(record, 'ai_org') || hasKeys(record, 'ai_provider')) &&
    (hasKeys(record, 'ai_model') || hasKeys(record, 'is_success')),
  normalize: (record): Normalized => ({ events: [event(record)] }),
} satisfies Adapter;

function event(record: unknown) {
  const response = fieldsOrJson(at(record, 'response'));
  const status = Number(
    textAt(record, 'response_status_code') ??
      textAt(record, 'status_code') ??
      textAt(response, 'status') ??
      200,
  );
  const failed = /^(0|0\.0|false)$/i.test(textAt(record, 'is_success') ?? '') || status >= 400;
  const custom = customTags([], metadataOf(at(record, 'metadata')));
  return callEvent({
    id: textAt(record, 'id'),
    time: isoTimeAt(record, 'created_at'),
    provider: textAt(record, 'ai_org') ?? textAt(record, 'ai_provider'),
    model: textAt(record, 'ai_model') ?? textAt(fieldsOrJson(response['body']), 'model'),
    requestModel: textAt(fieldsOrJson(at(fieldsOrJson(at(record, 'request')), 'body')), 'model'),
    operation: /embedding/.test(textAt(record, 'request_url') ?? '') ? 'embeddings' : 'chat',
    failed,
    errorCode: failed && status >= 400 ? String(status) : undefined,
    cached: /\bHIT\b/i.test(textAt(record, 'cache_status') ?? ''),
    latencyMs: millisecondsAt(record, 'response_time'),
    retryCount: countAt(record, 'retry_success_count'),
    usage: tokens(record, fieldsOrJson(response['body'])),
    reportedCost: dollarsOf(record),
    tags: {
      ...presentTags({
        user: textAt(record, '_user'),
        env: textAt(record, '_environment'),
        api_key: textAt(record, 'virtual_key') ?? textAt(record, 'api_key_id'),
        run: textAt(record, 'trace_id'),
      }),
      ...custom.tags,
    },
    labels: custom.labels,
  });
}

/** The provider's own usage object where the export has it: only there are cache and reasoning told apart. */
function tokens(record: unknown, body: Fields): Usage | undefined {
  const raw = at(body, 'usage');
  const exact =
    at(raw, 'input_tokens') === undefined
      ? openaiUsage(openaiTotals(raw), raw)
      : anthropicUsage({ unsplitTtl: 'default' }, raw);
  if (exact !== undefined) return exact;
  const count = (...names: readonly string[]) =>
    names.map((name) => countAt(record, name)).find((found) => found !== undefined);
  const totals = {
    prompt: count('req_units', 'request_tokens'),
    completion: count('res_units', 'response_tokens'),
    total: count('total_units', 'total_tokens'),
  };
  return openaiUsage(totals, undefined);
}

/** Portkey's costs are cents. */
const dollarsOf = (record: unknown): Money | undefined =>
  (textAt(record, 'cost_currency') ?? 'USD').toUpperCase() === 'USD'
    ? scaledDollarsAt(100n, record, 'cost')
    : undefined;

/** Metadata by key, also from the export that writes keys and values as two lists. */
function metadataOf(written: unknown): Fields {
  const metadata = fieldsOrJson(written);
  const [keys, values] = [listAt(metadata, 'key'), listAt(metadata, 'value')];
  const entries =
    keys.length > 0
      ? keys.map((key, index): [string, unknown] => [textAt(key) ?? '', values[index]])
      : Object.entries(metadata);
  return Object.fromEntries(entries.map(([key, value]) => [key.replace(/^_/, ''), value]));
}
