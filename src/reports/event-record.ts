import { charge } from '../domain/charge.ts';
import { totalsOf } from '../domain/meters.ts';
import { type Money, moneyText, ZERO } from '../domain/money.ts';
import type { PoolShare } from '../domain/pool.ts';
import type { Prices } from '../domain/rate-card.ts';
import type { UsageEvent } from '../domain/usage.ts';
import type { Json } from './answer.ts';
import { type GivenTags, givenRecord } from './given-tags.ts';

/** What a report needs of a rate: prices with their place, a reason, or that nothing is charged. */
export type EventRate =
  | {
      readonly kind: 'rated';
      readonly model: string;
      readonly from: string;
      readonly sources: readonly string[];
      readonly prices: Prices;
      readonly contracted?: Prices;
      readonly terms?: readonly string[];
      readonly pool?: PoolShare;
      readonly commit?: string;
    }
  | {
      readonly kind: 'unrated';
      readonly code: string;
      readonly message: string;
      readonly pool?: PoolShare;
    }
  | { readonly kind: 'not-billable' };

/** An event with its place and its rate. */
export interface RatedEvent {
  readonly key: string;
  readonly event: UsageEvent;
  readonly format: string;
  readonly file: string | null;
  readonly line: number;
  readonly rate: EventRate;
  /** What it costs where another kind of cost than list was asked for; null when that is not known. */
  readonly settled?: Money | null;
}

/** What an event costs; `undefined` when it has usage and no price. */
export function costOf({
  event,
  rate,
  settled,
}: Pick<RatedEvent, 'event' | 'rate' | 'settled'>): Money | undefined {
  if (settled !== undefined) return settled ?? undefined;
  if (rate.kind === 'not-billable') return ZERO;
  return rate.kind === 'unrated'
    ? undefined
    : charge(totalsOf(event.usage), rate.prices, BigInt(event.requests)).cost;
}

const STATUS = { rated: 'rated', unrated: 'unrated', 'not-billable': 'not_billable' } as const;

/** An event as `aicost export events` writes it and `aicost ingest` reads it back (DESIGN.md 3). */
export function eventRecord(stored: RatedEvent): { readonly [key: string]: Json } {
  const { event, rate } = stored;
  const { usage } = event;
  const cost = costOf(stored);
  const part = (name: keyof typeof usage.parts): number => usage.parts[name] ?? 0;
  const { audio_input: _, audio_output: __, image_input: ___, ...otherParts } = usage.parts;
  const [source] = rate.kind === 'rated' ? rate.sources : [];
  return {
    id: stored.key,
    time: event.time === undefined ? null : new Date(event.time).toISOString(),
    source: { format: stored.format, file: stored.file, line: stored.line },
    provider: event.provider,
    model: event.model,
    request_model: event.requestModel ?? null,
    operation: event.operation,
    service_tier: event.serviceTier ?? null,
    region: event.region ?? null,
    ...(event.inferenceGeo === undefined ? {} : { inference_geo: event.inferenceGeo }),
    status: event.status,
    error_code: event.errorCode ?? null,
    billable: event.billable,
    latency_ms: event.latencyMs ?? null,
    retry_count: event.retryCount ?? null,
    count_source: event.countSource,
    ...(event.requests === 1 ? {} : { requests: event.requests }),
    usage: {
      input: usage.input,
      cache_read: usage.cacheRead,
      cache_write: usage.cacheWrite,
      output: usage.output,
      reasoning: usage.reasoning,
      audio_input: part('audio_input'),
      audio_output: part('audio_output'),
      image_input: part('image_input'),
      ...otherParts,
      fees: usage.fees,
    },
    reported_cost_usd: event.reportedCost === undefined ? null : moneyText(event.reportedCost),
    cost_usd: cost === undefined ? null : moneyText(cost),
    cost_status: STATUS[rate.kind],
    ...(rate.kind === 'unrated' ? { cost_reason: rate.message } : {}),
    rate:
      rate.kind === 'rated' ? { model: rate.model, from: rate.from, source: source ?? null } : null,
    tags: event.tags,
    ...(event.labels === undefined || event.labels.length === 0 ? {} : { labels: event.labels }),
  };
}

/** The same with the tags that rules give it beside its own, which stay as they were logged. */
export const attributedRecord = (
  stored: RatedEvent,
  given: GivenTags,
): { readonly [key: string]: Json } =>
  given.size === 0
    ? eventRecord(stored)
    : { ...eventRecord(stored), attributed: givenRecord(given) };
