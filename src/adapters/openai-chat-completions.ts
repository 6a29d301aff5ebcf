import { type Adapter, skip } from './contract/adapter.ts';
import {
  chatCalls,
  embeddingsCall,
  isChatBody,
  isEmbeddingBody,
  isOpenaiErrorBody,
} from './contract/openai-chat-body.ts';

export default {
  id: 'openai-chat-completions',
  title: 'OpenAI-shaped chat completion and embedding responses, one JSON object a line',
  source: {
    url: 'https://platform.openai.com/docs/api-reference/chat/object',
    checked: '2026-11-21',
  },
  recognizes: (record) =>
    isChatBody(record) || isEmbeddingBody(record) || isOpenaiErrorBody(record),
  normalize: (record) => {
    if (isOpenaiErrorBody(record)) return skip('error body without a call');
    return { events: isEmbeddingBody(record) ? [embeddingsCall(record)] : chatCalls(record) };
  },
} satisfies Adapter;
