import { DecodeError } from './decode-error.ts';

/** Token counts as a source writes them, before it is clear which of them contain which. */
export interface WrittenTokens {
  readonly prompt: number;
  readonly completion: number;
  /** `undefined` where the source gives no total. */
  readonly total: number | undefined;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly reasoning: number;
}

/** The same counts without overlap: `output` contains reasoning, `input` contains no cache. */
export interface SplitTokens {
  readonly input: number;
  readonly output: number;
}

/**
 * Settles by the total whether the prompt contains the cached tokens and the completion the reasoning,
 * for sources whose versions differ (reference: gateway formats, "solve by total"). Where no total
 * settles it the documented meaning holds: the prompt contains the cache, the completion the reasoning.
 *
 * Throws DecodeError when the counts contradict each other; nothing is clamped.
 */
export function splitByTotal(written: WrittenTokens): SplitTokens {
  const { prompt, completion, total, cacheRead, cacheWrite, reasoning } = written;
  const cache = cacheRead + cacheWrite;
  if (total !== undefined && total !== prompt + completion) {
    if (cache > 0 && total === prompt + completion + cache)
      return { input: prompt, output: completion };
    if (reasoning > 0 && total === prompt + completion + reasoning)
      return { input: withoutCache(written), output: completion + reasoning };
    if (total === prompt + completion + reasoning + cache)
      return { input: prompt, output: completion + reasoning };
  }
  return { input: withoutCache(written), output: completion };
}

function withoutCache({ prompt, cacheRead, cacheWrite }: WrittenTokens): number {
  if (cacheRead + cacheWrite <= prompt) return prompt - cacheRead - cacheWrite;
  // Some builds added reads to the prompt but not writes (LiteLLM of mid-2025, its issue 15056).
  if (cacheRead <= prompt) return prompt - cacheRead;
  return prompt;
}

/** The difference of two counts of which the first contains the second. Throws DecodeError below 0. */
export function contained(path: string, whole: number, part: number): number {
  if (part > whole)
    throw new DecodeError(path, `at most ${whole}, the count that contains it`, part);
  return whole - part;
}
