/**
 * Spellings of one biller, from OTel's gen_ai.provider.name, its deprecated gen_ai.system and LiteLLM's
 * custom_llm_provider (https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/ and
 * https://docs.litellm.ai/docs/providers, collected 2026-11-21).
 */
const SPELLINGS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'aws.bedrock': 'bedrock',
    aws_bedrock: 'bedrock',
    bedrock_converse: 'bedrock',
    'azure.ai.openai': 'azure',
    'azure.ai.inference': 'azure',
    'az.ai.openai': 'azure',
    'az.ai.inference': 'azure',
    azure_ai: 'azure',
    azure_openai: 'azure',
    azure_text: 'azure',
    cohere_chat: 'cohere',
    fireworks_ai: 'fireworks',
    'gcp.gemini': 'google',
    'gcp.gen_ai': 'google',
    'gcp.vertex_ai': 'vertex',
    gemini: 'google',
    'ibm.watsonx.ai': 'watsonx',
    mistral_ai: 'mistral',
    mistralai: 'mistral',
    'text-completion-openai': 'openai',
    together_ai: 'together',
    'x-ai': 'xai',
    x_ai: 'xai',
  }),
);

/** A provider under the name the ledger keeps: known spellings unified, any other lower-cased as written. */
export function providerName(written: string): string {
  const lower = written.trim().toLowerCase();
  if (lower.startsWith('vertex_ai')) return 'vertex';
  if (lower.startsWith('az.ai.')) return 'azure';
  return SPELLINGS.get(lower) ?? lower;
}

const MODEL_PREFIXES: readonly (readonly [RegExp, string])[] = [
  [/^(ft:)?(gpt-|chatgpt-|o[134](-|$))/, 'openai'],
  [/^text-embedding-(3-|ada-)/, 'openai'],
  [/^claude-/, 'anthropic'],
  [/^gemini-/, 'google'],
  [/^deepseek-/, 'deepseek'],
  [/^grok-/, 'xai'],
  [/^(mistral|codestral|ministral|magistral|pixtral)-/, 'mistral'],
  [/^(command|rerank|embed)-/, 'cohere'],
];

/**
 * The provider that first sells a model, told by an unmistakable prefix of its name; `unknown` otherwise.
 * Only for logs that name no provider: a reseller's calls carry the same model names.
 */
export function providerOfModel(model: string): string {
  const lower = model.toLowerCase();
  return MODEL_PREFIXES.find(([prefix]) => prefix.test(lower))?.[1] ?? 'unknown';
}
