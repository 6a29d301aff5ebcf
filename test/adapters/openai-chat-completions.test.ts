import { expect, it } from 'vitest';
import chatCompletions from '../../src/adapters/openai-chat-completions.ts';

const body = (fields: object, usage: object = {}) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1793610000,
  model: 'gpt-5',
  usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110, ...usage },
  ...fields,
});
const only = (record: unknown) => chatCompletions.normalize(record).events[0];

it.each([
  ['openai', {}, {}],
  ['groq', { x_groq: { id: 'req_1' } }, {}],
  ['openrouter', { provider: 'Anthropic' }, { cost: 0.01 }],
  ['openrouter', { id: 'gen-1794402000-AAA' }, {}],
  ['deepseek', {}, { prompt_cache_hit_tokens: 0 }],
  ['azure', { prompt_filter_results: [] }, {}],
  ['xai', {}, { cost_in_usd_ticks: 1399000 }],
])('tells %s by its own field', (provider, fields, usage) =>
  expect(only(body(fields, usage))?.provider).toBe(provider),
);

it.each([
  ['inside the completion', 110, 10],
  ['beside the completion', 118, 18],
])('finds reasoning %s by the total', (_where, total, output) => {
  const usage = { total_tokens: total, completion_tokens_details: { reasoning_tokens: 8 } };
  expect(only(body({}, usage))?.usage).toMatchObject({ output, reasoning: 8 });
});

it.each([
  ['a stream chunk', { ...body({}), object: 'chat.completion.chunk' }],
  ['a list of models', { object: 'list', data: [{ object: 'model' }] }],
  ['a body inside a batch line', { custom_id: 'a', response: { body: body({}) } }],
  ["Google's error", { error: { code: 429, message: 'x', status: 'RESOURCE_EXHAUSTED' } }],
  ["Anthropic's error", { type: 'error', error: { type: 'api_error', message: 'x' } }],
])('does not claim %s', (_name, record) => expect(chatCompletions.recognizes(record)).toBe(false));

it('keeps a call without usage as one whose tokens are not known', () =>
  expect(only({ ...body({}), usage: null })).toMatchObject({
    countSource: 'missing',
    billable: true,
  }));
