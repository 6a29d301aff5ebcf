import { NO_USAGE, type Usage, type UsageEvent } from '../domain/usage.ts';
import { type Adapter, skip } from './contract/adapter.ts';
import {
  anthropicGeo,
  anthropicHost,
  anthropicTier,
  anthropicUsage,
} from './contract/anthropic-usage.ts';
import { at, isoTimeAt, listAt, requiredText, textAt } from './contract/fields.ts';

export default {
  id: 'anthropic-messages',
  title: 'Anthropic Messages API responses, one JSON object a line',
  source: { url: 'https://docs.anthropic.com/en/api/messages', checked: '2026-11-21' },
  recognizes: (record) => isMessage(record) || isErrorBody(record),
  normalize: (record) => {
    if (isErrorBody(record)) return skip('error body without a call');
    const iterations = listAt(record, 'usage', 'iterations');
    return {
      events: iterations.length > 0 ? attempts(record, iterations) : [wholeMessage(record)],
    };
  },
} satisfies Adapter;

const isMessage = (record: unknown): boolean =>
  at(record, 'type') === 'message' &&
  at(record, 'role') === 'assistant' &&
  at(record, 'model') !== undefined;

const isErrorBody = (record: unknown): boolean =>
  at(record, 'type') === 'error' && textAt(record, 'error', 'type') !== undefined;

function wholeMessage(record: unknown): UsageEvent {
  const usage = anthropicUsage({ unsplitTtl: '5m' }, record, 'usage');
  const billable = !(usage?.output === 0 && refusedUnbilled(record));
  return {
    ...callFacts(record),
    model: requiredText(record, 'model'),
    billable,
    countSource: usage === undefined ? 'missing' : 'reported',
    usage: usage !== undefined && billable ? usage : NO_USAGE,
  };
}

/**
 * The calls behind one answer: compaction, advisor and fallback beside the message itself. Where they
 * are listed they are the bill, and the top level is only the sum of some of them. Kept apart, since each
 * has its own model and its own context size.
 */
function attempts(record: unknown, iterations: readonly unknown[]): readonly UsageEvent[] {
  const facts = callFacts(record);
  const last = iterations.length - 1;
  const fellBack = iterations.some((each) => at(each, 'type') === 'fallback_message');
  return iterations.map((iteration, index) => {
    const usage = anthropicUsage({ unsplitTtl: '5m' }, iteration);
    const refused = usage?.output === 0 && index === last && refusedUnbilled(record);
    const id = last === 0 || facts.id === undefined ? facts.id : `${facts.id}#${index + 1}`;
    return {
      ...facts,
      id,
      family: id,
      model: textAt(iteration, 'model') ?? requiredText(record, 'model'),
      billable: !refused,
      countSource: usage === undefined ? 'missing' : 'reported',
      usage: usage === undefined || refused ? NO_USAGE : withFees(usage, record, index),
      // The answer does not say why a first attempt was refused, and that decides whether it is billed.
      ...(fellBack && usage?.output === 0 && index < last && { labels: ['billing-uncertain'] }),
    };
  });
}

/** Server tools are counted once for the whole answer: its first call carries them. */
function withFees(usage: Usage, record: unknown, index: number): Usage {
  if (index > 0) return usage;
  const whole = anthropicUsage({ unsplitTtl: '5m' }, record, 'usage');
  return { ...usage, fees: whole?.fees ?? usage.fees };
}

function callFacts(record: unknown) {
  const id = textAt(record, 'id');
  return {
    id,
    family: id,
    time: isoTimeAt(record, 'created_at') ?? isoTimeAt(record, 'timestamp'),
    provider: anthropicHost(id),
    operation: 'chat',
    serviceTier: anthropicTier(record, 'usage'),
    inferenceGeo: anthropicGeo(record, 'usage'),
    status: 'success',
    requests: 1,
    tags: {},
  } as const;
}

// A refusal before any output is billed for these categories only (Anthropic's documentation as of
// September 2026).
const BILLED_REFUSALS: ReadonlySet<string> = new Set([
  'bio',
  'frontier_llm',
  'reasoning_extraction',
]);

const refusedUnbilled = (record: unknown): boolean =>
  at(record, 'stop_reason') === 'refusal' &&
  !BILLED_REFUSALS.has(textAt(record, 'stop_details', 'category') ?? '');
