import { NO_USAGE } from '../domain/usage.ts';
import type { Adapter } from './contract/adapter.ts';
import { bedrockAnswer, isConverseBody } from './contract/bedrock-usage.ts';
import { countAt, textAt } from './contract/fields.ts';

export default {
  id: 'bedrock-converse',
  title: 'AWS Bedrock Converse responses, one JSON object a line',
  source: {
    url: 'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html',
    checked: '2026-11-21',
  },
  recognizes: (record) => isConverseBody(record),
  normalize: (record) => {
    const { usage, ...answer } = bedrockAnswer(record);
    const attempts = countAt(record, '$metadata', 'attempts');
    return {
      events: [
        {
          // The body has no id; the SDKs for Python and JavaScript put that of the request beside it.
          id:
            textAt(record, 'ResponseMetadata', 'RequestId') ??
            textAt(record, '$metadata', 'requestId'),
          time: undefined,
          provider: 'bedrock',
          model: textAt(record, 'modelId') ?? 'unknown',
          ...answer,
          status: 'success',
          billable: true,
          retryCount:
            countAt(record, 'ResponseMetadata', 'RetryAttempts') ??
            (attempts === undefined ? undefined : Math.max(attempts - 1, 0)),
          countSource: usage === undefined ? 'missing' : 'reported',
          requests: 1,
          usage: usage ?? NO_USAGE,
          tags: {},
        },
      ],
    };
  },
} satisfies Adapter;
