import { DecodeError } from './decode-error.ts';
import { at, type Fields, isFields, listAt, requiredText, textAt } from './fields.ts';

/** One span of an OTLP JSON record, its attributes and its resource's as plain objects. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly attributes: Fields;
  readonly resource: Fields;
  /** The span as written: times and status are read where they are needed. */
  readonly written: unknown;
}

/** All spans of a record with `resourceSpans`, in file order. Ids that are missing are empty. */
export const spansOf = (record: unknown): readonly Span[] =>
  listAt(record, 'resourceSpans').flatMap((group) => {
    const resource = attributesOf(at(group, 'resource'));
    const scopes = [
      ...listAt(group, 'scopeSpans'),
      ...listAt(group, 'instrumentationLibrarySpans'),
    ];
    return scopes.flatMap((scope) =>
      listAt(scope, 'spans').map((span) => ({
        traceId: textAt(span, 'traceId') ?? '',
        spanId: textAt(span, 'spanId') ?? '',
        parentSpanId: textAt(span, 'parentSpanId'),
        attributes: attributesOf(span),
        resource,
        written: span,
      })),
    );
  });

/** The attributes of a span, log record or resource as a plain object. */
export const attributesOf = (holder: unknown): Fields =>
  Object.fromEntries(
    listAt(holder, 'attributes').flatMap((attribute) => {
      const key = textAt(attribute, 'key');
      return key === undefined ? [] : [[key, plainValue(at(attribute, 'value'))]];
    }),
  );

/** An OTLP AnyValue without its wrapper; lists become lists, key-value lists objects. */
function plainValue(value: unknown): unknown {
  if (!isFields(value)) return undefined;
  if (isFields(value['arrayValue'])) return listAt(value, 'arrayValue', 'values').map(plainValue);
  if (isFields(value['kvlistValue']))
    return attributesOf({ attributes: listAt(value, 'kvlistValue', 'values') });
  return ['stringValue', 'intValue', 'doubleValue', 'boolValue']
    .map((kind) => at(value, kind))
    .find((found) => found !== undefined);
}

/** A time in nanoseconds since 1970, text or number, as milliseconds. 0 and absent are `undefined`. Throws DecodeError. */
export function nanosecondsAt({ written }: Pick<Span, 'written'>, key: string): number | undefined {
  if (at(written, key) === undefined) return undefined;
  const text = requiredText(written, key);
  if (!/^\d{1,20}$/.test(text))
    throw new DecodeError(key, 'nanoseconds since 1970', at(written, key));
  const nanoseconds = BigInt(text);
  return nanoseconds === 0n ? undefined : Number(nanoseconds / 1_000_000n);
}

/** Whether a span ended in an error: status code 2, or an `error.type`. */
export const isErrorSpan = ({ written, attributes }: Span): boolean =>
  ['2', 'STATUS_CODE_ERROR'].includes(textAt(written, 'status', 'code') ?? '') ||
  textAt(attributes, 'error.type') !== undefined;

/** A span's own identity; spans without ids have none. */
export const spanKey = ({ traceId, spanId }: Span): string | undefined =>
  traceId === '' || spanId === '' ? undefined : `${traceId}:${spanId}`;

/** Spans with a span below them that has usage: what they carry themselves is its sum. */
export function spansAboveUsage(
  spans: readonly Span[],
  hasUsage: (attributes: Fields) => boolean,
): ReadonlySet<Span> {
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

/** Whether a span is in the conventions of OpenInference, which name everything differently. */
export const isOpenInference = ({ attributes }: Span): boolean =>
  Object.hasOwn(attributes, 'openinference.span.kind');

// GenAI, OpenLLMetry before it took those names over, and Vercel's AI SDK.
const GENAI_MARKS = [
  /^gen_ai\./,
  /^(llm\.(request|usage|response|vendor)|traceloop)\b/,
  /^ai\.(usage|model|response|operationId)\b/,
];

/** Whether a span is in the GenAI conventions or one of their predecessors. */
export const isGenAi = (span: Span): boolean =>
  !isOpenInference(span) &&
  Object.keys(span.attributes).some((key) => GENAI_MARKS.some((mark) => mark.test(key)));
