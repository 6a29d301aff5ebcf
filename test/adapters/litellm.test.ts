import { describe, expect, it } from 'vitest';
import spendLogs from '../../src/adapters/litellm-spend-logs.ts';
import standardLogging from '../../src/adapters/litellm-standard-logging.ts';

const row = {
  request_id: 'r-1',
  call_type: 'acompletion',
  spend: 0.001,
  startTime: '2026-11-18T09:00:00Z',
  model: 'gpt-5',
  custom_llm_provider: 'openai',
  prompt_tokens: 10,
  completion_tokens: 2,
  total_tokens: 12,
};
const only = (fields: object) => spendLogs.normalize({ ...row, ...fields }).events[0];

describe('tokens, whatever the version meant by prompt and completion', () => {
  const written = (prompt: number, completion: number, total: number, usage: object) =>
    only({
      prompt_tokens: prompt,
      completion_tokens: completion,
      total_tokens: total,
      metadata: { usage_object: usage },
    })?.usage;
  const cache = { cache_read_input_tokens: 600, cache_creation_input_tokens: 100 };
  const thought = { completion_tokens_details: { reasoning_tokens: 30 } };

  it.each([
    {
      name: 'the prompt holds the cache',
      counts: [1000, 50, 1050],
      usage: cache,
      input: 300,
      output: 50,
    },
    {
      name: 'the prompt leaves the cache out',
      counts: [300, 50, 1050],
      usage: cache,
      input: 300,
      output: 50,
    },
    {
      name: 'the prompt is smaller than the cache',
      counts: [31, 50, 81],
      usage: cache,
      input: 31,
      output: 50,
    },
    {
      name: 'reads were added, writes not',
      counts: [650, 50, 700],
      usage: cache,
      input: 50,
      output: 50,
    },
    {
      name: 'reasoning is beside the completion',
      counts: [10, 20, 60],
      usage: thought,
      input: 10,
      output: 50,
    },
    {
      name: 'reasoning is inside the completion',
      counts: [10, 50, 60],
      usage: thought,
      input: 10,
      output: 50,
    },
  ])('$name', ({ counts: [prompt = 0, completion = 0, total = 0], usage, input, output }) =>
    expect(written(prompt, completion, total, usage)).toMatchObject({ input, output }),
  );
});

describe('tags', () => {
  it('are the same from JSON columns and from their text', () => {
    const metadata = { user_api_key_alias: 'ci', spend_logs_metadata: { feature: 'digest' } };
    const tags = ['env:prod', 'beta'];
    expect(
      only({ metadata: JSON.stringify(metadata), request_tags: JSON.stringify(tags) }),
    ).toEqual(only({ metadata, request_tags: tags }));
  });

  it('set by the caller win over those of the key', () =>
    expect(
      only({
        metadata: { user_api_key_team_alias: 'growth', spend_logs_metadata: { team: 'search' } },
      })?.tags,
    ).toEqual({ team: 'search' }));

  it.each([
    ['the alias', { user_api_key_alias: 'ci' }, 'ci'],
    ['the start of the hash without one', {}, 'hash:88dc28d0'],
  ])('name a key by %s', (_name, metadata, expected) =>
    expect(only({ api_key: '88dc28d0f030c55e', metadata })?.tags['api_key']).toBe(expected),
  );

  it('never hold a key itself', () =>
    expect(only({ api_key: 'sk-live-0123456789' })?.tags).toEqual({}));
});

it('counts nothing for an answer from its own cache, in either record', () => {
  const payload = {
    id: 'r-1',
    call_type: 'acompletion',
    response_cost: 0,
    startTime: 1794996000,
    model: 'gpt-5',
    prompt_tokens: 1204,
    completion_tokens: 64,
    cache_hit: true,
  };
  const fromPayload = standardLogging.normalize(payload).events[0];
  for (const event of [fromPayload, only({ cache_hit: 'True' })])
    expect(event).toMatchObject({
      billable: false,
      status: 'success',
      usage: { input: 0, output: 0 },
    });
});

it('does not take "False" for "no prompt caching"', () =>
  expect(
    only({
      cache_hit: 'False',
      metadata: { usage_object: { prompt_tokens_details: { cached_tokens: 4 } } },
    })?.usage,
  ).toMatchObject({ input: 6, cacheRead: 4 }));

describe('tags of a key and of a request', () => {
  const metadata = {
    user_api_key_team_alias: 'platform',
    user_api_key_metadata: { tags: ['env:prod', 'feature:gateway'] },
    user_api_key_team_metadata: { tags: ['product:desk', 'env:dev'] },
  };

  it('are both kept where they differ in name, whichever version wrote the row', () => {
    const call = only({ request_tags: ['customer:acme'], metadata });
    expect(call?.tags).toEqual({
      customer: 'acme',
      team: 'platform',
      env: 'prod',
      feature: 'gateway',
      product: 'desk',
    });
    expect(call?.labels).toBeUndefined();
  });

  it('are the word of the request where both say something, and the key is not forgotten', () => {
    const call = only({ request_tags: ['team:search', 'feature:gateway'], metadata });
    expect(call?.tags).toMatchObject({ team: 'search', feature: 'gateway', env: 'prod' });
    expect(call?.labels).toEqual(['key_team=platform']);
  });
});
