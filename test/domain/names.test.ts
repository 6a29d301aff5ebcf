import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globsMeet, matchesGlob } from '../../src/domain/globs.ts';
import { nearest } from '../../src/domain/nearest.ts';
import { providerName, providerOfModel } from '../../src/domain/provider-names.ts';
import { isCallTag, isKnownTag, splitFlatTag, tagKey } from '../../src/domain/tags.ts';

describe('matchesGlob', () => {
  it.each([
    { pattern: 'gpt-4o', text: 'gpt-4o', fits: true },
    { pattern: 'gpt-4o', text: 'gpt-4o-mini', fits: false },
    { pattern: 'gpt-4o*', text: 'gpt-4o', fits: true },
    { pattern: 'gpt-4o*', text: 'gpt-4o-mini', fits: true },
    { pattern: '*', text: '', fits: true },
    { pattern: '*', text: 'anything', fits: true },
    { pattern: '', text: '', fits: true },
    { pattern: '', text: 'a', fits: false },
    { pattern: '*mini', text: 'gpt-4o-mini', fits: true },
    { pattern: '*mini', text: 'mini-2', fits: false },
    { pattern: 'a*a', text: 'a', fits: false },
    { pattern: 'a*a', text: 'aa', fits: true },
    { pattern: 'ab*ba', text: 'aba', fits: false },
    { pattern: 'ft:*:search*', text: 'ft:gpt-4o:search:1', fits: true },
    { pattern: 'ft:*:search*', text: 'ft:gpt-4o:support:1', fits: false },
    { pattern: 'a*b*c', text: 'a-c-b', fits: false },
    { pattern: 'a*b*c', text: 'axbxbxc', fits: true },
    { pattern: 'a**c', text: 'abc', fits: true },
    { pattern: 'o.', text: 'o3', fits: false },
    { pattern: 'o?', text: 'o3', fits: false },
    { pattern: '[o]3', text: 'o3', fits: false },
  ])('says $fits for $pattern and $text', ({ pattern, text, fits }) => {
    expect(matchesGlob(pattern, text)).toBe(fits);
  });

  it('agrees with a regular expression', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    const words = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
    fc.assert(
      fc.property(letters, words, (pattern, text) => {
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text);
        expect(matchesGlob(pattern, text)).toBe(expected);
      }),
      { seed: 20261121, numRuns: 1000 },
    );
  });

  it('answers at once for a pattern made to be slow', () => {
    expect(matchesGlob(`${'a*'.repeat(200)}b`, 'a'.repeat(20_000))).toBe(false);
  });
});

describe('globsMeet', () => {
  it.each([
    { one: 'oak-*', other: '*-mini', meet: true },
    { one: 'ft:oak-*', other: 'ft:elm-*', meet: false },
    { one: 'oak-1', other: 'oak-1', meet: true },
    { one: 'oak-1', other: 'oak-12', meet: false },
    { one: 'a*b', other: 'a*c', meet: false },
    { one: '*', other: '', meet: true },
  ])('says $meet for $one and $other', ({ one, other, meet }) => {
    expect(globsMeet(one, other)).toBe(meet);
  });

  it('is so whenever a text fits both', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 6 });
    const words = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 6 });
    fc.assert(
      fc.property(letters, letters, words, (one, other, text) => {
        const both = matchesGlob(one, text) && matchesGlob(other, text);
        expect(both && !globsMeet(one, other)).toBe(false);
      }),
      { seed: 20261121, numRuns: 2000 },
    );
  });
});

describe('nearest', () => {
  const MODELS = ['claude-sonnet-5', 'claude-haiku-5-5', 'gpt-5.4-mini', 'o3'];

  it.each([
    { name: 'a letter too many', wanted: 'gpt-5.4-minni', found: 'gpt-5.4-mini' },
    { name: 'two letters swapped', wanted: 'claude-sonnte-5', found: 'claude-sonnet-5' },
    { name: 'other letters', wanted: 'CLAUDE-SONNET-5', found: 'claude-sonnet-5' },
    { name: 'a version added', wanted: 'claude-sonnet-5-5', found: 'claude-sonnet-5' },
    { name: 'nothing alike', wanted: 'llama-4-maverick-instruct', found: undefined },
  ])('knows $name', ({ wanted, found }) => expect(nearest(wanted, MODELS)).toBe(found));

  it('knows nothing of nothing', () => expect(nearest('gpt-4o', [])).toBeUndefined());

  it('finds every candidate by its own name', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), {
      minLength: 1,
      selector: (name) => name.toLowerCase(),
    });
    fc.assert(
      fc.property(names, (candidates) => {
        for (const candidate of candidates) expect(nearest(candidate, candidates)).toBe(candidate);
      }),
      { seed: 20261121, numRuns: 200 },
    );
  });
});

describe('a tag key', () => {
  it.each([
    { written: 'team', key: 'team' },
    { written: ' Team ', key: 'team' },
    { written: 'team_name', key: 'team' },
    { written: 'TEAM-ID', key: 'team' },
    { written: 'environment', key: 'env' },
    { written: 'deployment.environment.name', key: 'env' },
    { written: 'api-key', key: 'api_key' },
    { written: 'userId', key: 'user' },
    { written: 'session-id', key: 'session' },
    { written: 'Cost Centre', key: 'Cost Centre' },
    { written: 'my-team', key: 'my-team' },
  ])('$written is kept as $key', ({ written, key }) => expect(tagKey(written)).toBe(key));

  it('is kept under the same name when it is read again', () => {
    fc.assert(
      fc.property(fc.string(), (written) => {
        expect(tagKey(tagKey(written))).toBe(tagKey(written));
      }),
      { seed: 20261121, numRuns: 300 },
    );
  });

  it.each([
    { key: 'team_id', known: true },
    { key: 'run', known: true },
    { key: 'cost_centre', known: false },
  ])('$key is known: $known', ({ key, known }) => expect(isKnownTag(key)).toBe(known));

  it.each([
    { key: 'run', perCall: true },
    { key: 'team', perCall: false },
  ])('$key is kept with each call: $perCall', ({ key, perCall }) => {
    expect(isCallTag(key)).toBe(perCall);
  });
});

describe('a flat tag', () => {
  it.each([
    { text: 'team:search', tag: { key: 'team', value: 'search' } },
    { text: 'team=search', tag: { key: 'team', value: 'search' } },
    { text: 'team: search ', tag: { key: 'team', value: 'search' } },
    { text: 'url=https://acorn.example', tag: { key: 'url', value: 'https://acorn.example' } },
    { text: 'ratio:a=b', tag: { key: 'ratio', value: 'a=b' } },
    { text: 'search', tag: undefined },
    { text: ':search', tag: undefined },
    { text: 'team:', tag: undefined },
    { text: '', tag: undefined },
  ])('$text is read', ({ text, tag }) => expect(splitFlatTag(text)).toEqual(tag));
});

describe('a provider', () => {
  it.each([
    { written: 'OpenAI', name: 'openai' },
    { written: 'aws.bedrock', name: 'bedrock' },
    { written: 'bedrock_converse', name: 'bedrock' },
    { written: 'azure.ai.openai', name: 'azure' },
    { written: 'az.ai.foundry', name: 'azure' },
    { written: 'gcp.gemini', name: 'google' },
    { written: 'vertex_ai-anthropic_models', name: 'vertex' },
    { written: ' X_AI ', name: 'xai' },
    { written: 'dashscope', name: 'alibaba' },
    { written: 'google.vertex.anthropic.messages', name: 'vertex' },
    { written: 'google.generative-ai', name: 'google' },
    { written: 'googleai', name: 'google' },
    { written: 'google-ai', name: 'google' },
    { written: 'openai.responses', name: 'openai' },
    { written: 'amazon-bedrock', name: 'bedrock' },
    // As OpenRouter calls an endpoint that it bills itself.
    { written: 'Amazon Bedrock', name: 'amazon bedrock' },
    { written: 'moonshot_ai', name: 'moonshot' },
    { written: 'z-ai', name: 'zai' },
    { written: 'voyageai', name: 'voyage' },
    { written: 'jina_ai', name: 'jina' },
    { written: 'perplexity-ai', name: 'perplexity' },
    { written: 'minimaxai', name: 'minimax' },
    { written: 'fireworks-ai', name: 'fireworks' },
    { written: 'togetherai.chat', name: 'together' },
    { written: 'acorn.chat', name: 'acorn' },
    { written: 'Acorn Cloud', name: 'acorn cloud' },
  ])('$written is kept as $name', ({ written, name }) => expect(providerName(written)).toBe(name));

  it.each([
    { model: 'gpt-5.4', name: 'openai' },
    { model: 'ft:gpt-4o-2024-08-06:acorn::1', name: 'openai' },
    { model: 'o3', name: 'openai' },
    { model: 'o3-mini', name: 'openai' },
    { model: 'o30-sapling', name: 'unknown' },
    { model: 'Claude-Opus-5', name: 'anthropic' },
    { model: 'gemini-2.5-pro', name: 'google' },
    { model: 'us.anthropic.claude-opus-5', name: 'unknown' },
    { model: 'llama-4', name: 'unknown' },
    { model: 'gpt-oss-120b', name: 'unknown' },
    { model: 'mixtral-8x7b-instruct', name: 'unknown' },
    { model: 'qwen3-max-2025-09-23', name: 'alibaba' },
    { model: 'qwen-plus', name: 'alibaba' },
    { model: 'qwen3-32b', name: 'unknown' },
    { model: 'kimi-k2.5', name: 'moonshot' },
    { model: 'moonshot-v1-8k', name: 'moonshot' },
    { model: 'glm-4.6', name: 'zai' },
    { model: 'MiniMax-M2.5', name: 'minimax' },
    { model: 'sonar-pro', name: 'perplexity' },
    { model: 'sonarqube', name: 'unknown' },
    { model: 'voyage-3.5', name: 'voyage' },
    { model: 'rerank-2.5-lite', name: 'voyage' },
    { model: 'rerank-v3.5', name: 'cohere' },
    { model: 'jina-embeddings-v2-base-en', name: 'jina' },
    { model: 'muse-spark-1.1', name: 'meta' },
    { model: 'muse-spark-open', name: 'unknown' },
  ])('of $model is $name when nobody says', ({ model, name }) => {
    expect(providerOfModel(model)).toBe(name);
  });
});
