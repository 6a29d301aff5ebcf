import { isCallFact } from '../domain/call-facts.ts';
import type { Money } from '../domain/money.ts';
import { providerName, providerOfModel } from '../domain/provider-names.ts';
import { isCallTag, isKnownTag, tagKey } from '../domain/tags.ts';
import {
  COUNT_SOURCES,
  type CountSource,
  NO_USAGE,
  PARTS,
  type Part,
  STATUSES,
  totalInput,
  type Usage,
  type UsageEvent,
} from '../domain/usage.ts';
import type { Adapter } from './contract/adapter.ts';
import { DecodeError } from './contract/decode-error.ts';
import { COUNT, type Counts, type ValueUse } from './contract/direct-reading.ts';
import {
  at,
  countAt,
  dollarsAt,
  isFields,
  isoTimeAt,
  millisecondsAt,
  requiredText,
  tagsFrom,
  textAt,
  wordsAt,
} from './contract/fields.ts';
import { positiveCounts } from './contract/positive-counts.ts';
import { contained } from './contract/token-split.ts';

export default {
  id: 'aicost-jsonl',
  title: "aicost's own JSONL: what `aicost export events` writes, or its flat form",
  source: { url: 'README.md#a-service-that-logs-nothing-yet', checked: '2026-11-21' },
  recognizes: (record) =>
    isFields(record) &&
    Object.hasOwn(record, 'time') &&
    Object.hasOwn(record, 'model') &&
    (isNested(record) || isFlat(record)),
  normalize: (record) => ({ events: [isNested(record) ? nested(record) : flat(record)] }),
  direct: { useOf, hasFamily: false, settle },
} satisfies Adapter;

const NESTED_COUNTS = ['input', 'cache_read', 'cache_write', 'output', 'fees'];

const isNested = (record: unknown): boolean => {
  const usage = at(record, 'usage');
  return isFields(usage) && Object.keys(usage).some((key) => NESTED_COUNTS.includes(key));
};

const FLAT_COUNTS = [
  'input_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'cache_write_5m_tokens',
  'cache_write_30m_tokens',
  'cache_write_1h_tokens',
  'output_tokens',
  'reasoning_tokens',
] as const;

// A failed call has no counts: its status beside the provider then tells the format.
const isFlat = (record: unknown): boolean =>
  FLAT_COUNTS.some((key) => at(record, key) !== undefined) ||
  (at(record, 'status') !== undefined && at(record, 'provider') !== undefined);

function nested(record: unknown): UsageEvent {
  const input = countAt(record, 'usage', 'input') ?? 0;
  const output = countAt(record, 'usage', 'output') ?? 0;
  const cacheRead = countAt(record, 'usage', 'cache_read') ?? 0;
  const reasoning = countAt(record, 'usage', 'reasoning') ?? 0;
  contained('usage.reasoning', output, reasoning);
  return event(record, isoTimeAt(record, 'time'), {
    input,
    cacheRead,
    cacheWrite: countsBy(record, 'usage', 'cache_write'),
    output,
    reasoning,
    parts: partsWithin(record, { input, cache_read: cacheRead, output }),
    fees: countsBy(record, 'usage', 'fees'),
  });
}

function countsBy(record: unknown, ...path: readonly string[]): Record<string, number> {
  const found = at(record, ...path);
  if (found !== undefined && !isFields(found))
    throw new DecodeError(path.join('.'), 'an object of counts by name', found);
  const names = Object.keys(found ?? {});
  if (names.length === 0) return {};
  return positiveCounts(
    Object.fromEntries(names.map((name) => [name, countAt(record, ...path, name)])),
  );
}

function partsWithin(
  record: unknown,
  counts: Readonly<Record<'input' | 'cache_read' | 'output', number>>,
): Usage['parts'] {
  const found: [Part, number][] = [];
  for (const part of PARTS) {
    const count = countAt(record, 'usage', part) ?? 0;
    if (count > 0) found.push([part, count]);
  }
  if (found.length === 0) return {};
  for (const whole of ['input', 'cache_read', 'output'] as const) {
    const within = found.filter(([part]) => part.endsWith(`_${whole}`));
    const total = within.reduce((sum, [, count]) => sum + count, 0);
    const largest = within.toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? whole;
    contained(`usage.${largest}`, counts[whole], total);
  }
  return Object.fromEntries(found);
}

function flat(record: unknown): UsageEvent {
  const time = isoTimeAt(record, 'time');
  if (time === undefined)
    throw new DecodeError('time', 'a time like 2026-11-01T09:00:00Z', at(record, 'time'));
  const count = (name: (typeof FLAT_COUNTS)[number]) => countAt(record, name) ?? 0;
  const known = FLAT_COUNTS.some((name) => countAt(record, name) !== undefined);
  const status = statusOf(record);
  if (!known && status === 'success' && countSourceOf(record) !== 'missing')
    throw new DecodeError(
      'input_tokens',
      'a count such as input_tokens or output_tokens',
      undefined,
    );
  const cacheRead = count('cache_read_tokens');
  const cacheWrite = positiveCounts({
    '5m': count('cache_write_5m_tokens'),
    '30m': count('cache_write_30m_tokens'),
    '1h': count('cache_write_1h_tokens'),
    default: count('cache_write_tokens'),
  });
  const input = count('input_tokens');
  const output = count('output_tokens');
  const reasoning = count('reasoning_tokens');
  contained('reasoning_tokens', output, reasoning);
  const fresh =
    flag(record, 'input_includes_cache') === true
      ? contained('input_tokens', input, cacheRead + sumOf(cacheWrite))
      : input;
  const fees = countsBy(record, 'fees');
  return event(
    record,
    time,
    known
      ? { input: fresh, cacheRead, cacheWrite, output, reasoning, parts: {}, fees }
      : { ...NO_USAGE, fees },
  );
}

function event(record: unknown, time: number | undefined, usage: Usage): UsageEvent {
  const model = requiredText(record, 'model');
  const provider = textAt(record, 'provider');
  const status = statusOf(record);
  const requests = countAt(record, 'requests') ?? 1;
  const labels = labelsOf(record);
  // A call that did not succeed and used nothing is charged nothing, unless the record says otherwise.
  const unused = totalInput(usage) + usage.output === 0 && status !== 'success';
  return {
    id: textAt(record, 'id'),
    time,
    provider: provider === undefined ? providerOfModel(model) : providerName(provider),
    model,
    requestModel: textAt(record, 'request_model'),
    operation: textAt(record, 'operation') ?? 'chat',
    serviceTier: textAt(record, 'service_tier'),
    region: textAt(record, 'region'),
    inferenceGeo: textAt(record, 'inference_geo'),
    status,
    errorCode: textAt(record, 'error_code'),
    billable: flag(record, 'billable') ?? !unused,
    latencyMs: millisecondsAt(record, 'latency_ms'),
    retryCount: countAt(record, 'retry_count'),
    countSource: countSourceOf(record) ?? (requests > 1 ? 'aggregated' : 'reported'),
    requests,
    usage,
    reportedCost: reportedCost(record),
    tags: tagsOf(record),
    ...(labels.length > 0 && { labels }),
  };
}

const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

const statusOf = (record: unknown) => oneOf(STATUSES, record, 'status') ?? 'success';

const countSourceOf = (record: unknown): CountSource | undefined =>
  oneOf(COUNT_SOURCES, record, 'count_source');

function oneOf<T extends string>(names: readonly T[], record: unknown, key: string): T | undefined {
  const found = at(record, key);
  if (found === undefined) return undefined;
  const name = names.find((each) => each === found);
  if (name === undefined) throw new DecodeError(key, `one of ${names.join(', ')}`, found);
  return name;
}

function flag(record: unknown, key: string): boolean | undefined {
  const found = at(record, key);
  if (found === undefined || typeof found === 'boolean') return found;
  throw new DecodeError(key, 'true or false', found);
}

function reportedCost(record: unknown): Money | undefined {
  const found = at(record, 'reported_cost_usd');
  const cost = dollarsAt(record, 'reported_cost_usd');
  if (cost === undefined && found !== undefined && found !== '')
    throw new DecodeError('reported_cost_usd', 'US dollars', found);
  return cost;
}

function labelsOf(record: unknown): readonly string[] {
  const found = at(record, 'labels') ?? [];
  if (!Array.isArray(found)) throw new DecodeError('labels', 'a list of text', found);
  return found.map((label: unknown, index) =>
    requiredText({ [`labels[${index}]`]: label }, `labels[${index}]`),
  );
}

/** The fields of both forms, which are no tags: looked up first, since this is asked of every record. */
const OWN_FIELDS: ReadonlySet<string> = new Set<string>([
  ...FLAT_COUNTS,
  ...'id time source provider model request_model operation service_tier region'.split(' '),
  ...'inference_geo status error_code billable latency_ms retry_count count_source'.split(' '),
  ...'requests usage reported_cost_usd cost_usd cost_status rate tags labels fees'.split(' '),
  'input_includes_cache',
]);

const USES: Readonly<Record<string, ValueUse>> = {
  time: { as: 'time' },
  id: { as: 'text', text: 'id' },
  input_tokens: { as: 'count', count: 'input' },
  cache_read_tokens: { as: 'count', count: 'cacheRead' },
  cache_write_tokens: { as: 'count', count: 'cacheWrite' },
  cache_write_5m_tokens: { as: 'count', count: 'cacheWrite5m' },
  cache_write_1h_tokens: { as: 'count', count: 'cacheWrite1h' },
  output_tokens: { as: 'count', count: 'output' },
  reasoning_tokens: { as: 'count', count: 'reasoning' },
  latency_ms: { as: 'count', count: 'latencyMs' },
  retry_count: { as: 'count', count: 'retryCount' },
  tags: { as: 'inside' },
};
const FACTS: ReadonlySet<string> = new Set([
  ...'provider model request_model operation service_tier region inference_geo'.split(' '),
  ...'status error_code billable count_source'.split(' '),
]);
const UNUSED_FIELDS: ReadonlySet<string> = new Set('source cost_usd cost_status rate'.split(' '));

/** How the flat form is read without being parsed: records with other fields of their own are parsed. */
function useOf([field = '', tag]: readonly string[]): ValueUse | undefined {
  if (tag !== undefined) return useOfTag(tag);
  if (Object.hasOwn(USES, field)) return USES[field];
  if (FACTS.has(field)) return { as: 'fact' };
  if (OWN_FIELDS.has(field)) return UNUSED_FIELDS.has(field) ? { as: 'nothing' } : undefined;
  if (isCallFact(field)) return undefined;
  return isKnownTag(field) ? useOfTag(field) : { as: 'nothing' };
}

function useOfTag(key: string): ValueUse | undefined {
  // Nearly every call has a hash of its own, and one of these facts is a list.
  if (isCallFact(key)) return undefined;
  const name = tagKey(key);
  return isCallTag(name) ? { as: 'text', text: name } : { as: 'owner' };
}

/** Input excludes what is cached, output includes reasoning: as Usage has them. */
function settle(counts: Counts): boolean {
  return (counts[COUNT.reasoning] || 0) <= (counts[COUNT.output] || 0);
}

/** Tags and facts of the call beside the counts, and those in `tags`, which win. */
function tagsOf(record: unknown): Record<string, string> {
  const tags = tagsFrom(at(record, 'tags'));
  // The one fact that is a list, which tags are not.
  const hashes = wordsAt(record, 'tags', 'prefix_hashes') ?? wordsAt(record, 'prefix_hashes');
  if (hashes !== undefined) tags['prefix_hashes'] = hashes;
  const beside: string[] = [];
  if (isFields(record))
    for (const key in record)
      if (!OWN_FIELDS.has(key) && (isKnownTag(key) || isCallFact(key))) beside.push(key);
  return beside.length === 0
    ? tags
    : { ...tagsFrom(Object.fromEntries(beside.map((key) => [key, at(record, key)]))), ...tags };
}
