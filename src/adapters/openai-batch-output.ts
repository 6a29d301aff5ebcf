import { NO_USAGE, type UsageEvent } from '../domain/usage.ts';
import { type Adapter, skip } from './contract/adapter.ts';
import { at, countAt, type Fields, fieldsAt, isFields, textAt } from './contract/fields.ts';
import {
  chatCalls,
  embeddingsCall,
  isChatBody,
  isEmbeddingBody,
} from './contract/openai-chat-body.ts';
import { mediaUsage } from './contract/openai-media-usage.ts';
import { isResponseBody, responseCalls } from './contract/openai-response-body.ts';

export default {
  id: 'openai-batch-output',
  title: 'OpenAI Batch API output and error files, one JSON object a line',
  source: { url: 'https://platform.openai.com/docs/guides/batch', checked: '2026-11-21' },
  recognizes: (record) =>
    isFields(record) &&
    textAt(record, 'custom_id') !== undefined &&
    Object.hasOwn(record, 'response') &&
    Object.hasOwn(record, 'error'),
  normalize: (record) => {
    const body = bodyOf(record);
    if (isFailed(record, body)) return { events: [failedCall(record, body)] };
    if (textAt(body, 'id')?.startsWith('modr-') === true) return skip('moderation, which is free');
    return { events: callsOf(body).map((call, index) => enveloped(record, call, index)) };
  },
} satisfies Adapter;

/** Servers that copied the format early put the completion where its envelope belongs. */
const bodyOf = (record: unknown): Fields => {
  const response = fieldsAt(record, 'response');
  return isFields(at(response, 'body')) ? fieldsAt(response, 'body') : response;
};

const isFailed = (record: unknown, body: Fields): boolean =>
  (countAt(record, 'response', 'status_code') ?? 200) >= 400 ||
  !isFields(at(record, 'response')) ||
  // A response may have failed and name its error beside its usage.
  (isFields(at(body, 'error')) && !isResponseBody(body));

function callsOf(body: Fields): readonly UsageEvent[] {
  if (isResponseBody(body)) return responseCalls(body);
  if (isEmbeddingBody(body)) return [embeddingsCall(body)];
  return isChatBody(body) ? chatCalls(body) : [otherCall(body)];
}

/** Of other endpoints, only the tokens are known to be written alike. */
function otherCall(body: Fields): UsageEvent {
  const usage = mediaUsage(body, 'usage');
  return {
    ...FACTS,
    id: undefined,
    model: textAt(body, 'model') ?? 'unknown',
    operation: 'unknown',
    status: 'success',
    billable: true,
    countSource: usage === undefined ? 'missing' : 'reported',
    usage: usage ?? NO_USAGE,
  };
}

const FACTS = { time: undefined, provider: 'openai', requests: 1, tags: {} } as const;

/** The file itself says that the call was part of a batch; the body's tier does not. */
function enveloped(record: unknown, call: UsageEvent, index: number): UsageEvent {
  const own = textAt(record, 'id');
  const id = own === undefined ? call.id : index === 0 ? own : `${own}#${index + 1}`;
  return { ...call, id, serviceTier: 'batch' };
}

function failedCall(record: unknown, body: Fields): UsageEvent {
  const errorCode =
    textAt(record, 'error', 'code') ??
    textAt(body, 'error', 'code') ??
    textAt(body, 'error', 'type');
  return {
    ...FACTS,
    id: textAt(record, 'id'),
    model: textAt(body, 'model') ?? 'unknown',
    operation: 'chat',
    serviceTier: 'batch',
    status: errorCode === 'batch_cancelled' ? 'cancelled' : 'failure',
    errorCode: errorCode ?? textAt(record, 'response', 'status_code'),
    billable: false,
    countSource: 'reported',
    usage: NO_USAGE,
  };
}
