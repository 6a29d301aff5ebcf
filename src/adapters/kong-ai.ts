import { type Adapter, skip } from './contract/adapter.ts';
import { callEvent } from './contract/call-event.ts';
import { DecodeError } from './contract/decode-error.ts';
import { hasKeys } from './contract/columns.ts';
import {
  at,
  countAt,
  dollarsAt,
  fieldsAt,
  isFields,
  listAt,
  millisecondsAt,
  presentTags,
  textAt,
} from './contract/fields.ts';
import { openaiTotals, openaiUsage } from './contract/openai-usage.ts';
import { readEach } from './contract/read-each.ts';

export default {
  id: 'kong-ai',
  title: 'Kong AI Gateway logs: one JSON line per request',
  source: {
    url: 'https://developer.konghq.com/ai-gateway/ai-audit-log-reference/',
    checked: '2026-11-21',
  },
  // Lines of ordinary requests stand in the same log.
  recognizes: (record) =>
    hasKeys(record, 'request', 'response', 'started_at') &&
    (hasKeys(record, 'latencies') || hasKeys(record, 'ai')) &&
    isFields(at(record, 'request')),
  normalize: (record) => {
    const calls = Object.keys(fieldsAt(record, 'ai')).filter((plugin) =>
      ['meta', 'usage'].some((part) => isFields(at(record, 'ai', plugin, part))),
    );
    if (calls.length === 0) return skip('request without an AI call');
    return readEach(
      calls,
      (plugin) => `ai.${plugin}`,
      (plugin) => event(record, plugin, calls),
    );
  },
} satisfies Adapter;

const isProxy = (plugin: string): boolean => /^(ai-)?proxy/.test(plugin);

function event(record: unknown, plugin: string, calls: readonly string[]) {
  const meta = fieldsAt(record, 'ai', plugin, 'meta');
  const usage = fieldsAt(record, 'ai', plugin, 'usage');
  const main = calls.find(isProxy) ?? calls[0];
  const request = textAt(record, 'request', 'id');
  const status = Number(textAt(record, 'response', 'status') ?? 200);
  const attempts = listAt(record, 'tries').length;
  const cost = dollarsAt(usage, 'cost');
  return callEvent({
    id: plugin === main || request === undefined ? request : `${request}:${plugin}`,
    time: startOf(record),
    provider: specified(textAt(meta, 'provider_name')),
    model: specified(textAt(meta, 'response_model')),
    requestModel: specified(textAt(meta, 'request_model')),
    failed: status >= 400,
    errorCode: status >= 400 ? String(status) : undefined,
    latencyMs: millisecondsAt(meta, 'llm_latency') ?? millisecondsAt(record, 'latencies', 'proxy'),
    retryCount: attempts === 0 ? undefined : attempts - 1,
    usage: openaiUsage(openaiTotals(usage), usage),
    // 0 also stands for "no price configured".
    reportedCost: cost === 0n ? undefined : cost,
    tags: presentTags({
      user: textAt(record, 'consumer', 'username') ?? textAt(record, 'consumer', 'custom_id'),
      api_key: textAt(record, 'authenticated_entity', 'id'),
      workflow: textAt(record, 'route', 'name'),
    }),
  });
}

const specified = (text: string | undefined): string | undefined =>
  text === 'UNSPECIFIED' ? undefined : text;

/** When the request arrived, in milliseconds since 1970. */
function startOf(record: unknown): number | undefined {
  const time = countAt(record, 'started_at');
  if (time !== undefined && time < 1e11)
    throw new DecodeError('started_at', 'milliseconds since 1970', time);
  return time;
}
