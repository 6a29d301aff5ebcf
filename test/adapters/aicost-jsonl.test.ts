import { describe, expect, it } from 'vitest';
import aicostJsonl from '../../src/adapters/aicost-jsonl.ts';

const call = { time: '2026-11-02T10:00:00Z', model: 'gpt-5' };
const only = (record: unknown) => aicostJsonl.normalize(record).events[0];

describe('the flat form', () => {
  it.each([
    ['input_tokens', 'input'],
    ['cache_read_tokens', 'cacheRead'],
    ['output_tokens', 'output'],
  ])('needs no count but %s', (written, kept) =>
    expect(only({ ...call, [written]: 7 })?.usage).toMatchObject({ [kept]: 7 }),
  );

  it.each([
    ['cache_write_tokens', 'default'],
    ['cache_write_5m_tokens', '5m'],
    ['cache_write_30m_tokens', '30m'],
    ['cache_write_1h_tokens', '1h'],
  ])('keeps %s under its time to live', (written, ttl) =>
    expect(only({ ...call, [written]: 7 })?.usage.cacheWrite).toEqual({ [ttl]: 7 }),
  );

  it('takes reads and every write off an input that includes them', () =>
    expect(
      only({
        ...call,
        input_includes_cache: true,
        input_tokens: 1000,
        cache_read_tokens: 600,
        cache_write_tokens: 100,
        cache_write_1h_tokens: 50,
      })?.usage.input,
    ).toBe(250));

  it('leaves the input alone when nothing says that it includes the cache', () =>
    expect(only({ ...call, input_tokens: 10, cache_read_tokens: 600 })?.usage.input).toBe(10));

  it('reads owner tags beside the counts, below those in tags', () =>
    expect(
      only({ ...call, input_tokens: 1, Team: 'search', env: 'dev', tags: { environment: 'prod' } })
        ?.tags,
    ).toEqual({ team: 'search', env: 'prod' }));

  it('keeps free keys of tags and ignores free keys beside them', () =>
    expect(only({ ...call, input_tokens: 1, plan: 'gold', tags: { tier: 'a' } })?.tags).toEqual({
      tier: 'a',
    }));

  it.each(['failure', 'timeout', 'cancelled', 'retry'])(
    'takes a call that ended in %s and has no counts as not billed',
    (status) =>
      expect(only({ ...call, provider: 'openai', status })).toMatchObject({
        status,
        billable: false,
        countSource: 'reported',
      }),
  );

  it('takes a failed call with counts as billed', () =>
    expect(only({ ...call, status: 'failure', input_tokens: 5 })?.billable).toBe(true));
});

describe('the form that export writes', () => {
  const exported = {
    id: 'req_1',
    time: '2026-11-02T09:00:00.000Z',
    provider: 'openai',
    model: 'gpt-5',
    usage: { input: 1, cache_read: 0, cache_write: {}, output: 0, fees: { web_search: 0 } },
  };

  it('drops parts, fees and times to live of 0, which are the same as absent ones', () =>
    expect(
      only({ ...exported, usage: { ...exported.usage, audio_input: 0, cache_write: { '5m': 0 } } })
        ?.usage,
    ).toMatchObject({ parts: {}, fees: {}, cacheWrite: {} }));

  it('may lack a time, as the body of some providers does', () =>
    expect(only({ ...exported, time: null })?.time).toBeUndefined());

  it('keeps calls whose tokens are not known apart from calls of no tokens', () =>
    expect(only({ ...exported, count_source: 'missing', usage: { input: 0 } })?.countSource).toBe(
      'missing',
    ));

  it('takes an event of many requests as a sum', () =>
    expect(only({ ...exported, requests: 3 })).toMatchObject({
      requests: 3,
      countSource: 'aggregated',
    }));

  it('keeps reported dollars to a picodollar, as the ledger does', () =>
    expect(only({ ...exported, reported_cost_usd: '0.0123456789015' })?.reportedCost).toBe(
      12_345_678_902_000_000n,
    ));
});

describe('the provider of a record that names none', () => {
  it.each([
    ['gpt-4o-mini', 'openai'],
    ['o3', 'openai'],
    ['o4-mini', 'openai'],
    ['ft:gpt-4o-mini:acme', 'openai'],
    ['text-embedding-3-small', 'openai'],
    ['Claude-Opus-5', 'anthropic'],
    ['gemini-3-pro', 'google'],
    ['deepseek-chat', 'deepseek'],
    ['grok-4', 'xai'],
    ['codestral-2508', 'mistral'],
    ['command-a', 'cohere'],
    ['o300', 'unknown'],
    ['openai/gpt-4o', 'unknown'],
    ['llama-3.3-70b', 'unknown'],
  ])('of %s is %s', (model, provider) =>
    expect(only({ ...call, model, input_tokens: 1 })?.provider).toBe(provider),
  );

  it.each([
    ['aws.bedrock', 'bedrock'],
    ['AWS.Bedrock', 'bedrock'],
    ['gcp.gemini', 'google'],
    ['vertex_ai-anthropic_models', 'vertex'],
    ['az.ai.openai', 'azure'],
    ['azure', 'azure'],
    ['x_ai', 'xai'],
    ['mistral_ai', 'mistral'],
    ['Acme Models', 'acme models'],
  ])('written as %s is kept as %s', (provider, kept) =>
    expect(only({ ...call, provider, input_tokens: 1 })?.provider).toBe(kept),
  );
});
