import { totalInput, type UsageEvent } from '../domain/usage.ts';
import { type Adapter, type Normalized, skip } from './contract/adapter.ts';
import {
  anthropicGeo,
  anthropicHost,
  anthropicTier,
  anthropicUsage,
} from './contract/anthropic-usage.ts';
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

export default {
  id: 'claude-code',
  title: 'Claude Code session logs: projects/**/*.jsonl',
  source: { url: 'https://code.claude.com/docs/en/monitoring-usage', checked: '2026-11-21' },
  recognizes: (record) => isSessionLine(record) || isSummary(record),
  skim: skimmed,
  normalize: (record) => {
    const turn = turnOf(record);
    return turn === undefined
      ? skip(lineOf(textAt(record, 'type') ?? 'other'))
      : events(record, turn);
  },
} satisfies Adapter;

const lineOf = (type: string): string => `${type} line`;

// Three quarters of a session's bytes are prompts and tool results, in lines without any usage.
const USAGE = Buffer.from('"usage"');
/** Shorter lines are parsed in no time. */
const SHORTEST_SKIMMED = 1024;
/** What a line says of itself before and after its message: text, numbers and flags only. */
const HEAD = /^\{((?:"\w+":(?:"(?:[^"\\]|\\.)*"|[\w.-]+),)*)"type":"([\w-]+)",("message":\{)?/;
const TAIL = /[\]}]((?:,"\w+":(?:"(?:[^"\\]|\\.)*"|[\w.-]+))+)\}$/;
const LOOKED_AT = 768;

/** The reason for which a long line without usage is skipped, where its ends prove that it is a session's line. */
function skimmed(line: Buffer): string | undefined {
  if (line.length < SHORTEST_SKIMMED || line.includes(USAGE)) return undefined;
  const [, before = '', type, message] = HEAD.exec(line.toString('latin1', 0, LOOKED_AT)) ?? [];
  if (type === undefined) return undefined;
  const [, after = ''] = TAIL.exec(line.toString('latin1', line.length - LOOKED_AT)) ?? [];
  const says = before + after;
  const marked = message !== undefined || /"(uuid|timestamp)":"/.test(says);
  return marked && /"sessionId":"[^"]/.test(says) ? lineOf(type) : undefined;
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
