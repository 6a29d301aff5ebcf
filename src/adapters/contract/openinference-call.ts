import type { Usage, UsageEvent } from '../../domain/usage.ts';
import { callEvent } from './call-event.ts';
import { between } from './columns.ts';
import { countAt, dollarsAt, type Fields, textAt } from './fields.ts';
import { isErrorSpan, nanosecondsAt, type Span, spanKey } from './otlp-spans.ts';
import { positiveCounts } from './positive-counts.ts';
import { spanTags } from './span-tags.ts';
import { contained, splitByTotal } from './token-split.ts';

/** Whether a span's attributes hold OpenInference's counts. */
export const hasOpenInferenceUsage = (attributes: Fields): boolean =>
  ['llm.token_count.prompt', 'llm.token_count.completion'].some(
    (name) => textAt(attributes, name) !== undefined,
  );

/** The call of an OpenInference span, or why it is none. Throws DecodeError. */
export function openInferenceCall(span: Span, summed: ReadonlySet<Span>): UsageEvent | string {
  const { attributes } = span;
  const kind = textAt(attributes, 'openinference.span.kind')?.toUpperCase() ?? 'UNKNOWN';
  // Agents, chains and their like carry the sums of the calls below them.
  if (kind !== 'LLM' && kind !== 'EMBEDDING') return `${kind} span`;
  if (summed.has(span)) return 'sum over child spans';
  const [start, end] = [
    nanosecondsAt(span, 'startTimeUnixNano'),
    nanosecondsAt(span, 'endTimeUnixNano'),
  ];
  return callEvent({
    id: spanKey(span),
    time: start,
    provider: textAt(attributes, 'llm.provider') ?? textAt(attributes, 'llm.system'),
    model:
      textAt(attributes, 'llm.response.model_name') ??
      textAt(attributes, 'llm.model_name') ??
      textAt(attributes, 'embedding.model_name'),
    requestModel: undefined,
    operation: kind === 'EMBEDDING' ? 'embeddings' : 'chat',
    failed: isErrorSpan(span),
    errorCode: textAt(attributes, 'error.type') ?? textAt(attributes, 'exception.type'),
    latencyMs: between(start, end),
    usage: tokens(attributes),
    reportedCost: dollarsAt(attributes, 'llm.cost.total'),
    ...spanTags(span),
  });
}

function tokens(attributes: Fields): Usage | undefined {
  const count = (name: string) => countAt(attributes, `llm.token_count.${name}`);
  const [prompt, completion] = [count('prompt'), count('completion')];
  if (prompt === undefined && completion === undefined) return undefined;
  const cacheRead = count('prompt_details.cache_read') ?? 0;
  const written = count('prompt_details.cache_write') ?? 0;
  const reasoning = count('completion_details.reasoning') ?? 0;
  const { input, output } = splitByTotal({
    prompt: prompt ?? 0,
    completion: completion ?? 0,
    total: count('total'),
    cacheRead,
    cacheWrite: written,
    reasoning,
  });
  const [heard, spoken] = [
    count('prompt_details.audio') ?? 0,
    count('completion_details.audio') ?? 0,
  ];
  contained('llm.token_count.completion_details.reasoning', output, reasoning);
  contained('llm.token_count.prompt_details.audio', input + cacheRead + written, heard);
  contained('llm.token_count.completion_details.audio', output, spoken);
  return {
    input,
    cacheRead,
    cacheWrite: positiveCounts({ default: written }),
    output,
    reasoning,
    parts: positiveCounts({ audio_input: Math.min(heard, input), audio_output: spoken }),
    fees: {},
  };
}
