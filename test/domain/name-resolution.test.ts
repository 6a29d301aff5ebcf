import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deployments } from '../../src/domain/deployments.ts';
import { createNameResolver } from '../../src/domain/name-resolution.ts';
import type { RateCard } from '../../src/domain/rate-card.ts';
import { acornCard } from '../fixtures/rates/acorn.ts';

const row = 'prices: [{from: 2026-01-01, source: page, input: 1.00}]';
const cardOf = (provider: string, models: string): [string, RateCard] => [
  provider,
  { ...acornCard(`models:\n${models}`), provider },
];

const CARDS = new Map([
  cardOf(
    'openai',
    `
  gpt-4o: {${row}}
  gpt-4o-mini: {aliases: [gpt-4o-mini-2024-07-18], ${row}}
  "ft:gpt-4o": {match: "ft:gpt-4o-2024-*", ${row}}
`,
  ),
  cardOf(
    'azure',
    `
  gpt-4o: {${row}}
  gpt-4o-mini: {${row}}
  gpt-35-turbo: {${row}}
`,
  ),
  cardOf(
    'bedrock',
    `
  global.anthropic.claude-opus-5: {${row}}
  us.anthropic.claude-opus-5: {aliases: [eu.anthropic.claude-opus-5], ${row}}
  anthropic.claude-opus-5: {${row}}
  us-gov.anthropic.claude-opus-4-8: {${row}}
  anthropic.claude-opus-4-8: {${row}}
  "cohere.embed-v4:0": {${row}}
`,
  ),
  cardOf(
    'vertex',
    `
  "claude-sonnet-4-5@20250929": {${row}}
  gemini-2.5-pro: {${row}}
`,
  ),
  cardOf(
    'openrouter',
    `
  openai/gpt-5: {${row}}
  "qwen/qwen3-14b": {${row}}
  "qwen/qwen3-14b:free": {${row}}
  anthropic/claude-opus-5: {aliases: ["anthropic/claude-opus-5:beta"], ${row}}
`,
  ),
  cardOf(
    'fireworks',
    `
  accounts/fireworks/models/glm-5p1: {${row}}
`,
  ),
]);

/** The card's id of what a name means, or the reason why it means nothing. */
function meaningOf(provider: string, name: string, deployments: Deployments = new Map()): string {
  const found = createNameResolver(CARDS, deployments)(provider, name);
  return found.kind === 'unknown'
    ? found.why.message
    : found.meanings.map(({ model }) => model.id).join();
}

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
    const resolve = createNameResolver(CARDS, new Map());
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
  const listed = [...CARDS].flatMap(([provider, { models }]) =>
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
        const found = createNameResolver(CARDS, new Map())(provider, longer);
        expect({ longer, kind: found.kind }).toEqual({ longer, kind: 'unknown' });
      }),
      { seed: 20261122, numRuns: 2000 },
    );
  });

  it('has it where the card says so by a glob', () => {
    expect(meaningOf('openai', 'ft:gpt-4o-2024-11-20:acorn:support:9')).toBe('ft:gpt-4o');
  });
});

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
    const found = createNameResolver(CARDS, deployments)('azure', 'gpt-35-turbo-eu');
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
