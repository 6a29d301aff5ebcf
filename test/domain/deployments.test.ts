import { describe, expect, it } from 'vitest';
import type { Deployments } from '../../src/domain/deployments.ts';
import { createNameResolver } from '../../src/domain/name-resolution.ts';
import { HOSTS, meaningOf } from '../fixtures/rates/hosts.ts';

describe('a deployment', () => {
  const ARN = 'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/x7k2abc';
  const deployments: Deployments = new Map([
    [
      'azure',
      new Map([
        ['Chat-Prod', 'gpt-4o'],
        ['gpt-4o-mini', 'gpt-35-turbo'],
        ['gpt-35-turbo-eu', 'eu/gpt-35-turbo'],
        ['team-*', 'gpt-4o-mini'],
        ['lost', 'gpt-4o-minni'],
        ['*', 'gpt-4o'],
      ]),
    ],
    [
      'bedrock',
      new Map([
        [ARN, 'global.anthropic.claude-opus-5'],
        ['provisioned-model/57z3lgkt1cx2', 'anthropic.claude-opus-5'],
        ['arn:aws:bedrock:us-east-1:1:application-inference-profile/twin', 'cohere.embed-v4:0'],
        [
          'arn:aws:bedrock:us-east-1:2:application-inference-profile/twin',
          'anthropic.claude-opus-5',
        ],
      ]),
    ],
  ]);

  it.each([
    { name: 'its name', provider: 'azure', written: 'chat-prod', model: 'gpt-4o' },
    {
      name: 'its name after the provider',
      provider: 'azure',
      written: 'azure/chat-prod',
      model: 'gpt-4o',
    },
    { name: 'a pattern', provider: 'azure', written: 'team-search', model: 'gpt-4o-mini' },
    {
      name: 'the first pattern that fits',
      provider: 'azure',
      written: 'anything',
      model: 'gpt-4o',
    },
    // Who names a deployment after a model says in the map what it really serves.
    {
      name: 'its name, although a model is called so',
      provider: 'azure',
      written: 'gpt-4o-mini',
      model: 'gpt-35-turbo',
    },
    // A reply names the real model: a pattern for deployments must not catch it.
    {
      name: 'no pattern where a model is called so',
      provider: 'azure',
      written: 'gpt-35-turbo',
      model: 'gpt-35-turbo',
    },
    { name: 'its ARN', provider: 'bedrock', written: ARN, model: 'global.anthropic.claude-opus-5' },
    {
      name: 'the end of its ARN, as logs keep it',
      provider: 'bedrock',
      written: 'application-inference-profile/x7k2abc',
      model: 'global.anthropic.claude-opus-5',
    },
    {
      name: 'a name that would have no price',
      provider: 'bedrock',
      written: 'arn:aws:bedrock:us-east-1:1:provisioned-model/57z3lgkt1cx2',
      model: 'anthropic.claude-opus-5',
    },
    {
      name: 'the ARN of its own account',
      provider: 'bedrock',
      written: 'arn:aws:bedrock:us-east-1:2:application-inference-profile/twin',
      model: 'anthropic.claude-opus-5',
    },
  ])('is known by $name', ({ provider, written, model }) => {
    expect(meaningOf(provider, written, deployments)).toBe(model);
  });

  it('of two accounts is not known by the end that both ARNs share', () => {
    expect(meaningOf('bedrock', 'application-inference-profile/twin', deployments)).toBe(
      'bedrock has no price for model "application-inference-profile/twin": the name of an application inference profile does not tell its model; name it under deployments: in aicost.yaml',
    );
  });

  it('is in the region that its model is written with', () => {
    const found = createNameResolver(HOSTS, deployments)('azure', 'gpt-35-turbo-eu');
    expect(found.kind === 'known' ? found.region : undefined).toBe('eu');
  });

  it('whose model the card does not have says so', () => {
    expect(meaningOf('azure', 'lost', deployments)).toBe(
      'azure has no price for model "lost": deployments: in aicost.yaml name "gpt-4o-minni" for it, which the card does not have; the nearest names are gpt-4o-mini and gpt-4o',
    );
  });

  it('of another provider is not known', () => {
    expect(meaningOf('openai', 'chat-prod', deployments)).toBe(
      'openai has no price for model "chat-prod"',
    );
  });
});
