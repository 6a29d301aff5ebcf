import { type Adapter, type Normalized, skip } from './contract/adapter.ts';
import { at, listAt, textAt } from './contract/fields.ts';

export default {
  id: 'otel-genai-metrics',
  title: 'OpenTelemetry metrics: OTLP JSON lines, passed over',
  source: {
    url: 'https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/',
    checked: '2026-11-21',
  },
  recognizes: (record) => listAt(record, 'resourceMetrics').length > 0,
  // Passed over rather than refused: collectors write all signals into one file, and its spans count.
  normalize: (record): Normalized =>
    skip(
      metricNames(record).some((name) => TOKENS.test(name))
        ? 'token metrics: sums of the calls that the spans or logs tell one by one'
        : 'metrics without tokens',
    ),
} satisfies Adapter;

const TOKENS = /^gen_ai\..*token|^claude_code\.(token|cost)/;

const metricNames = (record: unknown): readonly string[] =>
  listAt(record, 'resourceMetrics')
    .flatMap((resource) => listAt(resource, 'scopeMetrics'))
    .flatMap((scope) => listAt(scope, 'metrics'))
    .map((metric) => textAt(at(metric, 'name')) ?? '');
