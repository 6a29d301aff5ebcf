import { totalInput, type UsageEvent } from '../domain/usage.ts';
import { type Adapter, type Normalized, skip } from './contract/adapter.ts';
import {
  anthropicGeo,
  anthropicHost,
  anthropicTier,
  anthropicUsage,
} from './contract/anthropic-usage.ts';
import { COUNT, type Counts, type ValueUse } from './contract/direct-reading.ts';
import {
  at,
  dollarsAt,
  type Fields,
  fieldsAt,
  isFields,
  isoTimeAt,
  listAt,
  presentTags,
  requiredText,
  textAt,
} from './contract/fields.ts';
import { isBytes, LineEnds } from './contract/line-ends.ts';

export default {
  id: 'claude-code',
  title: 'Claude Code session logs: projects/**/*.jsonl',
  source: { url: 'https://code.claude.com/docs/en/monitoring-usage', checked: '2026-11-21' },
  recognizes: (record) => isSessionLine(record) || isSummary(record),
  owns: isUsualLine,
  // Three quarters of a session's bytes are prompts and tool results, in lines without any usage.
  skim: { marker: 'usage"', reasonOf },
  normalize: (record) => {
    const turn = turnOf(record);
    return turn === undefined
      ? skip(lineOf(textAt(record, 'type') ?? 'other'))
      : events(record, turn);
  },
  direct: { useOf, hasFamily: true, settle },
} satisfies Adapter;

const lineOf = (type: string): string => `${type} line`;

const ends = new LineEnds(['type', 'sessionId', 'uuid', 'timestamp']);
const END = { type: 0, session: 1, uuid: 2, timestamp: 3 };
const MESSAGE = Buffer.from('"message":{');
/** The reasons that were told last, with the bytes of their types. */
const told: { readonly type: Uint8Array; readonly reason: string }[] = [];
const MOST_TOLD = 20;

/** The reason for which a line without usage is skipped, where its ends prove that it is a session's line. */
function reasonOf(line: Uint8Array, from: number, to: number): string | undefined {
  if (!ends.read(line, from, to)) return undefined;
  const { next, textFrom, textTo } = ends;
  const has = (text: number): boolean => (textFrom[text] ?? -1) >= 0;
  const hasSession = has(END.session) && textFrom[END.session] !== textTo[END.session];
  const isMarked =
    has(END.uuid) || has(END.timestamp) || isBytes(line, next, next + MESSAGE.length, MESSAGE);
  return hasSession && isMarked && has(END.type)
    ? reasonOfType(line, textFrom[END.type] ?? 0, textTo[END.type] ?? 0)
    : undefined;
}

function reasonOfType(line: Uint8Array, from: number, to: number): string | undefined {
  for (const { type, reason } of told) if (isBytes(line, from, to, type)) return reason;
  const type = Buffer.from(line.subarray(from, to));
  if (!/^[\w-]+$/.test(type.toString('latin1'))) return undefined;
  if (told.length === MOST_TOLD) told.shift();
  const reason = lineOf(type.toString('latin1'));
  told.push({ type, reason });
  return reason;
}

// Lines of old versions and of tools that copy them may have no type and no uuid, only the usage.
const isSessionLine = (record: unknown): boolean => {
  if (textAt(record, 'sessionId') === undefined && textAt(record, 'timestamp') === undefined)
    return false;
  if (at(record, 'message', 'usage', 'input_tokens') !== undefined) return true;
  return (
    textAt(record, 'sessionId') !== undefined &&
    textAt(record, 'type') !== undefined &&
    [at(record, 'uuid'), at(record, 'timestamp'), at(record, 'message')].some(
      (mark) => mark !== undefined,
    )
  );
};

/** Keys of a session's lines, of which no other format has its own. */
const USUAL_KEYS: ReadonlySet<string> = new Set([
  'parentUuid',
  'isSidechain',
  'userType',
  'cwd',
  'sessionId',
  'version',
  'gitBranch',
  'slug',
  'type',
  'message',
  'isMeta',
  'isApiErrorMessage',
  'requestId',
  'toolUseResult',
  'uuid',
  'timestamp',
]);

/** Whether a line is a prompt or an answer and has nothing that another format might know. */
function isUsualLine(record: unknown): boolean {
  const type = at(record, 'type');
  return (
    isFields(record) &&
    (type === 'user' || type === 'assistant') &&
    Object.keys(record).every((key) => USUAL_KEYS.has(key))
  );
}

const isSummary = (record: unknown): boolean =>
  (at(record, 'type') === 'summary' && textAt(record, 'leafUuid') !== undefined) ||
  (at(record, 'type') === 'file-history-snapshot' && isFields(at(record, 'snapshot')));

/** The line that holds the message: the record, or what a subagent's progress line nests. */
function turnOf(record: unknown): Fields | undefined {
  const nested = fieldsAt(record, 'data', 'message');
  return [record, nested].find(
    (line): line is Fields => isFields(line) && isFields(at(line, 'message', 'usage')),
  );
}

function events(record: unknown, turn: Fields): Normalized {
  const usage = anthropicUsage({ unsplitTtl: 'default' }, turn, 'message', 'usage');
  if (usage === undefined) return skip('message without token counts');
  const failed = at(turn, 'isApiErrorMessage') === true || at(record, 'isApiErrorMessage') === true;
  const model = requiredText(turn, 'message', 'model');
  const unused = totalInput(usage) + usage.output === 0;
  if (unused && model === '<synthetic>') return skip('synthetic message');
  if (unused && failed) return skip('error message without a call');
  const messageId = textAt(turn, 'message', 'id');
  const requestId = textAt(turn, 'requestId');
  const sidechain = at(turn, 'isSidechain') === true || at(record, 'isSidechain') === true;
  const labels = labelsOf(record, sidechain);
  const answer: UsageEvent = {
    id:
      messageId === undefined || requestId === undefined ? messageId : `${messageId}:${requestId}`,
    family: messageId,
    ...(sidechain && { replay: true }),
    time: isoTimeAt(turn, 'timestamp') ?? isoTimeAt(record, 'timestamp'),
    provider: anthropicHost(messageId),
    model,
    operation: 'chat',
    serviceTier: anthropicTier(turn, 'message', 'usage'),
    inferenceGeo: anthropicGeo(turn, 'message', 'usage'),
    status: failed ? 'failure' : 'success',
    billable: true,
    countSource: 'reported',
    requests: 1,
    usage,
    reportedCost: dollarsAt(turn, 'costUSD') ?? dollarsAt(record, 'costUSD'),
    tags: presentTags({ session: textAt(record, 'sessionId') ?? textAt(turn, 'sessionId') }),
    ...(labels.length > 0 && { labels }),
  };
  return { events: [answer, ...hiddenCalls(turn, answer)] };
}

function labelsOf(record: unknown, sidechain: boolean): readonly string[] {
  const named = ['cwd', 'gitBranch'].flatMap((key) => {
    const value = textAt(record, key);
    return value === undefined ? [] : [`${key}=${value}`];
  });
  return sidechain ? [...named, 'sidechain'] : named;
}

/**
 * Compaction, advisor and refused calls, which the message's own usage leaves out: it is the sum of the
 * `message` iterations, or where a call fell back to another model, its last attempt alone.
 */
function hiddenCalls(turn: Fields, answer: UsageEvent): readonly UsageEvent[] {
  const iterations = listAt(turn, 'message', 'usage', 'iterations');
  const types = iterations.map((iteration) => at(iteration, 'type'));
  const lastAttempt = types.findLastIndex(
    (type) => type === 'message' || type === 'fallback_message',
  );
  const shown = types.map((type, index) =>
    types.includes('fallback_message') ? index === lastAttempt : type === 'message',
  );
  return iterations.flatMap((iteration, index) => {
    const usage = anthropicUsage({ unsplitTtl: 'default' }, iteration);
    if (usage === undefined || shown[index] === true) return [];
    const part = (id: string | undefined) => (id === undefined ? undefined : `${id}#${index + 1}`);
    const model = textAt(iteration, 'model') ?? answer.model;
    const own = { id: part(answer.id), family: part(answer.family), reportedCost: undefined };
    return [{ ...answer, ...own, model, usage }];
  });
}

const nothing: ValueUse = { as: 'nothing' };
const inside: ValueUse = { as: 'inside' };

/** What an answer's values are used for, by their keys joined with dots. */
const USES: Readonly<Record<string, ValueUse | undefined>> = {
  // No event has it; a line is a usual one by it.
  type: { as: 'fact' },
  timestamp: { as: 'time' },
  sessionId: { as: 'text', text: 'session' },
  requestId: { as: 'text', text: 'request' },
  // Labels, of which there may be none; a sidechain is a replay too.
  cwd: { as: 'both' },
  gitBranch: { as: 'both' },
  isSidechain: { as: 'both' },
  isApiErrorMessage: { as: 'fact' },
  message: inside,
  // Such messages are of other providers.
  'message.id': { as: 'text', text: 'id', unless: ['msg_bdrk_', 'msg_vrtx_'] },
  'message.model': { as: 'fact' },
  'message.usage': inside,
  'message.usage.input_tokens': { as: 'count', count: 'input' },
  'message.usage.output_tokens': { as: 'count', count: 'output' },
  'message.usage.cache_read_input_tokens': { as: 'count', count: 'cacheRead' },
  'message.usage.cache_creation_input_tokens': { as: 'count', count: 'cacheWrite' },
  'message.usage.cache_creation': inside,
  'message.usage.cache_creation.ephemeral_5m_input_tokens': { as: 'count', count: 'cacheWrite5m' },
  'message.usage.cache_creation.ephemeral_1h_input_tokens': { as: 'count', count: 'cacheWrite1h' },
  'message.usage.output_tokens_details': inside,
  'message.usage.output_tokens_details.thinking_tokens': { as: 'count', count: 'reasoning' },
  'message.usage.service_tier': { as: 'fact' },
  'message.usage.speed': { as: 'fact' },
  'message.usage.inference_geo': { as: 'fact' },
  'message.usage.server_tool_use': inside,
  'message.usage.server_tool_use.web_search_requests': { as: 'fact' },
};
/** Values that make more of a line than one call with plain counts. */
const PARSED: ReadonlySet<string> = new Set(['costUSD', 'message.usage.iterations']);

function useOf(path: readonly string[]): ValueUse | undefined {
  const name = path.join('.');
  if (PARSED.has(name) || path.some((key) => key.includes('.'))) return undefined;
  return Object.hasOwn(USES, name) ? USES[name] : nothing;
}

/** As anthropicUsage: cache writes by time to live, where what is not split belongs to the only one seen. */
function settle(counts: Counts): boolean {
  const [short, long] = [counts[COUNT.cacheWrite5m] || 0, counts[COUNT.cacheWrite1h] || 0];
  const all = counts[COUNT.cacheWrite] ?? Number.NaN;
  const rest = Number.isNaN(all) ? 0 : all - short - long;
  if (rest < 0 || (counts[COUNT.reasoning] || 0) > (counts[COUNT.output] || 0)) return false;
  const isSplit = short + long > 0;
  counts[COUNT.cacheWrite] = isSplit ? 0 : rest;
  counts[COUNT.cacheWrite5m] = isSplit && short > 0 ? short + rest : short;
  counts[COUNT.cacheWrite1h] = isSplit && short === 0 ? long + rest : long;
  return true;
}
