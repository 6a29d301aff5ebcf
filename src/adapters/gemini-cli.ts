import type { Usage, UsageEvent } from '../domain/usage.ts';
import { type Adapter, type AdapterReader, type Normalized, skip } from './contract/adapter.ts';
import { DecodeError } from './contract/decode-error.ts';
import {
  at,
  countAt,
  isFields,
  isoTimeAt,
  listAt,
  presentTags,
  textAt,
} from './contract/fields.ts';
import { contained } from './contract/token-split.ts';

export default {
  id: 'gemini-cli',
  title: 'Gemini CLI chats: ~/.gemini/tmp/*/chats/session-*.jsonl, or .json of older versions',
  source: {
    url: 'https://github.com/google-gemini/gemini-cli/blob/main/packages/core/src/services/chatRecordingTypes.ts',
    checked: '2026-11-21',
  },
  recognizes: (record) => isSession(record) || isControl(record) || isMessage(record),
  normalize: (record) => openChat().normalize(record),
  open: () => openChat(),
} satisfies Adapter;

const isSession = (record: unknown): boolean =>
  textAt(record, 'sessionId') !== undefined && textAt(record, 'projectHash') !== undefined;

const isControl = (record: unknown): boolean =>
  isFields(record) &&
  Object.keys(record).length === 1 &&
  (isFields(at(record, '$set')) || textAt(record, '$rewindTo') !== undefined);

const OTHER_TYPES: ReadonlySet<unknown> = new Set(['user', 'info', 'error', 'warning']);

function isMessage(record: unknown): boolean {
  if (textAt(record, 'id') === undefined || textAt(record, 'timestamp') === undefined) return false;
  if (at(record, 'type') === 'gemini') return true;
  return (
    OTHER_TYPES.has(at(record, 'type')) &&
    at(record, 'content') !== undefined &&
    ['model', 'sessionId', 'message', 'payload'].every((key) => at(record, key) === undefined)
  );
}

/** Messages belong to the session that the first line names. */
function openChat(): AdapterReader {
  let session: string | undefined;
  const message = (record: unknown): Normalized => {
    const type = textAt(record, 'type') ?? 'other';
    if (type !== 'gemini') return skip(`${type} message`);
    const usage = usageOf(record);
    // It is written once more when the tokens are known.
    return usage === undefined
      ? skip('message without token counts')
      : { events: [answer(record, session, usage)] };
  };
  return {
    normalize(record) {
      if (isControl(record)) {
        session = textAt(record, '$set', 'sessionId') ?? session;
        return skip('control line');
      }
      if (!isSession(record)) return message(record);
      session = textAt(record, 'sessionId');
      if (!isFields(record) || !Array.isArray(at(record, 'messages'))) return skip('session line');
      const messages = listAt(record, 'messages').map((each) => wellFormed(each, message));
      return {
        events: messages.flatMap(({ events }) => events),
        skipped: messages.flatMap(({ skipped }) => skipped ?? []),
      };
    },
    end: () => [],
  };
}

/** One wrong message must not cost the others of its document. */
function wellFormed(record: unknown, read: (record: unknown) => Normalized): Normalized {
  try {
    return read(record);
  } catch (error) {
    if (error instanceof DecodeError) return skip('malformed message');
    throw error;
  }
}

function answer(record: unknown, session: string | undefined, usage: Usage): UsageEvent {
  const id = textAt(record, 'id');
  return {
    id: session === undefined || id === undefined ? id : `${session}:${id}`,
    time: isoTimeAt(record, 'timestamp'),
    provider: 'google',
    model: textAt(record, 'model') ?? 'unknown',
    operation: 'chat',
    status: 'success',
    billable: true,
    countSource: 'reported',
    requests: 1,
    usage,
    tags: presentTags({ session }),
  };
}

/** `input` holds the cache and not the tool prompts, `output` no thoughts. Throws DecodeError. */
function usageOf(record: unknown): Usage | undefined {
  const count = (key: string) => countAt(record, 'tokens', key);
  const [input, output] = [count('input'), count('output')];
  if (input === undefined && output === undefined) return undefined;
  const [prompt, answered, cached] = [input ?? 0, output ?? 0, count('cached') ?? 0];
  const [thoughts, tool] = [count('thoughts') ?? 0, count('tool') ?? 0];
  return {
    input: contained('tokens.cached', prompt, cached) + tool,
    cacheRead: cached,
    cacheWrite: {},
    output: answered + thoughts,
    reasoning: thoughts,
    parts: {},
    fees: {},
  };
}
