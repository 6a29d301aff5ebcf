import type { Adapter } from './contract/adapter.ts';
import { hasOpenInferenceUsage, openInferenceCall } from './contract/openinference-call.ts';
import { isGenAi, isOpenInference, spansAboveUsage, spansOf } from './contract/otlp-spans.ts';
import { readEach } from './contract/read-each.ts';

export default {
  id: 'openinference-spans',
  title: 'OpenInference spans (Arize Phoenix): OTLP JSON lines of traces',
  source: {
    url: 'https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md',
    checked: '2026-11-21',
  },
  // A record that also holds GenAI spans is read by otel-genai-spans, which knows both.
  recognizes: (record) => {
    const spans = spansOf(record);
    return spans.some(isOpenInference) && !spans.some(isGenAi);
  },
  normalize: (record) => {
    const spans = spansOf(record);
    const summed = spansAboveUsage(spans, hasOpenInferenceUsage);
    return readEach(
      spans,
      ({ spanId }) => `span ${spanId}`,
      (span) =>
        isOpenInference(span) ? openInferenceCall(span, summed) : 'span without model attributes',
    );
  },
} satisfies Adapter;
