import type { AiVerdict } from '../../domain/bill.ts';

/** The words of a cloud's line by which its service is told. */
export interface LineWords {
  /** The cloud's own family of services: `AI and Machine Learning`, `AI + Machine Learning`. */
  readonly family?: string | undefined;
  readonly service?: string | undefined;
  readonly description?: string | undefined;
  readonly meter?: string | undefined;
  readonly instance?: string | undefined;
}

/** The verdict on every line of somebody who sells nothing but AI. */
export const AI_PROVIDER: AiVerdict = { kept: true, reason: 'bill of an AI provider' };

const FAMILY = /^(ai|artificial intelligence)\b.*machine learning|^machine learning$/i;

/** Services that are AI whatever they charge for (their consoles' names, read 2026-11-21). */
const SERVICE =
  /bedrock|sage ?maker|azure openai|\bopenai\b|foundry (models|tools)|cognitive ?services|azure machine learning|azure ai|vertex ?ai|gemini|generative language|\bclaude\b|anthropic|mistral|cohere|deepseek|\bllama\b|amazon ?(q\b|nova|titan|comprehend|rekognition|textract|polly|transcribe|kendra|lex|personalize|augmented ai)|document ai|dialogflow|cloud (tpu|natural language|vision|speech)|ai platform|discovery engine|hugging ?face/i;

/** Stores that are bought to search by embedding. */
const VECTOR = /pinecone|weaviate|qdrant|milvus|zilliz|vector (search|database|engine)/i;

const GPU_WORDS =
  /\bgpus?\b|\bnvidia\b|\btpu\b|\b(h100|h200|b200|gb200|a100|a10g?|l40s?|l4|t4|v100|p100|mi300x)\b|trainium|inferentia/i;
/** Machines built around accelerators: EC2 p, g, trn, inf and dl, Azure NC, ND, NV and NG, Google a2, a3, a4 and g2. */
const GPU_MACHINE =
  /(^|[:\s_])((p[2-6]|g[3-7]|trn\d|inf\d|dl\d)[a-z]*\.(\d*x?large|metal|\d+xlarge)|(standard_)?n[cdvg]\d+[a-z_0-9]*|a[2-4]-(high|mega|ultra)gpu|g2-standard)/i;

/** Whether a line of a cloud's bill is for AI. Kept and excluded lines together are the whole bill. */
export function aiVerdict({ family, service, description, meter, instance }: LineWords): AiVerdict {
  if (family !== undefined && FAMILY.test(family.trim()))
    return { kept: true, reason: `service family: ${family}` };
  const matched = [service, description, meter].find(
    (text) => text !== undefined && SERVICE.test(text),
  );
  if (matched !== undefined) return { kept: true, reason: `AI service: ${matched}` };
  const store = [service, description, meter].find(
    (text) => text !== undefined && VECTOR.test(text),
  );
  if (store !== undefined) return { kept: true, reason: `vector database: ${store}` };
  const machine = [instance, meter, description].find(
    (text) => text !== undefined && (GPU_WORDS.test(text) || GPU_MACHINE.test(text)),
  );
  if (machine !== undefined) return { kept: true, reason: `GPU: ${machine}` };
  return {
    kept: false,
    reason: service === undefined ? 'no service named' : `no AI service: ${service}`,
  };
}
