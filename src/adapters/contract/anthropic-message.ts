import { cacheWriteTotal, NO_USAGE, type Usage, type UsageEvent } from '../../domain/usage.ts';
import { anthropicGeo, anthropicHost, anthropicTier, anthropicUsage } from './anthropic-usage.ts';
import { at, isoTimeAt, listAt, requiredText, textAt } from './fields.ts';

/**
 * The calls behind one Anthropic message. Where iterations (compaction, advisor, fallback) are listed
 * they are the bill, and the top level is only the sum of some of them.
 */
export function messageCalls(record: unknown): readonly UsageEvent[] {
  const iterations = listAt(record, 'usage', 'iterations');
  return iterations.length > 0 ? attempts(record, iterations) : [wholeMessage(record)];
}

/**
 * As messageCalls, with the calls of one model added up: what a format reports as one record stays one.
 * A sum is marked as aggregated, since no single call of it had its context size.
 */
export function messageCallsByModel(record: unknown): readonly UsageEvent[] {
  const calls = messageCalls(record);
  const models = [...new Set(calls.map(({ model }) => model))];
  return models.flatMap((model) => {
    const same = calls.filter((call) => call.model === model && call.billable);
    const [first] = same.length > 0 ? same : calls.filter((call) => call.model === model);
    if (first === undefined) return [];
    const id = model === models[0] ? textAt(record, 'id') : first.id;
    return [
      {
        ...first,
        id,
        family: id,
        ...(same.length > 1 && { countSource: 'aggregated' as const }),
        usage: same.map(({ usage }) => usage).reduce(addUsage, NO_USAGE),
      },
    ];
  });
}

const addCounts = (
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): Record<string, number> => ({
  ...one,
  ...Object.fromEntries(
    Object.entries(other).map(([name, count]) => [name, (one[name] ?? 0) + count]),
  ),
});

const addUsage = (one: Usage, other: Usage): Usage => ({
  input: one.input + other.input,
  cacheRead: one.cacheRead + other.cacheRead,
  cacheWrite:
    cacheWriteTotal(other) === 0 ? one.cacheWrite : addCounts(one.cacheWrite, other.cacheWrite),
  output: one.output + other.output,
  reasoning: one.reasoning + other.reasoning,
  // Anthropic's usage has no modality parts.
  parts: {},
  fees: addCounts(one.fees, other.fees),
});

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

/** Kept apart, since each has its own model and its own context size. */
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
