import type { UsageEvent } from '../domain/usage.ts';
import type { Adapter } from './contract/adapter.ts';
import {
  at,
  type Fields,
  fieldsOrJson,
  isFields,
  isoTimeAt,
  listOrJson,
  millisecondsAt,
  textAt,
} from './contract/fields.ts';
import { spelled } from './contract/gemini-body.ts';
import {
  failedVertexCall,
  modelOfPath,
  vertexCalls,
  vertexRequest,
} from './contract/vertex-call.ts';

export default {
  id: 'vertex-request-response-log',
  title: 'Vertex AI request-response logging, rows of its BigQuery table as JSON',
  source: {
    url: 'https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/request-response-logging',
    checked: '2026-11-21',
  },
  recognizes: (record) =>
    isFields(record) &&
    read(record, 'fullResponse') !== undefined &&
    (read(record, 'apiMethod') ?? read(record, 'loggingTime') ?? read(record, 'fullRequest')) !==
      undefined,
  normalize: (record) => ({ events: calls(record) }),
} satisfies Adapter;

const read = (holder: unknown, name: string): unknown => at(holder, spelled(holder, name));

function calls(record: unknown): readonly UsageEvent[] {
  const response = responseOf(read(record, 'fullResponse'));
  const request = vertexRequest(read(record, 'fullRequest'));
  const model = request.model ?? modelOfPath(textAt(record, 'model'));
  const id = textAt(read(record, 'requestId'));
  const found = isFields(response['error'])
    ? [
        failedVertexCall(
          model,
          textAt(response, 'error', 'status') ?? textAt(response, 'error', 'code'),
        ),
      ]
    : vertexCalls(response, model);
  const metadata = fieldsOrJson(at(record, 'metadata'));
  return found.map((call, index): UsageEvent => ({
    ...call,
    id: id === undefined ? call.id : index === 0 ? id : `${id}#${index + 1}`,
    time: isoTimeAt(record, spelled(record, 'loggingTime')) ?? call.time,
    provider: 'vertex',
    region: request.region,
    latencyMs: millisecondsAt(metadata, spelled(metadata, 'requestLatency')),
    tags: { ...call.tags, ...request.tags },
  }));
}

/** A streamed answer may be logged as its chunks: the last one that counts has the sum. */
function responseOf(written: unknown): Fields {
  const chunks = listOrJson(written).map(fieldsOrJson);
  if (chunks.length === 0) return fieldsOrJson(written);
  const counted = chunks.findLast((chunk) => read(chunk, 'usageMetadata') !== undefined);
  return counted ?? chunks.at(-1) ?? {};
}
