import { providerName } from '../domain/provider-names.ts';
import { isKnownTag } from '../domain/tags.ts';
import { NO_USAGE, totalInput, type Usage, type UsageEvent } from '../domain/usage.ts';
import type { Adapter, Normalized } from './contract/adapter.ts';
import { DecodeError } from './contract/decode-error.ts';
import {
  countAt,
  dollarsAt,
  type Fields,
  listAt,
  presentTags,
  tagsFrom,
  textAt,
} from './contract/fields.ts';
import { isErrorSpan, nanosecondsAt, type Span, spansOf } from './contract/otlp-spans.ts';
import { positiveCounts } from './contract/positive-counts.ts';
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

const isOpenInference = ({ attributes }: Span): boolean =>
  Object.hasOwn(attributes, 'openinference.span.kind');

const isGenAi = (span: Span): boolean =>
  !isOpenInference(span) && Object.keys(span.attributes).some((key) => key.startsWith('gen_ai.'));

function normalizeSpans(spans: readonly Span[]): Normalized {
  const summed = spansAboveUsage(spans);
  const events: UsageEvent[] = [];
  const skipped: string[] = [];
  let fault: DecodeError | undefined;
  for (const span of spans) {
    const reason = whyNoCall(span, summed);
    if (reason !== undefined) {
      skipped.push(reason);
      continue;
    }
    try {
      events.push(event(span));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      fault ??= error;
      skipped.push(`span ${span.spanId}: ${error.message}`);
    }
  }
  // One bad span must not cost the others of its record; a record without a good one is malformed.
  if (fault !== undefined && events.length === 0) throw fault;
  return skipped.length > 0 ? { events, skipped } : { events };
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
  if (operation !== undefined && NO_CALLS.has(operation)) return `${operation} span`;
  if (summed.has(span)) return 'sum over child spans';
  const failedCall = isErrorSpan(span) && modelOf(span.attributes) !== undefined;
  return hasUsage(span.attributes) || failedCall ? undefined : 'span without usage';
}

function operationOf(attributes: Fields): string | undefined {
  const legacy = textAt(attributes, 'llm.request.type');
  const named =
    legacy === 'completion' ? 'text_completion' : legacy === 'embedding' ? 'embeddings' : legacy;
  return textAt(attributes, 'gen_ai.operation.name') ?? named;
}

/** Spans with a span below them that has usage: what they carry themselves is its sum. */
function spansAboveUsage(spans: readonly Span[]): ReadonlySet<Span> {
  const byId = new Map(spans.map((span) => [`${span.traceId}:${span.spanId}`, span]));
  const above = new Set<Span>();
  for (const span of spans) {
    if (!hasUsage(span.attributes)) continue;
    let parent = byId.get(`${span.traceId}:${span.parentSpanId ?? ''}`);
    while (parent !== undefined && parent !== span && !above.has(parent)) {
      above.add(parent);
      parent = byId.get(`${parent.traceId}:${parent.parentSpanId ?? ''}`);
    }
  }
  return above;
}

const hasUsage = (attributes: Fields): boolean =>
  [...NAMES.input, ...NAMES.output].some((name) => textAt(attributes, name) !== undefined);

/** One count under the names that conventions and emitters have given it, newest first. */
const NAMES = {
  input: ['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens'],
  output: ['gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens'],
  cacheRead: [
    'gen_ai.usage.cache_read.input_tokens',
    'gen_ai.usage.cache_read_input_tokens',
    'gen_ai.usage.prompt_tokens_details.cached_tokens',
  ],
  cacheWrite: [
    'gen_ai.usage.cache_creation.input_tokens',
    'gen_ai.usage.cache_write.input_tokens',
    'gen_ai.usage.cache_creation_input_tokens',
    'gen_ai.usage.cache_write_input_tokens',
  ],
  reasoning: [
    'gen_ai.usage.reasoning.output_tokens',
    'gen_ai.usage.reasoning_tokens',
    'llm.usage.reasoning_tokens',
  ],
  total: ['gen_ai.usage.total_tokens', 'llm.usage.total_tokens'],
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

const modelOf = (attributes: Fields): string | undefined =>
  textAt(attributes, 'gen_ai.response.model') ?? textAt(attributes, 'gen_ai.request.model');

function event(span: Span): UsageEvent {
  const { attributes } = span;
  const reported = tokens(attributes);
  const usage = reported ?? NO_USAGE;
  const failed = isErrorSpan(span);
  const [start, end] = [
    nanosecondsAt(span, 'startTimeUnixNano'),
    nanosecondsAt(span, 'endTimeUnixNano'),
  ];
  const provider =
    textAt(attributes, 'gen_ai.provider.name') ?? textAt(attributes, 'gen_ai.system');
  const model = modelOf(attributes) ?? 'unknown';
  const requested = textAt(attributes, 'gen_ai.request.model');
  const labels = labelsOf(span);
  return {
    id: textAt(attributes, 'gen_ai.response.id') ?? spanKey(span),
    time: start,
    provider: providerName(provider ?? 'unknown'),
    model,
    requestModel: requested === model ? undefined : requested,
    operation: operationOf(attributes) ?? 'chat',
    serviceTier: tierOf(attributes),
    status: failed ? 'failure' : 'success',
    errorCode: textAt(attributes, 'error.type'),
    billable: !failed || totalInput(usage) + usage.output > 0,
    latencyMs: start === undefined || end === undefined || end < start ? undefined : end - start,
    countSource: reported === undefined && !failed ? 'missing' : 'reported',
    requests: 1,
    usage,
    reportedCost: dollarsAt(attributes, 'gen_ai.usage.cost'),
    tags: tagsOf(span),
    ...(labels.length > 0 && { labels }),
  };
}

/** A span's own identity; spans without ids have none. */
const spanKey = ({ traceId, spanId }: Span): string | undefined =>
  traceId === '' || spanId === '' ? undefined : `${traceId}:${spanId}`;

const tierOf = (attributes: Fields): string | undefined =>
  [
    'openai.response.service_tier',
    'gen_ai.openai.response.service_tier',
    'openai.request.service_tier',
    'gen_ai.openai.request.service_tier',
  ]
    .map((name) => textAt(attributes, name))
    .find((tier) => tier !== undefined && tier !== 'auto');

const CUSTOM = 'traceloop.association.properties.';

/** Structured attributes, above them what the code set itself: on its resource, then on the span. */
const tagsOf = ({ traceId, attributes, resource }: Span): Record<string, string> => ({
  ...presentTags({
    env:
      textAt(resource, 'deployment.environment.name') ?? textAt(resource, 'deployment.environment'),
    run: traceId === '' ? undefined : traceId,
    session: textAt(attributes, 'gen_ai.conversation.id') ?? textAt(attributes, 'session.id'),
    user: ['user.id', 'gen_ai.user', 'llm.user', 'enduser.id']
      .map((key) => textAt(attributes, key))
      .find((user) => user !== undefined),
    agent: textAt(attributes, 'gen_ai.agent.name'),
    workflow:
      textAt(attributes, 'gen_ai.workflow.name') ?? textAt(attributes, 'traceloop.workflow.name'),
  }),
  ...knownTags(resource),
  ...knownTags(attributes),
});

const withoutPrefix = (key: string): string =>
  key.startsWith(CUSTOM) ? key.slice(CUSTOM.length) : key;

const knownTags = (attributes: Fields): Record<string, string> =>
  tagsFrom(
    Object.fromEntries(
      Object.entries(attributes)
        .map(([key, value]) => [withoutPrefix(key), value] as const)
        .filter(([key]) => isKnownTag(key)),
    ),
  );

const labelsOf = ({ attributes, resource }: Span): readonly string[] => {
  const service = textAt(resource, 'service.name');
  const custom = Object.keys(attributes)
    .filter((key) => key.startsWith(CUSTOM) && !isKnownTag(withoutPrefix(key)))
    .map((key) => `${withoutPrefix(key)}=${textAt(attributes, key) ?? ''}`);
  return service === undefined ? custom : [`service=${service}`, ...custom];
};
