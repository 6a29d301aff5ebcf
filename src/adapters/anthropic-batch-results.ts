import { NO_USAGE, type Status, type UsageEvent } from '../domain/usage.ts';
import type { Adapter } from './contract/adapter.ts';
import { messageCalls } from './contract/anthropic-message.ts';
import { at, textAt } from './contract/fields.ts';

export default {
  id: 'anthropic-batch-results',
  title: 'Anthropic message batch results',
  source: {
    url: 'https://docs.anthropic.com/en/docs/build-with-claude/batch-processing',
    checked: '2026-11-21',
  },
  recognizes: (record) =>
    at(record, 'custom_id') !== undefined && RESULTS.has(textAt(record, 'result', 'type') ?? ''),
  normalize: (record) =>
    textAt(record, 'result', 'type') === 'succeeded'
      ? {
          events: messageCalls(at(record, 'result', 'message')).map((call) => ({
            ...call,
            serviceTier: 'batch',
          })),
        }
      : { events: [unanswered(record)] },
} satisfies Adapter;

const RESULTS: ReadonlyMap<string, Status> = new Map<string, Status>([
  ['succeeded', 'success'],
  ['errored', 'failure'],
  ['expired', 'timeout'],
  ['canceled', 'cancelled'],
]);

/** A request that got no message. `custom_id` is unique in its batch only, so it is no id. */
function unanswered(record: unknown): UsageEvent {
  const result = textAt(record, 'result', 'type') ?? '';
  return {
    id: undefined,
    time: undefined,
    provider: 'anthropic',
    model: 'unknown',
    operation: 'chat',
    serviceTier: 'batch',
    status: RESULTS.get(result) ?? 'failure',
    errorCode:
      textAt(record, 'result', 'error', 'error', 'type') ??
      textAt(record, 'result', 'error', 'type'),
    billable: false,
    countSource: 'reported',
    requests: 1,
    usage: NO_USAGE,
    tags: {},
  };
}
