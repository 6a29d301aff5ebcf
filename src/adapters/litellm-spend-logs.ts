import type { Adapter } from './contract/adapter.ts';
import { dollarsAt, isFields, isoTimeAt, millisecondsAt, textAt } from './contract/fields.ts';
import { litellmCall } from './contract/litellm-call.ts';

export default {
  id: 'litellm-spend-logs',
  title: 'LiteLLM proxy spend logs: /spend/logs or LiteLLM_SpendLogs rows, one a line',
  source: { url: 'https://docs.litellm.ai/docs/proxy/cost_tracking', checked: '2026-11-21' },
  recognizes: (record) =>
    isFields(record) &&
    ['request_id', 'call_type', 'spend', 'startTime'].every((key) => Object.hasOwn(record, key)),
  normalize: (record) => {
    const [start, end] = [isoTimeAt(record, 'startTime'), isoTimeAt(record, 'endTime')];
    return {
      events: [
        litellmCall(record, {
          id: textAt(record, 'request_id'),
          time: start,
          latencyMs:
            millisecondsAt(record, 'request_duration_ms') ??
            (start === undefined || end === undefined || end < start ? undefined : end - start),
          reportedCost: dollarsAt(record, 'spend'),
          apiKeyHash: textAt(record, 'api_key'),
          owners: {
            user: textAt(record, 'user') ?? textAt(record, 'end_user'),
            team: textAt(record, 'team_id'),
            session: textAt(record, 'session_id'),
            run: textAt(record, 'trace_id'),
          },
        }),
      ],
    };
  },
} satisfies Adapter;
