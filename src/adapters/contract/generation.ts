import type { Usage } from '../../domain/usage.ts';
import { countAt } from './fields.ts';
import { positiveCounts } from './positive-counts.ts';
import { contained, splitByTotal } from './token-split.ts';

/** Under which names a gateway's generation lookup holds the provider's own counts. */
interface CountNames {
  readonly prompt: string;
  readonly completion: string;
  readonly reasoning: string;
  readonly cacheRead: string;
  readonly cacheWrite: string;
}

/** Usage of a generation lookup: the prompt contains the cache, the completion the reasoning. Throws DecodeError. */
export function generationUsage(generation: unknown, names: CountNames): Usage | undefined {
  const [prompt, completion] = [
    countAt(generation, names.prompt),
    countAt(generation, names.completion),
  ];
  if (prompt === undefined && completion === undefined) return undefined;
  const cacheRead = countAt(generation, names.cacheRead) ?? 0;
  const cacheWrite = countAt(generation, names.cacheWrite) ?? 0;
  const reasoning = countAt(generation, names.reasoning) ?? 0;
  const { input, output } = splitByTotal({
    prompt: prompt ?? 0,
    completion: completion ?? 0,
    total: undefined,
    cacheRead,
    cacheWrite,
    reasoning,
  });
  contained(names.reasoning, output, reasoning);
  return {
    input,
    cacheRead,
    cacheWrite: positiveCounts({ default: cacheWrite }),
    output,
    reasoning,
    parts: {},
    fees: {},
  };
}

/** The counts as OpenRouter and Vercel's REST interface name them. */
export const NATIVE_COUNTS: CountNames = {
  prompt: 'native_tokens_prompt',
  completion: 'native_tokens_completion',
  reasoning: 'native_tokens_reasoning',
  cacheRead: 'native_tokens_cached',
  cacheWrite: 'native_tokens_cache_creation',
};
