import type { UsageEvent } from '../domain/usage.ts';
import { type Adapter, skip } from './contract/adapter.ts';
import { at, type Fields, fieldsOrJson, isFields, isoTimeAt, textAt } from './contract/fields.ts';
import { isGeminiBody, spelled } from './contract/gemini-body.ts';
import { failedVertexCall, vertexCalls, vertexRequest } from './contract/vertex-call.ts';

export default {
  id: 'vertex-batch-predictions',
  title: 'Vertex AI and Gemini API batch results, one JSON object a line',
  source: {
    url: 'https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/batch-prediction-gemini',
    checked: '2026-11-21',
  },
  recognizes: (record) =>
    isFields(record) && (isVertexLine(record) || isGeminiLine(record)) && !isGeminiBody(record),
  normalize: (record) =>
    isFields(record) ? { events: calls(record) } : skip('line that is no object'),
} satisfies Adapter;

const timeAt = (record: unknown): number | undefined =>
  isoTimeAt(record, spelled(record, 'processedTime'));

const isVertexLine = (record: Fields): boolean =>
  at(record, 'request') !== undefined &&
  textAt(record, spelled(record, 'processedTime')) !== undefined;

/** Batches of the Gemini API name their requests by a key, and say nothing of when they were made. */
const isGeminiLine = (record: Fields): boolean =>
  (textAt(record, 'key') !== undefined && isFields(at(record, 'error'))) ||
  (['key', 'request', 'metadata', 'status'].some((mark) => Object.hasOwn(record, mark)) &&
    isGeminiBody(fieldsOrJson(at(record, 'response'))));

function calls(record: Fields): readonly UsageEvent[] {
  const response = fieldsOrJson(at(record, 'response'));
  const request = vertexRequest(at(record, 'request'));
  const failure = failureOf(record);
  const found =
    failure === undefined
      ? vertexCalls(response, request.model)
      : [failedVertexCall(request.model, failure)];
  return found.map((call) => ({
    ...call,
    time: call.time ?? timeAt(record),
    provider: isVertexLine(record) ? 'vertex' : failure === undefined ? call.provider : 'google',
    region: request.region,
    serviceTier: 'batch',
    tags: { ...call.tags, ...request.tags },
  }));
}

/** An empty status is a good one; any other text is what went wrong, with its name in front. */
function failureOf(record: Fields): string | undefined {
  const status = textAt(record, 'status')?.trim() ?? '';
  const error = at(record, 'error');
  if (isFields(error)) return textAt(error, 'status') ?? textAt(error, 'code') ?? 'error';
  return status === '' || isGeminiBody(fieldsOrJson(at(record, 'response')))
    ? undefined
    : status.split(/[:{]/)[0]?.trim();
}
