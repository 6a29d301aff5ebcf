import { providerName } from '../domain/provider-names.ts';
import { NO_USAGE, type Status, totalInput, type Usage } from '../domain/usage.ts';
import { type Adapter, type Normalized, skip } from './contract/adapter.ts';
import { DecodeError } from './contract/decode-error.ts';
import {
  at,
  countAt,
  dollarsAt,
  type Fields,
  fieldsOrJson,
  isFields,
  presentTags,
  requiredText,
  textAt,
} from './contract/fields.ts';
import { positiveCounts } from './contract/positive-counts.ts';
import { contained } from './contract/token-split.ts';

export default {
  id: 'opencode-messages',
  title: 'opencode messages: storage/message/**/msg_*.json, or rows of its message table as JSONL',
  source: { url: 'https://opencode.ai/docs/troubleshooting/', checked: '2026-11-21' },
  recognizes: (record) => isMessage(messageOf(record)),
  normalize: (record) => normalizeMessage(messageOf(record)),
} satisfies Adapter;

const isMessage = (message: Fields): boolean =>
  textAt(message, 'sessionID') !== undefined &&
  textAt(message, 'role') !== undefined &&
  isFields(at(message, 'time'));

/** The message itself, or the one that a row of the message table holds as JSON text. */
function messageOf(record: unknown): Fields {
  const row = fieldsOrJson(record);
  if (textAt(row, 'session_id') === undefined) return row;
  const data = fieldsOrJson(at(row, 'data'));
  return { ...data, id: at(row, 'id'), sessionID: at(row, 'session_id') };
}

function normalizeMessage(message: Fields): Normalized {
  const role = requiredText(message, 'role');
  if (role !== 'assistant') return skip(`${role} message`);
  const failure = failureOf(message);
  const failed = failure !== undefined;
  const usage = usageOf(message);
  const used = usage !== undefined && totalInput(usage) + usage.output > 0;
  const created = timeAt(message, 'created');
  const completed = timeAt(message, 'completed');
  if (!used && !failed && completed === undefined) return skip('message still being written');
  const cost = dollarsAt(message, 'cost');
  return {
    events: [
      {
        id: textAt(message, 'id'),
        time: created,
        provider: providerName(textAt(message, 'providerID') ?? 'unknown'),
        model: requiredText(message, 'modelID'),
        operation: 'chat',
        status: statusOf(failure),
        ...(failed && { errorCode: textAt(message, 'error', 'data', 'statusCode') ?? failure }),
        billable: used || !failed,
        latencyMs:
          created === undefined || completed === undefined || completed < created
            ? undefined
            : completed - created,
        // Where a server tells no usage, opencode writes zeros.
        countSource: used || failed ? 'reported' : 'missing',
        requests: 1,
        usage: used ? usage : NO_USAGE,
        // It writes 0 for what it has no price for, and under subscriptions.
        reportedCost: cost === 0n ? undefined : cost,
        tags: presentTags({ session: textAt(message, 'sessionID') }),
      },
    ],
  };
}

const failureOf = (message: Fields): string | undefined =>
  at(message, 'error') === undefined ? undefined : (textAt(message, 'error', 'name') ?? 'error');

/** Milliseconds since 1970. Throws DecodeError for anything else. */
function timeAt(message: Fields, key: string): number | undefined {
  const found = at(message, 'time', key);
  if (found === undefined) return undefined;
  if (typeof found !== 'number' || !Number.isSafeInteger(found) || found < FIRST_MILLISECOND)
    throw new DecodeError(`time.${key}`, 'milliseconds since 1970', found);
  return found;
}

// The year 2001: a smaller number counts seconds.
const FIRST_MILLISECOND = 1e12;

function statusOf(failure: string | undefined): Status {
  if (failure === undefined) return 'success';
  return failure === 'MessageAbortedError' ? 'cancelled' : 'failure';
}

/** The counts without overlap; `input` excludes the cache in all versions. Throws DecodeError. */
function usageOf(message: Fields): Usage | undefined {
  const count = (...path: readonly string[]) => countAt(message, 'tokens', ...path);
  const [input, output] = [count('input'), count('output')];
  if (input === undefined && output === undefined) return undefined;
  const [fresh, written, reasoning] = [input ?? 0, output ?? 0, count('reasoning') ?? 0];
  const [cacheRead, cacheWrite] = [count('cache', 'read') ?? 0, count('cache', 'write') ?? 0];
  const total = count('total');
  // Older builds wrote no total and kept reasoning inside the output, where it fits.
  const apart =
    total === undefined
      ? reasoning > written
      : total === fresh + written + reasoning + cacheRead + cacheWrite;
  if (!apart) contained('tokens.reasoning', written, reasoning);
  return {
    input: fresh,
    cacheRead,
    cacheWrite: positiveCounts({ default: cacheWrite }),
    output: apart ? written + reasoning : written,
    reasoning,
    parts: {},
    fees: {},
  };
}
