import type { Adapter } from './contract/adapter.ts';
import { callEvent } from './contract/call-event.ts';
import { hasKeys } from './contract/columns.ts';
import { customTags } from './contract/custom-tags.ts';
import {
  at,
  countAt,
  dollarsAt,
  fieldsOrJson,
  isoTimeAt,
  listAt,
  millisecondsAt,
  textAt,
} from './contract/fields.ts';
import { openaiUsage } from './contract/openai-usage.ts';
import { readEach } from './contract/read-each.ts';

export default {
  id: 'cloudflare-aig-logs',
  title: 'Cloudflare AI Gateway logs: REST list or its rows',
  source: {
    url: 'https://developers.cloudflare.com/api/resources/ai_gateway/subresources/logs/methods/list/',
    checked: '2026-11-21',
  },
  recognizes: (record) => isRow(record) || listAt(record, 'result').some(isRow),
  normalize: (record) => {
    const rows = isRow(record) ? [record] : listAt(record, 'result');
    return readEach(
      rows,
      (row) => textAt(row, 'id') ?? 'row',
      (row) => (isRow(row) ? event(row) : 'row without token counts'),
    );
  },
} satisfies Adapter;

const isRow = (record: unknown): boolean =>
  hasKeys(record, 'id', 'created_at', 'provider', 'tokens_in', 'tokens_out');

function event(row: unknown) {
  const status = Number(textAt(row, 'status_code') ?? 200);
  const failed = at(row, 'success') === false || status >= 400;
  const custom = customTags([], fieldsOrJson(at(row, 'metadata')));
  const kind = `${textAt(row, 'model_type') ?? ''} ${textAt(row, 'path') ?? ''}`;
  const totals = {
    prompt: countAt(row, 'tokens_in'),
    completion: countAt(row, 'tokens_out'),
    total: undefined,
  };
  return callEvent({
    id: textAt(row, 'id'),
    time: isoTimeAt(row, 'created_at'),
    provider: textAt(row, 'provider'),
    model: textAt(row, 'model'),
    requestModel: undefined,
    operation: /embedding/.test(kind) ? 'embeddings' : 'chat',
    failed,
    errorCode: failed && status >= 400 ? String(status) : undefined,
    cached: at(row, 'cached') === true,
    latencyMs: millisecondsAt(row, 'duration'),
    // The log counts no cached and no reasoning tokens of their own.
    usage: openaiUsage(totals, undefined),
    reportedCost: dollarsAt(row, 'cost'),
    tags: custom.tags,
    labels: custom.labels,
  });
}
