/**
 * Spellings of one biller: OTel's gen_ai.provider.name and its deprecated gen_ai.system, LiteLLM's
 * custom_llm_provider, the providers of Helicone, Portkey, Langfuse and the Vercel AI SDK, the vendors in
 * OpenRouter's slugs, the plugins of Genkit and the clients of BAML
 * (https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/,
 * https://docs.litellm.ai/docs/providers, https://portkey.ai/docs/integrations/llms,
 * https://ai-sdk.dev/providers/ai-sdk-providers, https://openrouter.ai/models, https://genkit.dev/docs/models,
 * https://docs.boundaryml.com/ref/llm-client-providers/overview, collected 2026-11-21 and 22).
 */
const SPELLINGS_OF: Readonly<Record<string, readonly string[]>> = {
  alibaba: ['aliyun', 'alibaba-cloud', 'alibaba_cloud', 'dashscope', 'qwen', 'bailian'],
  anthropic: ['anthropic_text'],
  azure: [
    'azure.ai.openai',
    'azure.ai.inference',
    'az.ai.openai',
    'az.ai.inference',
    'azure_ai',
    'azure-ai',
    'azure_openai',
    'azure-openai',
    'azureopenai',
    'azure_text',
    'azure-foundry',
    'azure-inference',
    'microsoft.foundry',
  ],
  // Not `amazon bedrock`: so OpenRouter calls an endpoint that it bills itself.
  bedrock: [
    'aws',
    'aws.bedrock',
    'aws_bedrock',
    'aws-bedrock',
    'amazon-bedrock',
    'amazon_bedrock',
    'bedrock_converse',
    'bedrock_mantle',
  ],
  cerebras: ['cerebras-ai'],
  cohere: ['cohere_chat', 'cohere-ai'],
  deepseek: ['deepseek-ai', 'deepseek_ai'],
  fireworks: ['fireworks_ai', 'fireworks-ai', 'fireworksai'],
  google: [
    'gcp.gemini',
    'gcp.gen_ai',
    'gemini',
    'google-ai',
    'google-ai-studio',
    'google_ai_studio',
    'googleai',
    'google-generative-ai',
    'google_genai',
    'google.generative-ai',
  ],
  groq: ['groqcloud'],
  jina: ['jina_ai', 'jina-ai', 'jinaai'],
  meta: ['meta_llama', 'meta-llama', 'llama_api', 'meta-ai'],
  minimax: ['minimaxai', 'minimax-ai', 'minimax_ai'],
  mistral: ['mistral_ai', 'mistral-ai', 'mistralai'],
  moonshot: ['moonshotai', 'moonshot_ai', 'moonshot-ai', 'kimi'],
  openai: ['text-completion-openai', 'open-ai', 'open_ai'],
  openrouter: ['open-router', 'open_router'],
  perplexity: ['perplexity-ai', 'perplexity_ai', 'perplexityai', 'pplx'],
  together: ['together_ai', 'together-ai', 'togetherai', 'togethercomputer'],
  vertex: [
    'gcp.vertex_ai',
    'vertexai',
    'vertex-ai',
    'google-vertex',
    'google_vertex',
    'google_vertexai',
    'google-vertex-ai',
    'google-vertex-anthropic',
    'google.vertex',
  ],
  voyage: ['voyageai', 'voyage-ai', 'voyage_ai'],
  watsonx: ['ibm.watsonx.ai'],
  xai: ['x-ai', 'x_ai', 'x.ai'],
  zai: ['z-ai', 'z_ai', 'z.ai', 'zai-org', 'zhipu', 'zhipuai', 'zhipu-ai', 'bigmodel'],
};

const SPELLINGS: ReadonlyMap<string, string> = new Map(
  Object.entries(SPELLINGS_OF).flatMap(([name, spellings]) =>
    spellings.map((spelling): [string, string] => [spelling, name]),
  ),
);

/** Providers that aicost knows by name; a card of one's own may be of any other. */
export const KNOWN_PROVIDERS: readonly string[] = Object.keys(SPELLINGS_OF);

// The Vercel AI SDK adds the kind of call: `openai.responses`, `google.vertex.anthropic.messages`.
const KIND_OF_CALL =
  /(?:\.anthropic)?\.(?:chat|responses|messages|completions?|embeddings?|textembedding|image|transcription|speech|generative-ai)$/;

/** A provider under the name the ledger keeps: known spellings unified, any other lower-cased as written. */
export function providerName(written: string): string {
  const lower = written.trim().toLowerCase();
  const known = SPELLINGS.get(lower);
  if (known !== undefined) return known;
  if (lower.startsWith('vertex_ai')) return 'vertex';
  if (lower.startsWith('az.ai.')) return 'azure';
  const called = lower.replace(KIND_OF_CALL, '');
  return called === lower ? lower : (SPELLINGS.get(called) ?? called);
}

// Only names under which their maker sells them: what many hosts serve under one name (llama, gpt-oss,
// mixtral, sized Qwen models) tells nobody.
const MODEL_PREFIXES: readonly (readonly [RegExp, string])[] = [
  [/^gpt-oss/, 'unknown'],
  [/^(ft:)?(gpt-|chatgpt-|o[134](-|$))/, 'openai'],
  [/^text-embedding-(3-|ada-)/, 'openai'],
  [/^claude-/, 'anthropic'],
  [/^gemini-/, 'google'],
  [/^deepseek-/, 'deepseek'],
  [/^grok-/, 'xai'],
  [/^(mistral|codestral|ministral|magistral|pixtral)-/, 'mistral'],
  [/^(voyage-|rerank-\d)/, 'voyage'],
  [/^(command|rerank|embed)-/, 'cohere'],
  [
    /^(qwen[\d.]*|qwq|qvq)-(max|plus|turbo|flash|long|omni-turbo|omni-flash|coder-plus|coder-flash|vl-max|vl-plus|vl-flash|vl-ocr|math-plus|math-turbo|mt-(plus|turbo|flash|lite))(-|$)/,
    'alibaba',
  ],
  [/^(kimi-(k\d|latest|thinking)|moonshot-v1-)/, 'moonshot'],
  [/^glm-\d/, 'zai'],
  [/^minimax-(m\d|01|text-01)/, 'minimax'],
  [/^sonar(-|$)/, 'perplexity'],
  [/^jina-/, 'jina'],
  [/^muse-(spark|ember|wonder)-\d/, 'meta'],
];

/**
 * The provider that first sells a model, told by an unmistakable prefix of its name; `unknown` otherwise.
 * Only for logs that name no provider: a reseller's calls carry the same model names.
 */
export function providerOfModel(model: string): string {
  const lower = model.toLowerCase();
  return MODEL_PREFIXES.find(([prefix]) => prefix.test(lower))?.[1] ?? 'unknown';
}
