import type { NameRule } from './name-rule.ts';

const PROVISIONED =
  'provisioned throughput is billed by the hour, not by tokens; to price it like a model all the same, name one under deployments: in aicost.yaml';
const own = (what: string): string =>
  `${what} does not tell its model; name it under deployments: in aicost.yaml`;

/**
 * How Bedrock's names are read. The scope of an inference profile (`global.`, `us.`, `eu.`, ...) is never
 * taken off: it has a price of its own. Kinds of ARNs:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html; prefixes before
 * a slash are LiteLLM's (https://docs.litellm.ai/docs/providers/bedrock); both collected 2026-11-22.
 */
export const BEDROCK_RULES: readonly NameRule[] = [
  { when: /^(?:converse|converse_like|invoke|async_invoke)\/(.+)$/, means: ['$1'] },
  { when: /^[a-z0-9_]+\/(arn:.+)$/, means: ['$1'] },
  { when: /^[a-z-]+-\d\/\d+-month-commitment\/.+$/, never: PROVISIONED },
  // GovCloud has prices of its own, which cards list under us-gov.
  {
    when: /^arn:[^:]*:bedrock:(us-gov-[^:]*):[^:]*:(?:foundation-model|inference-profile)\/(?:us-gov\.)?(.+)$/,
    means: ['us-gov.$2'],
    region: '$1',
  },
  { when: /^(us-gov-[a-z]+-\d)\/(?:us-gov\.)?(.+)$/, means: ['us-gov.$2'], region: '$1' },
  { when: /^arn:[^:]*:bedrock:([^:]*):[^:]*:(.+)$/, means: ['$2'], region: '$1' },
  { when: /^([a-z]{2}-[a-z]+-\d)\/(.+)$/, means: ['$2'], region: '$1' },
  { when: /^(?:foundation-model|inference-profile)\/(.+)$/, means: ['$1'] },
  {
    when: /^application-inference-profile\/.+$/,
    never: own('the name of an application inference profile'),
  },
  { when: /^provisioned-model\/.+$/, never: PROVISIONED },
  {
    when: /^(?:custom-model|custom-model-deployment|imported-model)\/.+$/,
    never: own('the name of a custom or imported model'),
  },
  { when: /^(?:default-)?prompt-router\/.+$/, never: own('the name of a prompt router') },
  {
    when: /^(?:arn:[^:]*:sagemaker:.+|marketplace\/.+)$/,
    never: own('an endpoint of the account, which is billed by the hour,'),
  },
  // Ids that end in a context length (`:28k`, `:200k`) can only be bought as provisioned throughput.
  { when: /^.+:\d+k$/, never: PROVISIONED },
  // The first version of a model is written with its suffix, with half of it, or without.
  { when: /^(.+)-v1:0$/, means: ['$1-v1', '$1'], last: true },
  { when: /^(.+)-v1$/, means: ['$1-v1:0', '$1'], last: true },
  { when: /^((?!.*(?:-v\d+|:\d+)$).+\..+)$/, means: ['$1-v1:0', '$1-v1'], last: true },
];
