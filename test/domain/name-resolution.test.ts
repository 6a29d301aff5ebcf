import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNameResolver } from '../../src/domain/name-resolution.ts';
import { HOSTS, meaningOf } from '../fixtures/rates/hosts.ts';

describe('a name means', () => {
  it.each([
    { provider: 'openai', name: 'GPT-4o', model: 'gpt-4o' },
    { provider: 'openai', name: 'openai/gpt-4o-mini-2024-07-18', model: 'gpt-4o-mini' },
    { provider: 'openai', name: 'ft:gpt-4o-2024-08-06:acorn::1', model: 'ft:gpt-4o' },
    { provider: 'openai', name: 'openai/ft:gpt-4o-2024-08-06:acorn::1', model: 'ft:gpt-4o' },
    { provider: 'azure', name: 'azure/eu/gpt-4o', model: 'gpt-4o' },
    {
      provider: 'bedrock',
      name: 'arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-opus-5-v1:0',
      model: 'us.anthropic.claude-opus-5',
    },
    {
      provider: 'bedrock',
      name: 'eu.anthropic.claude-opus-5-v1',
      model: 'us.anthropic.claude-opus-5',
    },
    {
      provider: 'bedrock',
      name: 'bedrock/converse/global.anthropic.claude-opus-5',
      model: 'global.anthropic.claude-opus-5',
    },
    {
      provider: 'bedrock',
      name: 'arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-opus-5',
      model: 'anthropic.claude-opus-5',
    },
    {
      provider: 'bedrock',
      name: 'arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/anthropic.claude-opus-4-8',
      model: 'us-gov.anthropic.claude-opus-4-8',
    },
    {
      provider: 'vertex',
      name: 'projects/p/locations/global/publishers/anthropic/models/claude-sonnet-4-5@20250929',
      model: 'claude-sonnet-4-5@20250929',
    },
    { provider: 'vertex', name: 'claude-sonnet-4-5-20250929', model: 'claude-sonnet-4-5@20250929' },
    { provider: 'openrouter', name: 'openrouter/openai/gpt-5', model: 'openai/gpt-5' },
    { provider: 'openrouter', name: 'qwen/qwen3-14b:free', model: 'qwen/qwen3-14b:free' },
    {
      provider: 'openrouter',
      name: 'anthropic/claude-opus-5:beta',
      model: 'anthropic/claude-opus-5',
    },
    { provider: 'fireworks', name: 'glm-5p1', model: 'accounts/fireworks/models/glm-5p1' },
  ])('$model at $provider: $name', ({ provider, name, model }) => {
    expect(meaningOf(provider, name)).toBe(model);
  });
});

describe('a name that is not listed has no price, and the reason helps:', () => {
  it.each([
    {
      name: 'a longer name',
      provider: 'openai',
      model: 'gpt-4o-mini-5',
      reason: 'openai has no price for model "gpt-4o-mini-5"; the nearest name is gpt-4o-mini',
    },
    {
      name: 'a name of another provider',
      provider: 'openai',
      model: 'gpt-35-turbo',
      reason:
        'openai has no price for model "gpt-35-turbo"; azure has it, so the provider may be wrong',
    },
    {
      name: 'a name of several others, the maker of the model first',
      provider: 'openai',
      model: 'openai/kimi-k2.5',
      reason:
        'openai has no price for model "openai/kimi-k2.5"; moonshot and azure have it, so the provider may be wrong',
    },
    {
      name: 'a base model that was fine-tuned',
      provider: 'openai',
      model: 'ft:gpt-4o-mini-2024-07-18:acorn::1',
      reason:
        'openai has no price for model "ft:gpt-4o-mini-2024-07-18:acorn::1": a fine-tuned model has a price of its own, never that of its base; list it in a card of yours',
    },
    {
      name: 'a deployment',
      provider: 'azure',
      model: 'chat-prod',
      reason:
        'azure has no price for model "chat-prod"; if it is a deployment of yours, name its model under deployments: in aicost.yaml',
    },
    {
      name: 'another scope, which costs something else',
      provider: 'bedrock',
      model: 'jp.anthropic.claude-opus-5',
      reason:
        'bedrock has no price for model "jp.anthropic.claude-opus-5"; if it is a name of your own, name its model under deployments: in aicost.yaml; the nearest names are us.anthropic.claude-opus-5, anthropic.claude-opus-5 and global.anthropic.claude-opus-5',
    },
    {
      name: 'a vendor left out',
      provider: 'bedrock',
      model: 'claude-opus-5',
      reason:
        'bedrock has no price for model "claude-opus-5"; if it is a name of your own, name its model under deployments: in aicost.yaml; the nearest names are anthropic.claude-opus-5, us.anthropic.claude-opus-5 and global.anthropic.claude-opus-5',
    },
    {
      name: 'an application inference profile',
      provider: 'bedrock',
      model: 'application-inference-profile/x7k2abc',
      reason:
        'bedrock has no price for model "application-inference-profile/x7k2abc": the name of an application inference profile does not tell its model; name it under deployments: in aicost.yaml',
    },
    {
      name: 'a way to choose an endpoint',
      provider: 'openrouter',
      model: 'openai/gpt-5:nitro',
      reason:
        'openrouter has no price for model "openai/gpt-5:nitro": the suffix chooses among endpoints whose prices differ; what OpenRouter reports is exact',
    },
    {
      name: 'a free variant of a model that has none',
      provider: 'openrouter',
      model: 'openai/gpt-5:free',
      reason:
        'openrouter has no price for model "openai/gpt-5:free": a variant has a price of its own, and the card does not list this one',
    },
    {
      name: 'another date',
      provider: 'vertex',
      model: 'claude-sonnet-4-5@20251001',
      reason:
        'vertex has no price for model "claude-sonnet-4-5@20251001"; the nearest name is claude-sonnet-4-5@20250929',
    },
    {
      name: 'a provider without a card',
      provider: 'beech',
      model: 'gpt-4o',
      reason: 'no rate card for provider "beech"',
    },
  ])('$name', ({ provider, model, reason }) => {
    expect(meaningOf(provider, model)).toBe(reason);
  });

  it('the same one however often and after whatever else it is asked', () => {
    const resolve = createNameResolver(HOSTS, new Map());
    const reason = (): string => {
      const found = resolve('openai', 'gpt-4o-mini-2');
      return found.kind === 'unknown' ? found.why.message : 'known';
    };
    const first = reason();
    for (let index = 0; index < 60_000; index += 1) resolve('openai', `noise-${index}`);
    expect(reason()).toBe(first);
  });
});

describe('a name with something added', () => {
  const listed = [...HOSTS].flatMap(([provider, { models }]) =>
    models.flatMap(({ id, aliases }) =>
      [id, ...aliases.map(({ name }) => name)].map((name) => ({ provider, name })),
    ),
  );
  const suffix = fc.oneof(
    fc.string({ minLength: 1, maxLength: 12 }),
    fc.constantFrom('-5', '-mini', '-2026-01-01', '@20260101', ':thinking', ':nitro', ':28k', '/x'),
  );

  it('never has the price of the name', () => {
    fc.assert(
      fc.property(fc.constantFrom(...listed), suffix, ({ provider, name }, added) => {
        const longer = `${name}${added}`.trim().toLowerCase();
        const known = listed.some((each) => each.provider === provider && each.name === longer);
        // Bedrock's suffix of a first version is the one that a host's rule takes off.
        const declared = provider === 'bedrock' && /^-v1(:0)?$/i.test(added.trim());
        if (known || declared || longer === name) return;
        const found = createNameResolver(HOSTS, new Map())(provider, longer);
        expect({ longer, kind: found.kind }).toEqual({ longer, kind: 'unknown' });
      }),
      { seed: 20261122, numRuns: 2000 },
    );
  });

  it('has it where the card says so by a glob', () => {
    expect(meaningOf('openai', 'ft:gpt-4o-2024-11-20:acorn:support:9')).toBe('ft:gpt-4o');
  });
});
