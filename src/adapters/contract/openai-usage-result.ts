import { NO_USAGE, type Usage, type UsageEvent } from '../../domain/usage.ts';
import { DecodeError } from './decode-error.ts';
import { at, countAt, presentTags, textAt } from './fields.ts';
import { positiveCounts } from './positive-counts.ts';
import { contained } from './token-split.ts';

interface Endpoint {
  readonly operation: string;
  readonly usage: (result: unknown) => Usage | undefined;
}

/** What each endpoint of the Usage API counts, by the name in `organization.usage.<name>.result`. */
const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map(
  Object.entries({
    completions: { operation: 'chat', usage: completionTokens },
    embeddings: { operation: 'embeddings', usage: inputTokens },
    moderations: { operation: 'moderation', usage: inputTokens },
    images: { operation: 'image_generation', usage: fee('image', 'images') },
    audio_speeches: { operation: 'speech', usage: fee('character', 'characters') },
    audio_transcriptions: { operation: 'transcription', usage: recordedTime },
    // Model requests that searched are not the searches that are billed.
    web_searches: { operation: 'web_search', usage: fee('web_search', 'num_requests') },
    file_searches: { operation: 'file_search', usage: fee('file_search', 'num_requests') },
    vector_stores: { operation: 'vector_store', usage: fee('vector_store_byte', 'usage_bytes') },
    code_interpreter_sessions: {
      operation: 'code_interpreter',
      usage: fee('code_interpreter_session', 'num_sessions'),
    },
  }),
);

/** Whether a result or row is of an endpoint that is known here. */
export const isUsageEndpoint = (endpoint: string): boolean => ENDPOINTS.has(endpoint);

/**
 * One row of OpenAI's Usage API or of the export that its dashboard makes of it: a sum over the calls of
 * a bucket of time that agree in the dimensions grouped by. Throws DecodeError.
 */
export function usageResult(
  result: unknown,
  endpoint: string,
  time: number | undefined,
): UsageEvent {
  const known = ENDPOINTS.get(endpoint);
  if (known === undefined) throw new DecodeError('object', 'a known endpoint', endpoint);
  const usage = known.usage(result);
  const labels = labelsOf(result);
  return {
    id: undefined,
    time,
    provider: 'openai',
    // A dimension that was not grouped by is null.
    model: textAt(result, 'model') ?? 'unknown',
    operation: known.operation,
    serviceTier: isTrue(at(result, 'batch')) ? 'batch' : textAt(result, 'service_tier'),
    status: 'success',
    billable: true,
    countSource: usage === undefined ? 'missing' : 'aggregated',
    requests: requestsOf(result),
    usage: usage ?? NO_USAGE,
    tags: presentTags({
      project: textAt(result, 'project_id'),
      user: textAt(result, 'user_id'),
      api_key: textAt(result, 'api_key_id'),
    }),
    ...(labels.length > 0 && { labels }),
  };
}

const isTrue = (value: unknown): boolean =>
  value === true || (typeof value === 'string' && value.trim().toLowerCase() === 'true');

/** 0 requests stand beside counts where the calls began in the bucket before. */
function requestsOf(result: unknown): number {
  const written = countAt(result, 'num_model_requests') ?? countAt(result, 'num_requests');
  return Math.max(written ?? 1, 1);
}

/** What has a price of its own and no place among the counts. */
const labelsOf = (result: unknown): readonly string[] =>
  ['size', 'source', 'context_level', 'vector_store_id'].flatMap((key) => {
    const value = textAt(result, key);
    return value === undefined ? [] : [`${key}=${value}`];
  });

/** `input_tokens` contains what was read from and written to the cache; the split by modality does not. */
function completionTokens(result: unknown): Usage | undefined {
  const all = countAt(result, 'input_tokens');
  const output = countAt(result, 'output_tokens');
  if (all === undefined && output === undefined) return undefined;
  const cacheRead = countAt(result, 'input_cached_tokens') ?? 0;
  const written = countAt(result, 'input_cache_write_tokens') ?? 0;
  const input = contained('input_cached_tokens', all ?? 0, cacheRead + written);
  return {
    input,
    cacheRead,
    cacheWrite: positiveCounts({ default: written }),
    output: output ?? 0,
    reasoning: 0,
    parts: completionParts(result, { input, cacheRead, written, output: output ?? 0 }),
    fees: {},
  };
}

function completionParts(
  result: unknown,
  counts: Readonly<Record<'input' | 'cacheRead' | 'written' | 'output', number>>,
): Usage['parts'] {
  const count = (...names: readonly string[]): number =>
    names.reduce((sum, name) => sum + (countAt(result, name) ?? 0), 0);
  const listed = count('input_text_tokens', 'input_audio_tokens', 'input_image_tokens');
  // Up to 2025 the counts by modality contained the cached tokens; now they are what was not cached.
  const withCache = listed > counts.input + counts.written;
  const fresh = (modality: string): number => {
    const name = `input_${modality}_tokens`;
    const cached = count(`input_cached_${modality}_tokens`);
    return withCache
      ? contained(`input_cached_${modality}_tokens`, count(name), cached)
      : count(name);
  };
  const parts = {
    audio_input: fresh('audio'),
    audio_cache_read: count('input_cached_audio_tokens'),
    audio_output: count('output_audio_tokens'),
    image_input: fresh('image'),
    image_cache_read: count('input_cached_image_tokens'),
    image_output: count('output_image_tokens'),
  };
  contained('input_audio_tokens', counts.input, parts.audio_input + parts.image_input);
  contained(
    'input_cached_audio_tokens',
    counts.cacheRead,
    parts.audio_cache_read + parts.image_cache_read,
  );
  contained('output_audio_tokens', counts.output, parts.audio_output + parts.image_output);
  return positiveCounts(parts);
}

function inputTokens(result: unknown): Usage | undefined {
  const input = countAt(result, 'input_tokens');
  return input === undefined ? undefined : { ...NO_USAGE, input };
}

function fee(name: string, field: string): Endpoint['usage'] {
  return (result) => {
    const count = countAt(result, field);
    return count === undefined
      ? undefined
      : { ...NO_USAGE, fees: positiveCounts({ [name]: count }) };
  };
}

function recordedTime(result: unknown): Usage | undefined {
  const text = textAt(result, 'seconds');
  if (text === undefined || text.trim() === '') return undefined;
  const seconds = Number(text);
  if (!(seconds >= 0)) throw new DecodeError('seconds', 'seconds, 0 or more', text);
  const audio = Math.round(seconds * 1000);
  return { ...NO_USAGE, fees: positiveCounts({ audio_milliseconds: audio }) };
}
