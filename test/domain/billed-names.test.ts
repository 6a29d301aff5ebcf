import { describe, expect, it } from 'vitest';
import { readName } from '../../src/domain/billed-names.ts';

/** The spellings under which a card may list what a source wrote, after the one as written. */
const spellings = (provider: string, written: string): readonly string[] =>
  readName(provider, written).names.slice(1);

describe('a name is also looked for', () => {
  it.each([
    // Any provider, in any spelling of it.
    { provider: 'openai', written: 'openai/gpt-4o', also: ['gpt-4o'] },
    { provider: 'xai', written: 'x-ai/grok-4', also: ['grok-4'] },
    { provider: 'google', written: 'gemini/gemini-2.5-pro', also: ['gemini-2.5-pro'] },
    { provider: 'alibaba', written: 'dashscope/qwen-max', also: ['qwen-max'] },
    { provider: 'zai', written: 'zai-org/GLM-4.6', also: ['glm-4.6'] },
    { provider: 'groq', written: 'groq/openai/gpt-oss-120b', also: ['openai/gpt-oss-120b'] },
    { provider: 'together', written: 'Qwen/Qwen1.5-72B', also: [] },
    { provider: 'groq', written: 'openai/gpt-oss-120b', also: [] },
    { provider: 'anthropic', written: 'bedrock/claude-opus-5', also: [] },
    { provider: 'openai', written: 'openai/', also: [] },
    { provider: 'openai', written: '/gpt-4o', also: [] },
    { provider: 'openai', written: '', also: [] },
    // Google and Vertex AI.
    { provider: 'google', written: 'models/gemini-2.5-pro', also: ['gemini-2.5-pro'] },
    {
      provider: 'vertex',
      written: 'projects/acorn/locations/europe-west1/publishers/anthropic/models/claude-opus-5',
      also: ['anthropic/claude-opus-5', 'claude-opus-5'],
    },
    {
      provider: 'vertex',
      written: 'publishers/meta/models/llama-3.3-70b-instruct-maas',
      also: ['meta/llama-3.3-70b-instruct-maas', 'llama-3.3-70b-instruct-maas'],
    },
    { provider: 'vertex', written: 'vertex_ai/gemini-2.5-pro', also: ['gemini-2.5-pro'] },
    { provider: 'vertex', written: 'google/gemini-2.5-pro', also: ['gemini-2.5-pro'] },
    { provider: 'vertex', written: 'claude-opus-5@default', also: ['claude-opus-5'] },
    {
      provider: 'vertex',
      written: 'claude-sonnet-4-5-20250929',
      also: ['claude-sonnet-4-5@20250929'],
    },
    // Azure.
    { provider: 'azure', written: 'azure/eu/gpt-4o', also: ['eu/gpt-4o', 'gpt-4o'] },
    {
      provider: 'azure',
      written: 'azure/global-standard/gpt-4o',
      also: ['global-standard/gpt-4o', 'gpt-4o'],
    },
    // Fireworks.
    { provider: 'fireworks', written: 'accounts/fireworks/models/glm-5p1', also: ['glm-5p1'] },
    { provider: 'fireworks', written: 'glm-5p1', also: ['accounts/fireworks/models/glm-5p1'] },
    { provider: 'fireworks', written: 'accounts/fireworks/routers/glm-5p1-fast-us', also: [] },
    // OpenRouter.
    { provider: 'openrouter', written: 'openrouter/openai/gpt-5', also: ['openai/gpt-5'] },
    { provider: 'openrouter', written: 'openai/gpt-5:nitro', also: [] },
    // Bedrock.
    {
      provider: 'bedrock',
      written: 'us.anthropic.claude-opus-5-v1:0',
      also: ['us.anthropic.claude-opus-5-v1', 'us.anthropic.claude-opus-5'],
    },
    {
      provider: 'bedrock',
      written: 'us.anthropic.claude-opus-5',
      also: ['us.anthropic.claude-opus-5-v1:0', 'us.anthropic.claude-opus-5-v1'],
    },
    { provider: 'bedrock', written: 'anthropic.claude-3-5-sonnet-20241022-v2:0', also: [] },
    {
      provider: 'bedrock',
      written: 'bedrock/us-east-1/amazon.titan-embed-text-v2:0',
      also: ['us-east-1/amazon.titan-embed-text-v2:0', 'amazon.titan-embed-text-v2:0'],
    },
    {
      provider: 'bedrock',
      written: 'arn:aws:bedrock:eu-west-1::foundation-model/cohere.embed-v4:0',
      also: ['foundation-model/cohere.embed-v4:0', 'cohere.embed-v4:0'],
    },
    {
      provider: 'bedrock',
      written:
        'arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.mistral.pixtral-large-2502-v1:0',
      also: [
        'inference-profile/us.mistral.pixtral-large-2502-v1:0',
        'us.mistral.pixtral-large-2502-v1:0',
        'us.mistral.pixtral-large-2502-v1',
        'us.mistral.pixtral-large-2502',
      ],
    },
    {
      provider: 'bedrock',
      written: 'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/x7k2abc',
      also: ['application-inference-profile/x7k2abc'],
    },
  ])('at $provider, $written', ({ provider, written, also }) => {
    expect(spellings(provider, written)).toEqual(also);
  });

  it('first as it is written, in lower case', () => {
    expect(readName('openai', ' GPT-4o ').names).toEqual(['gpt-4o']);
  });

  // AWS prices GovCloud apart, and cards list it under us-gov.
  it.each([
    'arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/anthropic.claude-opus-4-8',
    'arn:aws-us-gov:bedrock:us-gov-west-1:1:inference-profile/us-gov.anthropic.claude-opus-4-8',
    'us-gov-west-1/anthropic.claude-opus-4-8',
  ])('in GovCloud under its own scope only: %s', (written) => {
    expect(spellings('bedrock', written)).toEqual([
      'us-gov.anthropic.claude-opus-4-8',
      'us-gov.anthropic.claude-opus-4-8-v1:0',
      'us-gov.anthropic.claude-opus-4-8-v1',
    ]);
  });
});

describe('a region is told by', () => {
  it.each([
    { provider: 'azure', written: 'azure/eu/gpt-4o', region: 'eu' },
    { provider: 'azure', written: 'gpt-4o', region: undefined },
    { provider: 'bedrock', written: 'ap-southeast-2/cohere.embed-v4:0', region: 'ap-southeast-2' },
    {
      provider: 'bedrock',
      written: 'arn:aws:bedrock:eu-west-1::foundation-model/cohere.embed-v4:0',
      region: 'eu-west-1',
    },
    {
      provider: 'vertex',
      written: 'projects/p/locations/us-east5/publishers/anthropic/models/claude-opus-5',
      region: 'us-east5',
    },
  ])('$written: $region', ({ provider, written, region }) => {
    expect(readName(provider, written).region).toBe(region);
  });
});

const PROVISIONED =
  'provisioned throughput is billed by the hour, not by tokens; to price it like a model all the same, name one under deployments: in aicost.yaml';
const FINE_TUNED =
  'a fine-tuned model has a price of its own, never that of its base; list it in a card of yours';
const ENDPOINT =
  'the suffix chooses among endpoints whose prices differ; what OpenRouter reports is exact';
const VARIANT = 'a variant has a price of its own, and the card does not list this one';
const CUSTOM =
  'the name of a custom or imported model does not tell its model; name it under deployments: in aicost.yaml';

describe('a name has no price unless it is listed:', () => {
  it.each([
    { provider: 'openai', written: 'ft:gpt-4o-2024-08-06:acorn::1', never: FINE_TUNED },
    { provider: 'openai', written: 'openai/ft:gpt-3.5-turbo:acorn::1', never: FINE_TUNED },
    { provider: 'openai', written: 'curie:ft-acorn-2023', never: FINE_TUNED },
    { provider: 'mistral', written: 'ft:open-mistral-7b:acorn:20240830:1', never: FINE_TUNED },
    { provider: 'azure', written: 'gpt-4o-2024-08-06.ft-0a1b2c', never: FINE_TUNED },
    { provider: 'google', written: 'tunedModels/support-7', never: FINE_TUNED },
    { provider: 'openrouter', written: 'qwen/qwen3-14b:free', never: VARIANT },
    { provider: 'openrouter', written: 'qwen/qwen-plus:thinking', never: VARIANT },
    { provider: 'openrouter', written: 'openai/gpt-5:nitro', never: ENDPOINT },
    { provider: 'openrouter', written: 'openai/gpt-5:floor', never: ENDPOINT },
    { provider: 'openrouter', written: 'openai/gpt-5:exacto', never: ENDPOINT },
    {
      provider: 'openrouter',
      written: 'openai/gpt-5:online',
      never:
        'the suffix adds a web search that tokens do not show; what OpenRouter reports is exact',
    },
    {
      provider: 'openrouter',
      written: 'openrouter/auto',
      never: 'the router does not tell which model it chose',
    },
    {
      provider: 'bedrock',
      written: 'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/x7k2abc',
      never:
        'the name of an application inference profile does not tell its model; name it under deployments: in aicost.yaml',
    },
    { provider: 'bedrock', written: 'provisioned-model/57z3lgkt1cx2', never: PROVISIONED },
    { provider: 'bedrock', written: 'anthropic.claude-v2:1:200k', never: PROVISIONED },
    {
      provider: 'bedrock',
      written: 'bedrock/us-east-1/6-month-commitment/anthropic.claude-v2:1',
      never: PROVISIONED,
    },
    {
      provider: 'bedrock',
      written: 'bedrock/llama/arn:aws:bedrock:us-east-1:1:imported-model/r4c4kewx2s0n',
      never: CUSTOM,
    },
    {
      provider: 'bedrock',
      written: 'arn:aws:bedrock:us-east-1:1:custom-model/amazon.nova-lite-v1:0/p1',
      never: CUSTOM,
    },
    {
      provider: 'bedrock',
      written: 'arn:aws:bedrock:us-east-1:1:default-prompt-router/anthropic.claude:1',
      never:
        'the name of a prompt router does not tell its model; name it under deployments: in aicost.yaml',
    },
    {
      provider: 'bedrock',
      written: 'arn:aws:sagemaker:us-east-1:1:endpoint/oak',
      never:
        'an endpoint of the account, which is billed by the hour, does not tell its model; name it under deployments: in aicost.yaml',
    },
    {
      provider: 'vertex',
      written: 'projects/p/locations/us-central1/endpoints/1234',
      never:
        'the name of an endpoint or model of the project does not tell what it serves; name it under deployments: in aicost.yaml',
    },
    {
      provider: 'fireworks',
      written: 'accounts/fireworks/models/glm-5p1#accounts/acorn/deployments/1',
      never:
        'a deployment of the account is billed by the second of its accelerators, not by tokens',
    },
    {
      provider: 'fireworks',
      written: 'accounts/acorn/models/support-7',
      never:
        "a model of the account's own has no listed price; name it under deployments: in aicost.yaml",
    },
    { provider: 'openrouter', written: 'openai/gpt-5', never: undefined },
    { provider: 'bedrock', written: 'us.anthropic.claude-opus-5', never: undefined },
  ])('$written', ({ provider, written, never }) => {
    expect(readName(provider, written).never).toBe(never);
  });
});

it('is read at once, however it was made to be slow', () => {
  for (const name of ['a.'.repeat(50_000), '/projects'.repeat(20_000), '-v1:0'.repeat(20_000)])
    for (const provider of ['bedrock', 'vertex', 'azure', 'fireworks', 'openrouter', 'google'])
      expect(readName(provider, name).names[0]).toBe(name);
});
