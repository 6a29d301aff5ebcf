import { NO_USAGE, type UsageEvent } from '../domain/usage.ts';
import { type Adapter, type AdapterReader, type Normalized, skip } from './contract/adapter.ts';
import {
  at,
  type Fields,
  fieldsAt,
  isFields,
  presentTags,
  tagsFrom,
  textAt,
} from './contract/fields.ts';
import { mediaUsage } from './contract/openai-media-usage.ts';
import {
  responseCalls,
  responseStatus,
  unfinishedStatus,
} from './contract/openai-response-body.ts';
import { readAlone } from './contract/read-alone.ts';

export default {
  id: 'openai-responses-stream-events',
  title:
    'OpenAI Responses API stream events and Realtime API server events, one JSON object a line',
  source: {
    url: 'https://platform.openai.com/docs/api-reference/responses-streaming',
    checked: '2026-11-21',
  },
  recognizes: (record) =>
    isResponseEvent(record) || isSession(record) || isHeardTranscription(record),
  normalize: readAlone(openStream),
  open: openStream,
} satisfies Adapter;

const EVENT_MARKS = ['sequence_number', 'event_id', 'item_id', 'output_index', 'response_id'];

const isResponseEvent = (record: unknown): boolean =>
  textAt(record, 'type')?.startsWith('response.') === true &&
  (isFields(at(record, 'response')) || EVENT_MARKS.some((key) => at(record, key) !== undefined));

/** Realtime answers do not name their model: the session they belong to does. */
const isSession = (record: unknown): boolean =>
  ['session.created', 'session.updated'].includes(textAt(record, 'type') ?? '') &&
  isFields(at(record, 'session'));

/** What the user said, written down by a model of its own. */
const isHeardTranscription = (record: unknown): boolean =>
  textAt(record, 'type') === 'conversation.item.input_audio_transcription.completed';

/** Events of several responses may be interleaved: they are kept apart by the id of their response. */
function openStream(): AdapterReader {
  const begun = new Map<string, readonly UsageEvent[]>();
  let session: Fields = {};
  return {
    normalize: (record): Normalized => {
      if (isSession(record)) {
        session = { ...session, ...fieldsAt(record, 'session') };
        return skip('event of a stream');
      }
      if (isHeardTranscription(record)) return { events: [transcriptionCall(record, session)] };
      const response = fieldsAt(record, 'response');
      if (Object.keys(response).length === 0) return skip('event of a stream');
      if (at(response, 'object') === 'realtime.response')
        return textAt(record, 'type') === 'response.done'
          ? { events: [realtimeCall(response, session)] }
          : skip('event of a stream');
      const id = textAt(response, 'id');
      if (unfinishedStatus(response) === undefined) {
        const events = responseCalls(response);
        if (id !== undefined) begun.delete(id);
        return { events };
      }
      if (id !== undefined) begun.set(id, responseCalls(cutOff(response)));
      return skip('event of a stream');
    },
    // No last event came: the stream was cut off, and what it used is not known.
    end: () => [...begun.values()].flat(),
  };
}

/** A response as its first events show it. The tier that serves it is told only by the last. */
const cutOff = (response: Fields): Fields => ({
  ...response,
  usage: null,
  tool_usage: null,
  service_tier: null,
});

function realtimeCall(response: Fields, session: Fields): UsageEvent {
  const usage = mediaUsage(response, 'usage');
  const status = responseStatus(response);
  const unbilled = status === 'failure' && usage === undefined;
  return {
    ...realtimeFacts,
    id: textAt(response, 'id'),
    model: textAt(response, 'model') ?? textAt(session, 'model') ?? 'unknown',
    operation: 'chat',
    status,
    errorCode: textAt(response, 'status_details', 'error', 'code'),
    billable: !unbilled,
    countSource: usage === undefined && !unbilled ? 'missing' : 'reported',
    usage: usage ?? NO_USAGE,
    tags: {
      ...presentTags({ session: textAt(session, 'id') }),
      ...tagsFrom(fieldsAt(response, 'metadata')),
    },
  };
}

const realtimeFacts = { time: undefined, provider: 'openai', requests: 1 } as const;

function transcriptionCall(record: unknown, session: Fields): UsageEvent {
  const usage = mediaUsage(record, 'usage');
  return {
    ...realtimeFacts,
    id: textAt(record, 'event_id'),
    model:
      textAt(session, 'audio', 'input', 'transcription', 'model') ??
      textAt(session, 'input_audio_transcription', 'model') ??
      'unknown',
    operation: 'transcription',
    status: 'success',
    billable: true,
    countSource: usage === undefined ? 'missing' : 'reported',
    usage: usage ?? NO_USAGE,
    tags: presentTags({ session: textAt(session, 'id') }),
  };
}
