import type { Usage } from '../domain/usage.ts';
import type { Adapter } from './contract/adapter.ts';
import { callEvent } from './contract/call-event.ts';
import {
  countAt,
  dollarsAt,
  type Fields,
  isoTimeAt,
  listAt,
  millisecondsAt,
  presentTags,
  textAt,
} from './contract/fields.ts';
import { attributesOf, nanosecondsAt } from './contract/otlp-spans.ts';
import { positiveCounts } from './contract/positive-counts.ts';
import { readEach } from './contract/read-each.ts';

export default {
  id: 'claude-code-otel-logs',
  title: "Claude Code's own OpenTelemetry events: OTLP JSON lines of logs",
  source: { url: 'https://code.claude.com/docs/en/monitoring-usage', checked: '2026-11-21' },
  recognizes: (record) => logsOf(record).some(isClaudeCode),
  normalize: (record) =>
    readEach(
      logsOf(record),
      (log) => nameOf(log),
      (log) => {
        const name = nameOf(log);
        if (!isClaudeCode(log)) return 'log of another program';
        return name === 'api_request' || name === 'api_error'
          ? event(log, name === 'api_error')
          : `event ${name}`;
      },
    ),
} satisfies Adapter;

interface Log {
  readonly written: unknown;
  readonly scope: string;
  readonly attributes: Fields;
}

const logsOf = (record: unknown): readonly Log[] =>
  listAt(record, 'resourceLogs').flatMap((resource) =>
    listAt(resource, 'scopeLogs').flatMap((scope) =>
      listAt(scope, 'logRecords').map((written) => ({
        written,
        scope: textAt(scope, 'scope', 'name') ?? '',
        attributes: attributesOf(written),
      })),
    ),
  );

const bodyOf = ({ written }: Log): string => textAt(written, 'body', 'stringValue') ?? '';

const isClaudeCode = (log: Log): boolean =>
  log.scope.includes('claude_code') ||
  bodyOf(log).startsWith('claude_code.') ||
  (textAt(log.attributes, 'event.name') ?? '').startsWith('claude_code.');

const nameOf = (log: Log): string =>
  (textAt(log.attributes, 'event.name') ?? textAt(log.written, 'eventName') ?? bodyOf(log)).replace(
    /^claude_code\./,
    '',
  );

function event({ written, attributes }: Log, failed: boolean) {
  const session = textAt(attributes, 'session.id');
  const sequence = textAt(attributes, 'event.sequence');
  const attempt = countAt(attributes, 'attempt') ?? 0;
  return callEvent({
    id: session === undefined || sequence === undefined ? undefined : `${session}:${sequence}`,
    time: timeOf(written, attributes),
    provider: 'anthropic',
    model: textAt(attributes, 'model'),
    requestModel: undefined,
    serviceTier: textAt(attributes, 'speed') === 'fast' ? 'fast' : undefined,
    failed,
    errorCode: failed ? textAt(attributes, 'status_code') : undefined,
    latencyMs: millisecondsAt(attributes, 'duration_ms'),
    // The first attempt is no retry.
    retryCount: attempt > 0 ? attempt - 1 : undefined,
    usage: tokens(attributes),
    reportedCost: dollarsAt(attributes, 'cost_usd'),
    tags: presentTags({
      session,
      user:
        textAt(attributes, 'user.account_uuid') ??
        textAt(attributes, 'user.email') ??
        textAt(attributes, 'user.id'),
      run: textAt(attributes, 'prompt.id'),
    }),
  });
}

const timeOf = (written: unknown, attributes: Fields): number | undefined =>
  nanosecondsAt({ written }, 'timeUnixNano') ??
  isoTimeAt(attributes, 'event.timestamp') ??
  nanosecondsAt({ written }, 'observedTimeUnixNano');

/** Anthropic's own counts: the input holds no cache. */
function tokens(attributes: Fields): Usage | undefined {
  const [input, output] = [
    countAt(attributes, 'input_tokens'),
    countAt(attributes, 'output_tokens'),
  ];
  if (input === undefined && output === undefined) return undefined;
  return {
    input: input ?? 0,
    cacheRead: countAt(attributes, 'cache_read_tokens') ?? 0,
    cacheWrite: positiveCounts({ default: countAt(attributes, 'cache_creation_tokens') }),
    output: output ?? 0,
    reasoning: 0,
    parts: {},
    fees: {},
  };
}
