import { describe, expect, it } from 'vitest';
import otelGenAi from '../../src/adapters/otel-genai-spans.ts';

type Attributes = Readonly<Record<string, string | number>>;

const span = (spanId: string, attributes: Attributes, parentSpanId = '') => ({
  traceId: 't1',
  spanId,
  parentSpanId,
  startTimeUnixNano: '1795039200000000000',
  endTimeUnixNano: '1795039201000000000',
  attributes: Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  })),
});
const trace = (...spans: readonly object[]) => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
const chat = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-5' };

describe('recognition', () => {
  it('looks past spans that come before the first model call', () =>
    expect(otelGenAi.recognizes(trace(span('a', { 'http.method': 'GET' }), span('b', chat)))).toBe(
      true,
    ));

  it('leaves traces of OpenInference alone', () =>
    expect(
      otelGenAi.recognizes(
        trace(span('a', { 'http.method': 'GET' }), span('b', { 'openinference.span.kind': 'LLM' })),
      ),
    ).toBe(false));

  it('passes over a trace without a model call', () => {
    const record = trace(span('a', { 'http.method': 'GET' }));
    expect(otelGenAi.recognizes(record)).toBe(true);
    expect(otelGenAi.normalize(record).events).toEqual([]);
  });

  it.each([{ resourceMetrics: [] }, { resourceLogs: [] }, { resourceSpans: [] }])(
    'does not claim %j',
    (record) => expect(otelGenAi.recognizes(record)).toBe(false),
  );
});

describe('counts under every name', () => {
  it.each([
    ['gen_ai.usage.cache_read.input_tokens', 'cacheRead'],
    ['gen_ai.usage.cache_read_input_tokens', 'cacheRead'],
    ['gen_ai.usage.prompt_tokens_details.cached_tokens', 'cacheRead'],
    ['gen_ai.usage.reasoning.output_tokens', 'reasoning'],
    ['gen_ai.usage.reasoning_tokens', 'reasoning'],
  ])('%s', (name, kept) => {
    const usage = { 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.output_tokens': 50 };
    const { events } = otelGenAi.normalize(trace(span('a', { ...chat, ...usage, [name]: 40 })));
    expect(events[0]?.usage).toMatchObject({ [kept]: 40, output: 50 });
  });

  it.each([
    'gen_ai.usage.cache_creation.input_tokens',
    'gen_ai.usage.cache_write.input_tokens',
    'gen_ai.usage.cache_creation_input_tokens',
  ])('%s', (name) => {
    const attributes = { ...chat, 'gen_ai.usage.input_tokens': 100, [name]: 40 };
    const { events } = otelGenAi.normalize(trace(span('a', attributes)));
    expect(events[0]?.usage).toMatchObject({ input: 60, cacheWrite: { default: 40 } });
  });
});

describe('sums over other spans', () => {
  const usage = { 'gen_ai.system': 'openai', 'gen_ai.usage.prompt_tokens': 10 };
  const parent = span('parent', usage);
  const between = span('between', { 'http.method': 'POST' }, 'parent');
  const child = span('child', usage, 'between');

  it.each([
    ['before', [parent, between, child]],
    ['after', [child, between, parent]],
  ])('are not counted when they come %s the call', (_when, spans) =>
    expect(otelGenAi.normalize(trace(...spans)).events.map(({ id }) => id)).toEqual(['t1:child']),
  );

  it('count where nothing below them has usage', () =>
    expect(otelGenAi.normalize(trace(parent, between)).events.map(({ id }) => id)).toEqual([
      't1:parent',
    ]));

  it.each(['invoke_agent', 'create_agent', 'invoke_workflow', 'execute_tool', 'retrieval'])(
    'of %s never count',
    (operation) =>
      expect(
        otelGenAi.normalize(trace(span('a', { ...usage, 'gen_ai.operation.name': operation }))),
      ).toEqual({ events: [], skipped: [`${operation} span`] }),
  );
});
