import { NO_USAGE, type Usage, type UsageEvent } from '../../domain/usage.ts';
import { DecodeError } from './decode-error.ts';
import { at, countAt, isFields, isoTimeAt, listAt, textAt } from './fields.ts';
import { positiveCounts } from './positive-counts.ts';
import { contained } from './token-split.ts';

const snake = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The spelling a record uses: camelCase on the wire, snake_case in dumps of Google's own SDKs. */
export const spelled = (holder: unknown, name: string): string =>
  at(holder, name) === undefined && at(holder, snake(name)) !== undefined ? snake(name) : name;

const read = (holder: unknown, name: string): unknown => at(holder, spelled(holder, name));

const listIn = (holder: unknown, name: string): readonly unknown[] =>
  listAt(holder, spelled(holder, name));

/** Whether a record is an answer of generateContent, whole or one chunk of it. */
export const isGeminiBody = (record: unknown): boolean =>
  isFields(at(record, 'usageMetadata') ?? at(record, 'usage_metadata')) ||
  (listAt(record, 'candidates').length > 0 && read(record, 'modelVersion') !== undefined);

/** The call behind an answer of generateContent; `requested` is what the request named. Throws DecodeError. */
export function geminiCall(record: unknown, requested?: string): UsageEvent {
  const model = textAt(read(record, 'modelVersion')) ?? textAt(record, 'model') ?? requested;
  if (model === undefined) throw new DecodeError('modelVersion', 'text', undefined);
  const meta = read(record, 'usageMetadata');
  const traffic = textAt(read(meta, 'trafficType'));
  const usage = tokens(record);
  const time = isoTimeAt(record, spelled(record, 'createTime'));
  return {
    id: textAt(read(record, 'responseId')),
    time,
    // Only Vertex AI says what kind of traffic a call was.
    provider: traffic === undefined ? 'google' : 'vertex',
    model,
    operation: isEmbedding(record) ? 'embeddings' : 'generate_content',
    serviceTier: tier(traffic) ?? textAt(read(meta, 'serviceTier'))?.toLowerCase(),
    status: 'success',
    // Provisioned throughput is paid by the hour, whatever the tokens.
    billable: traffic !== 'PROVISIONED_THROUGHPUT',
    countSource: usage === undefined ? 'missing' : 'reported',
    requests: 1,
    usage: usage === undefined ? NO_USAGE : { ...usage, fees: groundingFees(record, model) },
    tags: {},
  };
}

const isEmbedding = (record: unknown): boolean =>
  at(record, 'embedding') !== undefined || at(record, 'embeddings') !== undefined;

/** `ON_DEMAND_FLEX` as `flex`; plain `ON_DEMAND` names no tier. */
const tier = (traffic: string | undefined): string | undefined =>
  traffic === 'ON_DEMAND' ? undefined : traffic?.replace(/^ON_DEMAND_/, '').toLowerCase();

/** `undefined` when there is no count: Vertex opens streams with a usage object that holds none. */
function tokens(record: unknown): Usage | undefined {
  const path = spelled(record, 'usageMetadata');
  const meta = at(record, path);
  const count = (name: string) => countAt(record, path, spelled(meta, name));
  const prompt = count('promptTokenCount');
  const candidates = count('candidatesTokenCount') ?? count('responseTokenCount');
  const thoughts = count('thoughtsTokenCount') ?? 0;
  if (prompt === undefined && candidates === undefined && thoughts === 0) return undefined;
  const toolPrompt = count('toolUsePromptTokenCount') ?? 0;
  const cacheRead = count('cachedContentTokenCount') ?? 0;
  const fresh = contained(
    `${path}.${spelled(meta, 'cachedContentTokenCount')}`,
    prompt ?? 0,
    cacheRead,
  );
  const visible = candidates ?? 0;
  // Models of early 2025 counted the thoughts among the candidates; the total tells.
  const thoughtsInside =
    thoughts > 0 && count('totalTokenCount') === (prompt ?? 0) + toolPrompt + visible;
  if (thoughtsInside)
    contained(`${path}.${spelled(meta, 'thoughtsTokenCount')}`, visible, thoughts);
  const input = fresh + toolPrompt;
  const output = thoughtsInside ? visible : visible + thoughts;
  return {
    input,
    cacheRead,
    cacheWrite: {},
    output,
    reasoning: thoughts,
    parts: modalityParts(meta, { input, cacheRead, output }),
    fees: {},
  };
}

/** A document is priced as images (prices/providers/google.yml of pydantic/genai-prices, 2026-08-21). */
const MODALITIES = { audio: ['AUDIO'], image: ['IMAGE', 'DOCUMENT'], video: ['VIDEO'] } as const;

function modalityParts(
  meta: unknown,
  counts: { readonly input: number; readonly cacheRead: number; readonly output: number },
): Usage['parts'] {
  // Details are known not to add up to their total, so what they name is cut at what is there to bill.
  const left = { ...counts };
  const take = (from: keyof typeof left, wanted: number): number => {
    const taken = Math.min(Math.max(wanted, 0), left[from]);
    left[from] -= taken;
    return taken;
  };
  const split = (names: readonly string[]) => {
    const listed = (...lists: readonly string[]): number =>
      lists.reduce((sum, list) => sum + listedTokens(meta, list, names), 0);
    const cached = take('cacheRead', listed('cacheTokensDetails'));
    const prompt = listed('promptTokensDetails', 'promptTokenDetails') - cached;
    return {
      cached,
      fresh: take('input', prompt + listed('toolUsePromptTokensDetails')),
      output: take('output', listed('candidatesTokensDetails', 'responseTokensDetails')),
    };
  };
  const audio = split(MODALITIES.audio);
  const image = split(MODALITIES.image);
  const video = split(MODALITIES.video);
  return positiveCounts({
    audio_input: audio.fresh,
    audio_cache_read: audio.cached,
    audio_output: audio.output,
    image_input: image.fresh,
    image_cache_read: image.cached,
    image_output: image.output,
    video_input: video.fresh,
    video_cache_read: video.cached,
    video_output: video.output,
  });
}

const listedTokens = (meta: unknown, list: string, names: readonly string[]): number =>
  listIn(meta, list)
    .filter((entry) => names.includes(textAt(entry, 'modality') ?? ''))
    .reduce((sum: number, entry) => sum + (countAt(entry, spelled(entry, 'tokenCount')) ?? 0), 0);

function groundingFees(record: unknown, model: string): Usage['fees'] {
  const grounding = listIn(record, 'candidates').map((candidate) =>
    read(candidate, 'groundingMetadata'),
  );
  const queries = new Set(
    grounding
      .flatMap((each) => listIn(each, 'webSearchQueries'))
      .filter((query) => typeof query === 'string' && query.trim() !== ''),
  );
  const fromWeb = grounding.some((each) =>
    listIn(each, 'groundingChunks').some((chunk) => at(chunk, 'web') !== undefined),
  );
  return searchFees(model, queries.size, fromWeb);
}

/**
 * Gemini 3 and later pay for each search, older models for each answer that used one
 * (https://github.com/iyulab/TokenMeter/releases/tag/v0.13.0, seen 2026-11-21).
 */
export function searchFees(model: string, searches: number, fromWeb = false): Usage['fees'] {
  if (Number(/gemini-(\d+)/.exec(model)?.[1] ?? 0) >= 3)
    return positiveCounts({ google_search_grounding_gemini_3: searches });
  return positiveCounts({ google_search_grounding: searches > 0 || fromWeb ? 1 : 0 });
}
