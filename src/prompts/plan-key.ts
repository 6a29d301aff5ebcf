import type { EstimateRequest, PlannedPrompt } from './estimate-request.ts';
import { assumedCalls } from './planned-prompt.ts';
import type { Prompt } from './prompt.ts';

const numbers = new WeakMap<Prompt, number>();
let prompts = 0;

/** A number for every prompt that was read, so that work on one can be told from work on another. */
function numberOf(prompt: Prompt): number {
  const known = numbers.get(prompt);
  if (known !== undefined) return known;
  prompts += 1;
  numbers.set(prompt, prompts);
  return prompts;
}

/** Names the work of rendering and counting a prompt: equal where the prompt and all that is said of it are. */
export function planKey(
  prompt: Prompt,
  planned: PlannedPrompt,
  id: string,
  { basket, flags, models }: EstimateRequest,
): string {
  const { entry, defaults } = planned;
  const { variables, cases, cache, turns } = assumedCalls(planned, basket?.get(id), flags);
  return JSON.stringify(
    [
      numberOf(prompt),
      variables,
      cases,
      cache,
      turns === undefined,
      models?.get(id),
      flags?.model,
      entry?.provider,
      entry?.model,
      entry?.toolsFile,
      entry?.toolsTokens,
      entry?.files.pattern,
      defaults.provider,
      defaults.model,
      defaults.image,
    ],
    asText,
  );
}

/** What JSON leaves out. */
function asText(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  return value instanceof Map ? { map: [...value] } : value;
}
