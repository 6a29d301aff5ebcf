import type { Usage } from '../../domain/usage.ts';
import { countAt } from './fields.ts';
import { positiveCounts } from './positive-counts.ts';
import { contained, splitByTotal } from './token-split.ts';

/** The three totals of an OpenAI-shaped usage object; `undefined` where the source is silent. */
interface WrittenTotals {
  readonly prompt: number | undefined;
  readonly completion: number | undefined;
  readonly total: number | undefined;
}

/** Reads `prompt_tokens`, `completion_tokens` and `total_tokens` of the object behind a path. */
export const openaiTotals = (record: unknown, ...path: readonly string[]): WrittenTotals => ({
  prompt: countAt(record, ...path, 'prompt_tokens'),
  completion: countAt(record, ...path, 'completion_tokens'),
  total: countAt(record, ...path, 'total_tokens'),
});

/**
 * Usage from the totals and the details of an OpenAI-shaped usage object, as OpenAI, those who copy it
 * and LiteLLM write it. `undefined` when there is no count at all. `path` is where `record` holds the object.
 *
 * Throws DecodeError when a part is larger than what contains it.
 */
export function openaiUsage(
  totals: WrittenTotals,
  record: unknown,
  ...path: readonly string[]
): Usage | undefined {
  if (totals.prompt === undefined && totals.completion === undefined) return undefined;
  const { cacheRead, cacheWrite, reasoning } = namedParts(record, path);
  const written = Object.values(cacheWrite).reduce((sum, count) => sum + (count ?? 0), 0);
  const { input, output } = splitByTotal({
    prompt: totals.prompt ?? 0,
    completion: totals.completion ?? 0,
    total: totals.total,
    cacheRead,
    cacheWrite: written,
    reasoning,
  });
  contained(
    [...path, 'completion_tokens_details', 'reasoning_tokens'].join('.'),
    output,
    reasoning,
  );
  const parts = modalityParts(record, path, { input, cacheRead, cacheWrite: written, output });
  return { input, cacheRead, cacheWrite, output, reasoning, parts, fees: {} };
}

function namedParts(record: unknown, path: readonly string[]) {
  const prompt = [...path, 'prompt_tokens_details'];
  // Vendors repeat one number under several names and leave some of them at 0: the largest is the count.
  const largest = (...names: readonly (readonly string[])[]): number =>
    Math.max(...names.map((name) => countAt(record, ...name) ?? 0));
  const cacheRead = largest(
    [...prompt, 'cached_tokens'],
    [...path, 'prompt_token_details', 'cached_tokens'],
    [...path, 'cache_read_input_tokens'],
    [...path, 'prompt_cache_hit_tokens'],
    [...path, 'num_cached_tokens'],
    [...path, 'cached_tokens'],
  );
  const allWritten = largest(
    [...prompt, 'cache_write_tokens'],
    [...prompt, 'cache_creation_tokens'],
    [...path, 'cache_creation_input_tokens'],
  );
  const ttl = (name: string): number =>
    largest(
      [...path, 'cache_creation', `ephemeral_${name}_input_tokens`],
      [...prompt, 'cache_creation_token_details', `ephemeral_${name}_input_tokens`],
    );
  const [short, long] = [ttl('5m'), ttl('1h')];
  return {
    cacheRead,
    cacheWrite: positiveCounts({
      '5m': short,
      '1h': long,
      default: Math.max(allWritten - short - long, 0),
    }),
    reasoning: largest(
      [...path, 'completion_tokens_details', 'reasoning_tokens'],
      [...path, 'reasoning_tokens'],
    ),
  };
}

interface SplitCounts {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
}

function modalityParts(
  record: unknown,
  path: readonly string[],
  counts: SplitCounts,
): Usage['parts'] {
  const { input, cacheRead, cacheWrite, output } = counts;
  const prompt = (modality: string) => {
    const at = [...path, 'prompt_tokens_details', `${modality}_tokens`];
    const all = countAt(record, ...at) ?? 0;
    contained(at.join('.'), input + cacheRead + cacheWrite, all);
    const cachedAt = [
      ...path,
      'prompt_tokens_details',
      'cached_tokens_details',
      `${modality}_tokens`,
    ];
    // Without a split of the cached tokens, only what cannot be fresh is known to be cached.
    const cached = countAt(record, ...cachedAt) ?? Math.max(all - input - cacheWrite, 0);
    return { fresh: Math.min(contained(cachedAt.join('.'), all, cached), input), cached };
  };
  const completion = (modality: string): number => {
    const at = [...path, 'completion_tokens_details', `${modality}_tokens`];
    const count = countAt(record, ...at) ?? 0;
    contained(at.join('.'), output, count);
    return count;
  };
  const [audio, image, video] = [prompt('audio'), prompt('image'), prompt('video')];
  return positiveCounts({
    audio_input: audio.fresh,
    audio_cache_read: audio.cached,
    audio_output: completion('audio'),
    image_input: image.fresh,
    image_cache_read: image.cached,
    image_output: completion('image'),
    video_input: video.fresh,
    video_cache_read: video.cached,
    video_output: completion('video'),
  });
}
