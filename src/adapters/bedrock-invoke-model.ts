import { NO_USAGE } from '../domain/usage.ts';
import type { Adapter } from './contract/adapter.ts';
import { bedrockAnswer, isInvokeBody } from './contract/bedrock-usage.ts';

export default {
  id: 'bedrock-invoke-model',
  title: 'AWS Bedrock InvokeModel responses of Nova, Llama and Titan, one JSON object a line',
  source: {
    url: 'https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html',
    checked: '2026-11-21',
  },
  recognizes: (record) => isInvokeBody(record),
  normalize: (record) => {
    const { usage, ...answer } = bedrockAnswer(record);
    return {
      events: [
        {
          id: undefined,
          time: undefined,
          provider: 'bedrock',
          model: 'unknown',
          ...answer,
          status: 'success',
          billable: true,
          countSource: usage === undefined ? 'missing' : 'reported',
          requests: 1,
          usage: usage ?? NO_USAGE,
          tags: {},
        },
      ],
    };
  },
} satisfies Adapter;
