import type { Adapter } from './contract/adapter.ts';
import { at, dollarsAt, epochSecondsAt, isFields, isoTimeAt, textAt } from './contract/fields.ts';
import { litellmCall } from './contract/litellm-call.ts';

export default {
  id: 'litellm-standard-logging',
  title: 'LiteLLM StandardLoggingPayload: S3, GCS and generic API callbacks',
  source: { url: 'https://docs.litellm.ai/docs/proxy/logging_spec', checked: '2026-11-21' },
  recognizes: (record) =>
    isFields(record) &&
    ['id', 'call_type', 'response_cost', 'startTime'].every((key) => Object.hasOwn(record, key)),
  normalize: (record) => {
    const [start, end] = [timeAt(record, 'startTime'), timeAt(record, 'endTime')];
    return {
      events: [
        litellmCall(record, {
          id: textAt(record, 'id'),
          time: start,
          // Not response_time: of a streamed call that is the time to its first token.
          latencyMs:
            start === undefined || end === undefined || end < start ? undefined : end - start,
          reportedCost: dollarsAt(record, 'response_cost'),
          apiKeyHash: textAt(record, 'metadata', 'user_api_key_hash'),
          owners: {
            user: textAt(record, 'end_user'),
            team: undefined,
            session: undefined,
            run: textAt(record, 'trace_id'),
          },
          usageBeside: at(record, 'hidden_params', 'usage_object'),
        }),
      ],
    };
  },
} satisfies Adapter;

/** Seconds since 1970; some callbacks write the time as text instead. */
const timeAt = (record: unknown, key: string): number | undefined =>
  /^\d{4}-/.test(textAt(record, key) ?? '') ? isoTimeAt(record, key) : epochSecondsAt(record, key);
