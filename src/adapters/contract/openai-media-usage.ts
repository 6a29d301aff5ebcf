import { NO_USAGE, type Usage } from '../../domain/usage.ts';
import { DecodeError } from './decode-error.ts';
import { at, countAt, textAt } from './fields.ts';
import { positiveCounts } from './positive-counts.ts';
import { contained } from './token-split.ts';

const MODALITIES = ['audio', 'image', 'video'] as const;

/**
 * Usage from the object in which OpenAI's image, audio and realtime answers count by modality, or by the
 * length of the recording. `undefined` when there is no count at all.
 *
 * Throws DecodeError when a part is larger than what contains it.
 */
export function mediaUsage(record: unknown, ...path: readonly string[]): Usage | undefined {
  const seconds = at(record, ...path, 'seconds');
  if (textAt(record, ...path, 'type') === 'duration' && seconds !== undefined)
    return {
      ...NO_USAGE,
      fees: positiveCounts({ audio_milliseconds: milliseconds(seconds, [...path, 'seconds']) }),
    };
  const input = countAt(record, ...path, 'input_tokens');
  const output = countAt(record, ...path, 'output_tokens');
  if (input === undefined && output === undefined) return undefined;
  const inputAt = detailsAt(record, path, 'input');
  const outputAt = detailsAt(record, path, 'output');
  const cachedAt = [...inputAt, 'cached_tokens'];
  const cacheRead = countAt(record, ...cachedAt) ?? 0;
  const fresh = contained(cachedAt.join('.'), input ?? 0, cacheRead);
  const reasoning = countAt(record, ...outputAt, 'reasoning_tokens') ?? 0;
  contained([...outputAt, 'reasoning_tokens'].join('.'), output ?? 0, reasoning);
  const parts = MODALITIES.flatMap((modality) => {
    const named = `${modality}_tokens`;
    const all = countAt(record, ...inputAt, named) ?? 0;
    const cachedPartAt = [...inputAt, 'cached_tokens_details', named];
    // Without a split of the cached tokens, only what cannot be fresh is known to be cached.
    const cached = countAt(record, ...cachedPartAt) ?? Math.max(all - fresh, 0);
    return [
      [`${modality}_input`, contained(cachedPartAt.join('.'), all, cached)],
      [`${modality}_cache_read`, cached],
      [`${modality}_output`, countAt(record, ...outputAt, named) ?? 0],
    ] as const;
  });
  return {
    input: fresh,
    cacheRead,
    cacheWrite: {},
    output: output ?? 0,
    reasoning,
    parts: positiveCounts(Object.fromEntries(parts)),
    fees: {},
  };
}

/** Image answers spell it `input_tokens_details`, audio and realtime answers `input_token_details`. */
function detailsAt(
  record: unknown,
  path: readonly string[],
  direction: 'input' | 'output',
): readonly string[] {
  const plural = [...path, `${direction}_tokens_details`];
  return at(record, ...plural) === undefined ? [...path, `${direction}_token_details`] : plural;
}

/** Whole milliseconds, so that a half second stays a whole number. Throws DecodeError. */
function milliseconds(seconds: unknown, path: readonly string[]): number {
  if (typeof seconds !== 'number' || !(seconds >= 0))
    throw new DecodeError(path.join('.'), 'seconds, 0 or more', seconds);
  return Math.round(seconds * 1000);
}
