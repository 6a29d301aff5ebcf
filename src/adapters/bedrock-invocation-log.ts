import { NO_USAGE, totalInput, type Usage, type UsageEvent } from '../domain/usage.ts';
import type { Adapter } from './contract/adapter.ts';
import { messageCallsByModel } from './contract/anthropic-message.ts';
import { bedrockAnswer, bedrockCacheWrites, converseSplit } from './contract/bedrock-usage.ts';
import {
  at,
  countAt,
  fieldsAt,
  fieldsOrJson,
  isoTimeAt,
  listAt,
  listOrJson,
  millisecondsAt,
  presentTags,
  requiredText,
  tagsFrom,
  textAt,
} from './contract/fields.ts';

export default {
  id: 'bedrock-invocation-log',
  title: 'AWS Bedrock model invocation logs',
  source: {
    url: 'https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html',
    checked: '2026-11-21',
  },
  recognizes: (record) => at(record, 'schemaType') === 'ModelInvocationLog',
  normalize: (record) => {
    const chunks = chunksOf(record);
    const call = logCall(record, chunks);
    const iterated = chunks.find((chunk) => listAt(chunk, 'usage', 'iterations').length > 0);
    return { events: iterated === undefined ? [call] : iterations(call, iterated) };
  },
} satisfies Adapter;

/** The body as a list: one object, or the events of a stream, which may end in the text `[DONE]`. */
function chunksOf(record: unknown): readonly unknown[] {
  const body = at(record, 'output', 'outputBodyJson');
  const chunks = listOrJson(body);
  return chunks.length > 0 ? chunks : [fieldsOrJson(body)];
}

function logCall(record: unknown, chunks: readonly unknown[]): UsageEvent {
  const errorCode = textAt(record, 'errorCode');
  const usage = logUsage(record, chunks);
  const unused = usage === undefined || totalInput(usage) + usage.output === 0;
  const failed = errorCode !== undefined;
  const model = modelOf(requiredText(record, 'modelId'));
  const [region, ran] = [textAt(record, 'region'), textAt(record, 'inferenceRegion')];
  return {
    id: textAt(record, 'requestId'),
    time: isoTimeAt(record, 'timestamp'),
    provider: 'bedrock',
    model,
    operation: /embed/i.test(model) ? 'embeddings' : 'chat',
    serviceTier: chunks.map(tierOf).find((tier) => tier !== undefined),
    region,
    status: failed ? 'failure' : 'success',
    errorCode,
    billable: !(failed && unused),
    latencyMs: chunks.map(latencyOf).find((latency) => latency !== undefined),
    countSource: usage === undefined && !failed ? 'missing' : 'reported',
    requests: 1,
    usage: usage ?? NO_USAGE,
    tags: {
      ...presentTags({ user: callerOf(textAt(record, 'identity', 'arn')) }),
      ...tagsFrom(fieldsAt(record, 'requestMetadata')),
    },
    ...(ran !== undefined && ran !== region && { labels: [`inference_region=${ran}`] }),
  };
}

/** The counts of the log itself, else those of the body it holds. */
function logUsage(record: unknown, chunks: readonly unknown[]): Usage | undefined {
  const input = countAt(record, 'input', 'inputTokenCount');
  const output = countAt(record, 'output', 'outputTokenCount');
  if (input === undefined && output === undefined)
    return chunks.map((chunk) => bedrockAnswer(chunk).usage).find((usage) => usage !== undefined);
  return {
    ...NO_USAGE,
    input: input ?? 0,
    cacheRead: countAt(record, 'input', 'cacheReadInputTokenCount') ?? 0,
    cacheWrite: bedrockCacheWrites(
      countAt(record, 'input', 'cacheWriteInputTokenCount'),
      splitOf(chunks),
      'input.cacheWriteInputTokenCount',
    ),
    output: output ?? 0,
  };
}

/** Only the body knows for how long tokens were cached, and each model family says it elsewhere. */
function splitOf(chunks: readonly unknown[]): Record<'5m' | '1h', number> {
  const splits = chunks.flatMap((chunk) => [
    converseSplit(chunk, 'usage'),
    converseSplit(chunk, 'metadata', 'usage'),
    anthropicSplit(chunk, 'usage'),
    anthropicSplit(chunk, 'message', 'usage'),
  ]);
  // Events of a stream repeat the split; they do not add to it.
  return splits.findLast((split) => split['5m'] + split['1h'] > 0) ?? { '5m': 0, '1h': 0 };
}

function anthropicSplit(chunk: unknown, ...path: readonly string[]): Record<'5m' | '1h', number> {
  const of = (ttl: string): number =>
    countAt(chunk, ...path, 'cache_creation', `ephemeral_${ttl}_input_tokens`) ?? 0;
  return { '5m': of('5m'), '1h': of('1h') };
}

/** The bill of a message with iterations, which the log's own counts leave out in part. */
const iterations = (call: UsageEvent, body: unknown): readonly UsageEvent[] =>
  messageCallsByModel({ ...fieldsAt(body), model: call.model, id: call.id }).map((part) => ({
    ...call,
    id: part.id,
    model: part.model,
    billable: part.billable,
    countSource: part.countSource,
    usage: part.usage,
  }));

const tierOf = (chunk: unknown): string | undefined =>
  textAt(chunk, 'serviceTier', 'type') ?? textAt(chunk, 'metadata', 'serviceTier', 'type');

const latencyOf = (chunk: unknown): number | undefined =>
  millisecondsAt(chunk, 'metrics', 'latencyMs') ??
  millisecondsAt(chunk, 'metadata', 'metrics', 'latencyMs') ??
  millisecondsAt(chunk, 'amazon-bedrock-invocationMetrics', 'invocationLatency');

/**
 * The model of an ARN: a foundation model or the profile of a region by its own name; anything of the
 * account's own with its kind, since its name does not tell the model.
 */
function modelOf(modelId: string): string {
  const resource = /^arn:[^:]*:bedrock:[^:]*:[^:]*:(.+)$/.exec(modelId)?.[1] ?? modelId;
  return resource.replace(/^(foundation-model|inference-profile)\//, '');
}

/** Who called: role and session, or the user's name. */
function callerOf(arn: string | undefined): string | undefined {
  const resource = arn?.split(':').slice(5).join(':');
  return resource?.replace(/^(assumed-role|user|federated-user|role)\//, '');
}
