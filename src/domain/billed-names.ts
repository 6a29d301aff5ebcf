import { BEDROCK_RULES } from './bedrock-names.ts';
import { FINE_TUNED, type NameRule } from './name-rule.ts';
import { providerName } from './provider-names.ts';

/** What a name that a source wrote may stand for. */
export interface NameReading {
  /** Names under which a card may list the model, lower case: as written first, then without what its host puts around it. */
  readonly names: readonly string[];
  /** A region that the name itself tells. */
  readonly region?: string;
  /** Why the name has no price where no card lists it; `undefined` for a plain name. */
  readonly never?: string;
}

const ANY_HOST: readonly NameRule[] = [
  { when: /^ft:.+$/, never: FINE_TUNED },
  { when: /^[^:/]+:ft-.+$/, never: FINE_TUNED },
];

// https://ai.google.dev/api/models, 2026-11-22.
const GOOGLE_RULES: readonly NameRule[] = [
  { when: /^models\/(.+)$/, means: ['$1'] },
  { when: /^(?:.+\/)?publishers\/google\/models\/(.+)$/, means: ['$1'] },
  { when: /^tunedmodels\/.+$/, never: FINE_TUNED },
];

// Resource names: https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest, 2026-11-22.
const VERTEX_RULES: readonly NameRule[] = [
  {
    when: /^(?:.*\/)?projects\/[^/]+\/locations\/([^/]+)\/publishers\/([^/]+)\/models\/(.+)$/,
    means: ['$2/$3', '$3'],
    region: '$1',
  },
  { when: /^publishers\/([^/]+)\/models\/(.+)$/, means: ['$1/$2', '$2'] },
  {
    when: /^(?:.*\/)?projects\/[^/]+\/locations\/[^/]+\/(?:endpoints|models)\/.+$/,
    never:
      'the name of an endpoint or model of the project does not tell what it serves; name it under deployments: in aicost.yaml',
  },
  { when: /^(?:models|google)\/(.+)$/, means: ['$1'] },
  { when: /^(.+)@default$/, means: ['$1'] },
  // Claude's answers write the date as Anthropic does, requests as Vertex does.
  { when: /^(claude-.+)@(\d{8})$/, means: ['$1-$2'] },
  { when: /^(claude-.+)-(\d{8})$/, means: ['$1@$2'] },
];

// LiteLLM's names of Azure's deployment types (https://docs.litellm.ai/docs/providers/azure, 2026-11-22).
const AZURE_RULES: readonly NameRule[] = [
  { when: /^(us|eu)\/(.+)$/, means: ['$2'], region: '$1' },
  { when: /^(?:global|global-standard)\/(.+)$/, means: ['$1'] },
  { when: /^.+\.ft-[0-9a-f].*$/, never: FINE_TUNED },
];

// https://docs.fireworks.ai/models/overview, 2026-11-22.
const FIREWORKS_RULES: readonly NameRule[] = [
  {
    when: /^(?:.*#)?accounts\/[^/]+\/(?:deployments|deployedmodels)\/.+$/,
    never: 'a deployment of the account is billed by the second of its accelerators, not by tokens',
  },
  { when: /^accounts\/fireworks\/models\/([^/]+)$/, means: ['$1'], last: true },
  {
    when: /^accounts\/(?!fireworks\/)[^/]+\/models\/.+$/,
    never: `a model of the account's own has no listed price; name it under deployments: in aicost.yaml`,
  },
  { when: /^([^/]+)$/, means: ['accounts/fireworks/models/$1'] },
];

// Two kinds of suffixes: entries of the catalog with prices of their own, and ways to choose an endpoint
// (https://openrouter.ai/docs/guides/routing/model-variants/overview, read 2026-11-22).
const OPENROUTER_RULES: readonly NameRule[] = [
  {
    when: /^.+:(?:free|batch|thinking|extended|beta)$/,
    never: 'a variant has a price of its own, and the card does not list this one',
  },
  {
    when: /^.+:(?:nitro|floor|exacto)$/,
    never:
      'the suffix chooses among endpoints whose prices differ; what OpenRouter reports is exact',
  },
  {
    when: /^.+:online$/,
    never: 'the suffix adds a web search that tokens do not show; what OpenRouter reports is exact',
  },
  { when: /^(?:openrouter\/)?auto$/, never: 'the router does not tell which model it chose' },
];

const RULES: ReadonlyMap<string, readonly NameRule[]> = new Map([
  ['azure', AZURE_RULES],
  ['bedrock', BEDROCK_RULES],
  ['fireworks', FIREWORKS_RULES],
  ['google', GOOGLE_RULES],
  ['openrouter', OPENROUTER_RULES],
  ['vertex', VERTEX_RULES],
]);

/** Reads a name by the rules of the host that was called. Says nothing of whether any card lists it. */
export function readName(provider: string, written: string): NameReading {
  const names = [written.trim().toLowerCase()];
  let bare = names[0] ?? '';
  let region: string | undefined;
  const unaddressed = withoutProvider(provider, bare);
  if (unaddressed !== undefined) {
    bare = unaddressed;
    names.push(bare);
  }
  for (const rules of [ANY_HOST, RULES.get(provider) ?? []])
    for (const rule of rules) {
      const name = bare;
      if (!rule.when.test(name)) continue;
      if (rule.region !== undefined) region = name.replace(rule.when, rule.region);
      if (rule.never !== undefined) return reading(names, region, rule.never);
      for (const means of rule.means ?? []) {
        bare = name.replace(rule.when, means);
        names.push(bare);
      }
      if (rule.last === true) return reading(names, region);
    }
  return reading(names, region);
}

const reading = (
  names: readonly string[],
  region: string | undefined,
  never?: string,
): NameReading => ({
  names,
  ...(region === undefined || region === '' ? {} : { region }),
  ...(never === undefined ? {} : { never }),
});

/** The rest of `x-ai/grok-4` at xAI: gateways put the provider before the name, in spellings of their own. */
function withoutProvider(provider: string, name: string): string | undefined {
  const slash = name.indexOf('/');
  if (slash <= 0 || slash === name.length - 1) return undefined;
  const head = name.slice(0, slash);
  return head === provider || providerName(head) === provider ? name.slice(slash + 1) : undefined;
}

/** What to do about a plain name that a host's card does not list, where such names are often one's own. */
export const REMEDIES: ReadonlyMap<string, string> = new Map([
  ['azure', 'if it is a deployment of yours, name its model under deployments: in aicost.yaml'],
  ['bedrock', 'if it is a name of your own, name its model under deployments: in aicost.yaml'],
]);
