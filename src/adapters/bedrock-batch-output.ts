import { NO_USAGE, type UsageEvent } from '../domain/usage.ts';
import type { Adapter } from './contract/adapter.ts';
import { messageCalls } from './contract/anthropic-message.ts';
import { bedrockAnswer } from './contract/bedrock-usage.ts';
import { at, isFields, textAt } from './contract/fields.ts';

export default {
  id: 'bedrock-batch-output',
  title: 'AWS Bedrock batch inference output',
  source: {
    url: 'https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-results.html',
    checked: '2026-11-21',
  },
  recognizes: (record) =>
    at(record, 'recordId') !== undefined &&
    (at(record, 'modelOutput') !== undefined ||
      (at(record, 'modelInput') !== undefined && isFields(at(record, 'error')))),
  normalize: (record) => {
    const output = at(record, 'modelOutput');
    if (output === undefined) return { events: [{ ...batchCall(record), ...FAILED }] };
    if (at(output, 'usage', 'input_tokens') !== undefined)
      return {
        events: messageCalls({ model: 'unknown', ...(isFields(output) && output) }).map((call) => ({
          ...call,
          ...BATCH,
        })),
      };
    const { usage, operation } = bedrockAnswer(output);
    return {
      events: [
        {
          ...batchCall(record),
          model: textAt(output, 'model') ?? 'unknown',
          operation,
          countSource: usage === undefined ? 'missing' : 'reported',
          usage: usage ?? NO_USAGE,
        },
      ],
    };
  },
} satisfies Adapter;

const BATCH = { provider: 'bedrock', serviceTier: 'batch' } as const;
const FAILED = { status: 'failure', billable: false } as const;

/** `recordId` is unique in its job only, so it is no id. The model is that of the job. */
const batchCall = (record: unknown): UsageEvent => ({
  id: undefined,
  time: undefined,
  ...BATCH,
  model: 'unknown',
  operation: 'chat',
  status: 'success',
  errorCode: textAt(record, 'error', 'errorCode'),
  billable: true,
  countSource: 'reported',
  requests: 1,
  usage: NO_USAGE,
  tags: {},
});
