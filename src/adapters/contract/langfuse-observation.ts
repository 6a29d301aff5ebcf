import type { Usage, UsageEvent } from '../../domain/usage.ts';
import { type Normalized, skip } from './adapter.ts';
import { callEvent } from './call-event.ts';
import { between } from './columns.ts';
import { customTags } from './custom-tags.ts';
import { requestFacts } from './request-facts.ts';
import {
  countAt,
  dollarsAt,
  type Fields,
  fieldsOrJson,
  isoTimeAt,
  listOrJson,
  presentTags,
  textAt,
} from './fields.ts';
import { positiveCounts } from './positive-counts.ts';

/** The columns of one Langfuse observation that its exports name differently. */
export interface LangfuseColumns {
  readonly id: string | undefined;
  readonly type: string | undefined;
  readonly start: number | undefined;
  readonly end: number | undefined;
  /** Seconds. */
  readonly latency: unknown;
  readonly model: string | undefined;
  readonly level: string | undefined;
  readonly statusMessage: string | undefined;
  readonly usageDetails: unknown;
  readonly costDetails: unknown;
  readonly cost: UsageEvent['reportedCost'];
  readonly metadata: unknown;
  readonly parameters: unknown;
  readonly tags: unknown;
  readonly trace: string | undefined;
  readonly traceName: string | undefined;
  readonly environment: string | undefined;
  readonly user: string | undefined;
  readonly session: string | undefined;
  /** Totals beside the buckets, for exports without buckets. */
  readonly totals?: Fields;
}

/** One observation as a call, or why it is none. Throws DecodeError. */
export function langfuseCall(columns: LangfuseColumns): Normalized {
  const type = columns.type?.toUpperCase() ?? 'UNKNOWN';
  const usage = bucketUsage(fieldsOrJson(columns.usageDetails)) ?? totalsUsage(columns.totals);
  const isCall = type === 'GENERATION' || type === 'EMBEDDING';
  if (!isCall && (columns.model === undefined || usage === undefined))
    return skip(`${type} observation`);
  const custom = customTags(listOrJson(columns.tags), fieldsOrJson(columns.metadata));
  const seconds = Number(columns.latency === '' ? Number.NaN : (columns.latency ?? Number.NaN));
  const event = callEvent({
    id: columns.id,
    time: columns.start,
    provider: undefined,
    model: columns.model,
    operation: type === 'EMBEDDING' ? 'embeddings' : 'chat',
    failed: columns.level?.toUpperCase() === 'ERROR',
    errorCode: /^\d{3}\b/.exec(columns.statusMessage ?? '')?.[0],
    latencyMs:
      between(columns.start, columns.end) ??
      (seconds >= 0 ? Math.round(seconds * 1000) : undefined),
    usage,
    reportedCost: columns.cost ?? dollarsAt(fieldsOrJson(columns.costDetails), 'total'),
    tags: {
      ...requestFacts(fieldsOrJson(columns.parameters)),
      ...langfuseOwners(columns),
      ...custom.tags,
    },
    labels: custom.labels,
  });
  return { events: [event] };
}

/** The tags that Langfuse's own columns give. */
export const langfuseOwners = (
  columns: Pick<LangfuseColumns, 'trace' | 'traceName' | 'environment' | 'user' | 'session'>,
): Record<string, string> =>
  presentTags({
    run: columns.trace,
    workflow: columns.traceName,
    env: columns.environment,
    user: columns.user,
    session: columns.session,
  });

/** The columns of the snake_case exports, beside which only the later one has the trace's own. */
export const snakeColumns = (record: Fields): LangfuseColumns => ({
  id: textAt(record, 'id'),
  type: textAt(record, 'type'),
  start: isoTimeAt(record, 'start_time'),
  end: isoTimeAt(record, 'end_time'),
  latency: record['latency'],
  model: textAt(record, 'provided_model_name'),
  level: textAt(record, 'level'),
  statusMessage: textAt(record, 'status_message'),
  usageDetails: record['usage_details'],
  costDetails: record['cost_details'],
  cost: dollarsAt(record, 'total_cost'),
  metadata: record['metadata'],
  parameters: record['model_parameters'],
  tags: record['tags'],
  trace: textAt(record, 'trace_id'),
  traceName: textAt(record, 'trace_name'),
  environment: textAt(record, 'environment'),
  user: textAt(record, 'user_id'),
  session: textAt(record, 'session_id'),
});

type Bucket =
  | 'total'
  | 'read'
  | 'write5m'
  | 'write1h'
  | 'write'
  | 'reasoning'
  | 'audioIn'
  | 'audioOut'
  | 'imageIn'
  | 'imageOut'
  | 'input'
  | 'output';

const BUCKETS: readonly (readonly [RegExp, Bucket])[] = [
  [/^total/, 'total'],
  [/cache.*(creation|write).*5m|5m.*cache.*(creation|write)|ephemeral_5m/, 'write5m'],
  [/cache.*(creation|write).*1h|1h.*cache.*(creation|write)|ephemeral_1hr?/, 'write1h'],
  [/cache.*(creation|write)/, 'write'],
  [/cache/, 'read'],
  [/reasoning|thought/, 'reasoning'],
  [/(input|prompt).*audio/, 'audioIn'],
  [/(output|completion).*audio/, 'audioOut'],
  [/(input|prompt).*image/, 'imageIn'],
  [/(output|completion).*image/, 'imageOut'],
  [/input|prompt/, 'input'],
  [/output|completion/, 'output'],
];

/** Buckets do not overlap; one bucket under two names is counted once. */
function bucketsOf(details: Fields): ReadonlyMap<Bucket, number> {
  const buckets = new Map<Bucket, number>();
  for (const key of Object.keys(details)) {
    const bucket = BUCKETS.find(([name]) => name.test(key.toLowerCase()))?.[1];
    if (bucket === undefined) continue;
    const count = countAt(details, key);
    if (count !== undefined) buckets.set(bucket, Math.max(buckets.get(bucket) ?? 0, count));
  }
  return buckets;
}

/**
 * Usage from Langfuse's buckets, which are disjoint unless an SDK sent its provider's counts raw: then
 * they exceed the total by what they count twice.
 */
function bucketUsage(details: Fields): Usage | undefined {
  const buckets = bucketsOf(details);
  if ([...buckets.keys()].every((bucket) => bucket === 'total')) return undefined;
  const of = (bucket: Bucket): number => buckets.get(bucket) ?? 0;
  const [short, long] = [of('write5m'), of('write1h')];
  const cacheWrite = positiveCounts({
    '5m': short,
    '1h': long,
    default: Math.max(of('write') - short - long, 0),
  });
  const written = Math.max(of('write'), short + long);
  const cache = of('read') + written;
  const [plainInput, plainOutput] = [of('input'), of('output')];
  const mediaIn = of('audioIn') + of('imageIn');
  const mediaOut = of('audioOut') + of('imageOut');
  const reasoning = of('reasoning');
  const sum = plainInput + plainOutput + cache + mediaIn + mediaOut + reasoning;
  const excess = Math.max(sum - (buckets.get('total') ?? sum), 0);
  const twice = countedTwice(excess, { cache, reasoning, mediaIn, mediaOut }, plainInput);
  return {
    input:
      plainInput +
      mediaIn -
      (twice.has('cache') ? cache : 0) -
      (twice.has('mediaIn') ? mediaIn : 0),
    cacheRead: of('read'),
    cacheWrite,
    output:
      plainOutput +
      mediaOut +
      reasoning -
      (twice.has('reasoning') ? reasoning : 0) -
      (twice.has('mediaOut') ? mediaOut : 0),
    reasoning,
    parts: positiveCounts({
      audio_input: of('audioIn'),
      audio_output: of('audioOut'),
      image_input: of('imageIn'),
      image_output: of('imageOut'),
    }),
    fees: {},
  };
}

type Overlap = 'cache' | 'reasoning' | 'mediaIn' | 'mediaOut';
const OVERLAPS: readonly Overlap[] = ['cache', 'reasoning', 'mediaIn', 'mediaOut'];

/** The buckets that lie inside `input` or `output`: those that make up exactly the excess over the total. */
function countedTwice(
  excess: number,
  sizes: Readonly<Record<Overlap, number>>,
  plainInput: number,
): ReadonlySet<Overlap> {
  if (excess === 0) return new Set();
  for (let choice = 1; choice < 1 << OVERLAPS.length; choice += 1) {
    const chosen = OVERLAPS.filter((_, index) => (choice & (1 << index)) !== 0);
    if (chosen.reduce((sum, overlap) => sum + sizes[overlap], 0) === excess) return new Set(chosen);
  }
  return new Set(sizes.cache <= plainInput ? ['cache'] : []);
}

function totalsUsage(totals: Fields = {}): Usage | undefined {
  const [input, output] = [countAt(totals, 'input') ?? 0, countAt(totals, 'output') ?? 0];
  if (input + output === 0) return undefined;
  return { input, cacheRead: 0, cacheWrite: {}, output, reasoning: 0, parts: {}, fees: {} };
}
