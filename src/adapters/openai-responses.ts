import { type Adapter, skip } from './contract/adapter.ts';
import {
  isResponseBody,
  responseCalls,
  unfinishedStatus,
} from './contract/openai-response-body.ts';

export default {
  id: 'openai-responses',
  title: 'OpenAI Responses API bodies, one JSON object a line',
  source: {
    url: 'https://platform.openai.com/docs/api-reference/responses/object',
    checked: '2026-11-21',
  },
  recognizes: isResponseBody,
  normalize: (record) => {
    const unfinished = unfinishedStatus(record);
    return unfinished === undefined
      ? { events: responseCalls(record) }
      : skip(`response still ${unfinished}`);
  },
} satisfies Adapter;
