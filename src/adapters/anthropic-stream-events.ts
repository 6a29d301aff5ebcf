import type { UsageEvent } from '../domain/usage.ts';
import { type Adapter, type AdapterReader, type Normalized, skip } from './contract/adapter.ts';
import { messageCallsByModel } from './contract/anthropic-message.ts';
import { DecodeError } from './contract/decode-error.ts';
import { at, countAt, type Fields, fieldsAt, isFields, textAt } from './contract/fields.ts';
import { readAlone } from './contract/read-alone.ts';

export default {
  id: 'anthropic-stream-events',
  title: 'Anthropic Messages API stream events, one JSON object a line',
  source: {
    url: 'https://docs.anthropic.com/en/docs/build-with-claude/streaming',
    checked: '2026-11-21',
  },
  recognizes: (record) => {
    const type = textAt(record, 'type') ?? '';
    if (type === 'message_start') return isFields(at(record, 'message'));
    if (type === 'message_delta')
      return isFields(at(record, 'delta')) || isFields(at(record, 'usage'));
    if (type === 'ping') return Object.keys(fieldsAt(record)).length === 1;
    return type === 'message_stop' || /^content_block_(start|delta|stop)$/.test(type);
  },
  normalize: (record) => readAlone(openStream)(record),
  open: () => openStream(),
} satisfies Adapter;

/** Events of one message stand together: a start, deltas whose counts are cumulative, a stop. */
function openStream(): AdapterReader {
  let message: Fields | undefined;
  const take = (): readonly UsageEvent[] => {
    const ended = message;
    message = undefined;
    return ended === undefined ? [] : messageCallsByModel(ended);
  };
  const started = (record: unknown): Normalized => {
    const next = fieldsAt(record, 'message');
    // Some servers send the start twice.
    const again = message !== undefined && textAt(message, 'id') === textAt(next, 'id');
    const events = again ? [] : take();
    message = next;
    return again ? { events, skipped: ['repeated message start'] } : { events };
  };
  return {
    normalize(record) {
      switch (textAt(record, 'type') ?? '') {
        case 'message_start':
          return started(record);
        case 'message_delta':
          if (message === undefined)
            throw new DecodeError('type', 'a message_start before this event', 'message_delta');
          message = withDelta(message, record);
          return { events: [] };
        case 'message_stop':
          return { events: take() };
        default:
          return skip('stream event without counts');
      }
    },
    end: take,
  };
}

function withDelta(message: Fields, record: unknown): Fields {
  const present = (value: unknown): [string, unknown][] =>
    Object.entries(isFields(value) ? value : {}).filter(([, each]) => each !== null);
  const before = fieldsAt(message, 'usage');
  const usage: Fields = Object.fromEntries([
    ...Object.entries(before),
    ...present(at(record, 'usage')),
  ]);
  return {
    ...message,
    ...Object.fromEntries(present(at(record, 'delta'))),
    usage: splitStillHolds(usage) ? usage : { ...usage, cache_creation: null },
  };
}

/** After compaction the counts fall, and the split of the start is one of another prompt. */
function splitStillHolds(usage: Fields): boolean {
  const split = ['5m', '1h'].map(
    (ttl) => countAt(usage, 'cache_creation', `ephemeral_${ttl}_input_tokens`) ?? 0,
  );
  const all = countAt(usage, 'cache_creation_input_tokens');
  return all === undefined || split.reduce((sum, count) => sum + count, 0) <= all;
}
