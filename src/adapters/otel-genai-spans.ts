import type { Usage, UsageEvent } from '../domain/usage.ts';
import type { Adapter, Normalized } from './contract/adapter.ts';
import { callEvent } from './contract/call-event.ts';
import { between } from './contract/columns.ts';
import { countAt, dollarsAt, type Fields, listAt, textAt } from './contract/fields.ts';
import { hasOpenInferenceUsage, openInferenceCall } from './contract/openinference-call.ts';
import {
  isErrorSpan,
  isGenAi,
  isOpenInference,
  nanosecondsAt,
  type Span,
  spanKey,
  spansAboveUsage,
  spansOf,
} from './contract/otlp-spans.ts';
import { positiveCounts } from './contract/positive-counts.ts';
import { readEach } from './contract/read-each.ts';
import { spanTags } from './contract/span-tags.ts';
import { contained, splitByTotal } from './contract/token-split.ts';

export default {
  id: 'otel-genai-spans',
  title: 'OpenTelemetry GenAI spans: OTLP JSON lines of traces',
  source: {
    url: 'https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/',
    checked: '2026-11-21',
  },
  // A trace without any model call is this format too, so that it is passed over rather than refused.
  recognizes: (record) => {
    if (listAt(record, 'resourceSpans').length === 0) return false;
    const spans = spansOf(record);
    return spans.some(isGenAi) || !spans.some(isOpenInference);
  },
  normalize: (record) => normalizeSpans(spansOf(record)),
} satisfies Adapter;

function normalizeSpans(spans: readonly Span[]): Normalized {
  const summed = spansAboveUsage(
    spans,
    (attributes) => hasUsage(attributes) || hasOpenInferenceUsage(attributes),
  );
  return readEach(
    spans,
    ({ spanId }) => `span ${spanId}`,
    (span) =>
      isOpenInference(span)
        ? openInferenceCall(span, summed)
        : (whyNoCall(span, summed) ?? event(span)),
  );
}

const CALLS: ReadonlySet<string> = new Set([
  'chat',
  'generate_content',
  'text_completion',
  'embeddings',
]);
const NO_CALLS: ReadonlySet<string> = new Set([
  'create_agent',
  'execute_tool',
  'invoke_agent',
  'invoke_workflow',
  'retrieval',
]);

/** Why a span is no call of its own; `undefined` when it is one. */
function whyNoCall(span: Span, summed: ReadonlySet<Span>): string | undefined {
  if (!isGenAi(span)) return 'span without gen_ai attributes';
  const operation = operationOf(span.attributes);
  if (operation !== undefined && CALLS.has(operation)) return undefined;
  if (operation !== undefined && (NO_CALLS.has(operation) || operation.startsWith('ai.')))
    return `${operation} span`;
  const kind = textAt(span.attributes, 'traceloop.span.kind');
  if (operation === undefined && kind !== undefined) return `${kind} span`;
  if (summed.has(span)) return 'sum over child spans';
  const failedCall = isErrorSpan(span) && modelOf(span.attributes) !== undefined;
  return hasUsage(span.attributes) || failedCall ? undefined : 'span without usage';
}

const LEGACY: ReadonlyMap<string, string> = new Map([
  ['chat', 'chat'],
  ['completion', 'text_completion'],
  ['embedding', 'embeddings'],
  ['rerank', 'rerank'],
]);

function operationOf(attributes: Fields): string | undefined {
  const named = textAt(attributes, 'gen_ai.operation.name');
  if (named !== undefined) return named;
  const step = textAt(attributes, 'ai.operationId');
  // `ai.generateText` sums up its calls, of which each is an `ai.generateText.doGenerate`.
  if (step !== undefined)
    return step.endsWith('.doEmbed')
      ? 'embeddings'
      : /\.do(Generate|Stream)$/.test(step)
        ? 'chat'
        : step;
  return LEGACY.get(textAt(attributes, 'llm.request.type') ?? '');
}

const hasUsage = (attributes: Fields): boolean =>
  [...NAMES.input, ...NAMES.output].some((name) => textAt(attributes, name) !== undefined);

/** One count under the names that conventions and emitters have given it, newest first. */
const NAMES = {
  input: [
    'gen_ai.usage.input_tokens',
    'gen_ai.usage.prompt_tokens',
    'llm.usage.prompt_tokens',
    'ai.usage.inputTokens',
    'ai.usage.promptTokens',
    'ai.usage.tokens',
  ],
  output: [
    'gen_ai.usage.output_tokens',
    'gen_ai.usage.completion_tokens',
    'llm.usage.completion_tokens',
    'ai.usage.outputTokens',
    'ai.usage.completionTokens',
  ],
  cacheRead: [
    'gen_ai.usage.cache_read.input_tokens',
    'gen_ai.usage.cache_read_input_tokens',
    'gen_ai.usage.prompt_tokens_details.cached_tokens',
    'ai.usage.inputTokenDetails.cacheReadTokens',
    'ai.usage.cachedInputTokens',
  ],
  cacheWrite: [
    'gen_ai.usage.cache_creation.input_tokens',
    'gen_ai.usage.cache_write.input_tokens',
    'gen_ai.usage.cache_creation_input_tokens',
    'gen_ai.usage.cache_write_input_tokens',
    'gen_ai.usage.prompt_tokens_details.cache_creation_tokens',
    'ai.usage.inputTokenDetails.cacheWriteTokens',
  ],
  reasoning: [
    'gen_ai.usage.reasoning.output_tokens',
    'gen_ai.usage.reasoning_tokens',
    'gen_ai.usage.completion_tokens_details.reasoning_tokens',
    'llm.usage.reasoning_tokens',
    'ai.usage.outputTokenDetails.reasoningTokens',
    'ai.usage.reasoningTokens',
  ],
  total: ['gen_ai.usage.total_tokens', 'llm.usage.total_tokens', 'ai.usage.totalTokens'],
} as const;

function tokens(attributes: Fields): Usage | undefined {
  const count = (names: readonly string[]) =>
    names.map((name) => countAt(attributes, name)).find((found) => found !== undefined);
  const [prompt, completion] = [count(NAMES.input), count(NAMES.output)];
  if (prompt === undefined && completion === undefined) return undefined;
  const cacheRead = count(NAMES.cacheRead) ?? 0;
  const written = count(NAMES.cacheWrite) ?? 0;
  const reasoning = count(NAMES.reasoning) ?? 0;
  const { input, output } = splitByTotal({
    prompt: prompt ?? 0,
    completion: completion ?? 0,
    total: count(NAMES.total),
    cacheRead,
    cacheWrite: written,
    reasoning,
  });
  contained(NAMES.reasoning[0], output, reasoning);
  const cacheWrite = positiveCounts({ default: written });
  return { input, cacheRead, cacheWrite, output, reasoning, parts: {}, fees: {} };
}

const firstOf = (attributes: Fields, ...names: readonly string[]): string | undefined =>
  names.map((name) => textAt(attributes, name)).find((found) => found !== undefined);

const requestedOf = (attributes: Fields): string | undefined =>
  firstOf(attributes, 'gen_ai.request.model', 'llm.request.model', 'ai.model.id');

const modelOf = (attributes: Fields): string | undefined =>
  firstOf(attributes, 'gen_ai.response.model', 'llm.response.model', 'ai.response.model') ??
  requestedOf(attributes);

function providerOf(attributes: Fields): string | undefined {
  const written = firstOf(
    attributes,
    'gen_ai.provider.name',
    'gen_ai.system',
    'gen_ai.model.provider',
    'llm.vendor',
    'ai.model.provider',
  );
  // The AI SDK appends which of the provider's interfaces it called.
  return textAt(attributes, 'ai.model.provider') === written
    ? written?.replace(/\.(chat|responses|completion|messages|embedding|generative-ai)$/, '')
    : written;
}

function event(span: Span): UsageEvent {
  const { attributes } = span;
  return callEvent({
    id: firstOf(attributes, 'gen_ai.response.id', 'ai.response.id') ?? spanKey(span),
    time: nanosecondsAt(span, 'startTimeUnixNano'),
    provider: providerOf(attributes),
    model: modelOf(attributes),
    requestModel: requestedOf(attributes),
    operation: operationOf(attributes),
    serviceTier: tierOf(attributes),
    failed: isErrorSpan(span),
    errorCode: textAt(attributes, 'error.type'),
    latencyMs: between(
      nanosecondsAt(span, 'startTimeUnixNano'),
      nanosecondsAt(span, 'endTimeUnixNano'),
    ),
    usage: tokens(attributes),
    reportedCost: dollarsAt(attributes, 'gen_ai.usage.cost'),
    ...spanTags(span),
  });
}

const tierOf = (attributes: Fields): string | undefined =>
  [
    'openai.response.service_tier',
    'gen_ai.openai.response.service_tier',
    'openai.request.service_tier',
    'gen_ai.openai.request.service_tier',
  ]
    .map((name) => textAt(attributes, name))
    .find((tier) => tier !== undefined && tier !== 'auto');
