import type { Money } from './money.ts';

/** How a call ended. A retry is an attempt that a later attempt replaced. */
export const STATUSES = ['success', 'failure', 'timeout', 'retry', 'cancelled'] as const;
/** One of STATUSES. */
export type Status = (typeof STATUSES)[number];

/**
 * Where the counts come from: the provider's own usage object, a sum over many requests, a count of the
 * text by ourselves, or nowhere (the call is known, its tokens are not: never priced, never zero).
 */
export const COUNT_SOURCES = ['reported', 'aggregated', 'estimated', 'missing'] as const;
/** One of COUNT_SOURCES. */
export type CountSource = (typeof COUNT_SOURCES)[number];

/** Parts of the token counts that may have a price of their own. Each lies inside the count it names. */
export const PARTS = [
  'audio_input',
  'audio_cache_read',
  'audio_output',
  'image_input',
  'image_cache_read',
  'image_output',
  'video_input',
  'video_cache_read',
  'video_output',
] as const;
/** One of PARTS. */
export type Part = (typeof PARTS)[number];

/**
 * What one call used. The token counts do not overlap, so they add up:
 * total input = input + cacheRead + the sum of cacheWrite.
 */
export interface Usage {
  /** Input tokens neither read from nor written to a prompt cache. Includes its audio, image and video parts. */
  readonly input: number;
  readonly cacheRead: number;
  /** Tokens written to a prompt cache by time to live: `5m`, `1h`, `30m`, or `default` where the source gives none. */
  readonly cacheWrite: Readonly<Record<string, number>>;
  /** All billed output tokens, reasoning included. */
  readonly output: number;
  /** The part of `output` that is reasoning. */
  readonly reasoning: number;
  /** Audio, image and video parts of the counts above; an absent part is 0. */
  readonly parts: Readonly<Partial<Record<Part, number>>>;
  /** Paid things that are not tokens, by name: `web_search` calls, `page`s, `search_unit`s, `audio_milliseconds`. */
  readonly fees: Readonly<Record<string, number>>;
}

/** No usage: what a failed call has. */
export const NO_USAGE: Usage = {
  input: 0,
  cacheRead: 0,
  cacheWrite: {},
  output: 0,
  reasoning: 0,
  parts: {},
  fees: {},
};

/** One billable or failed call to a model, normalized from any source. Immutable once in the ledger. */
export interface UsageEvent {
  /** The provider's or gateway's own id of the call; `undefined` where the record has none. */
  readonly id: string | undefined;
  /** An id that several records of one call may share when `id` differs between them (see same-call.ts). */
  readonly family?: string | undefined;
  /** A copy of a call that another record tells better, such as a replay in a sidechain. */
  readonly replay?: boolean;
  /** When the call was made, milliseconds since 1970 UTC; `undefined` where the record does not say. */
  readonly time: number | undefined;
  /** OTel gen_ai.provider.name, lower case: `anthropic`. Who is called and bills, not who made the model. */
  readonly provider: string;
  /** OTel gen_ai.response.model, as written by the source. */
  readonly model: string;
  /** OTel gen_ai.request.model, where it differs from `model`. */
  readonly requestModel?: string | undefined;
  /** OTel gen_ai.operation.name: `chat`, `embeddings`, ... */
  readonly operation: string;
  /** The tier that served the call, where the source says: `batch`, `flex`, `priority`, `fast`. */
  readonly serviceTier?: string | undefined;
  readonly region?: string | undefined;
  /** Anthropic's inference_geo: where inference ran, when that has a price. */
  readonly inferenceGeo?: string | undefined;
  readonly status: Status;
  readonly errorCode?: string | undefined;
  /** False when the source proves that the call is not charged by its tokens. */
  readonly billable: boolean;
  readonly latencyMs?: number | undefined;
  readonly retryCount?: number | undefined;
  readonly countSource: CountSource;
  /** Calls that this event stands for; more than 1 only where countSource is `aggregated`. */
  readonly requests: number;
  readonly usage: Usage;
  /** What the source itself said the call cost; `undefined` where it said nothing. */
  readonly reportedCost?: Money | undefined;
  /** Owner metadata under the names of tags.ts. */
  readonly tags: Readonly<Record<string, string>>;
  /** What the source says beside the tags, kept for grouping: `service=assist-api`, `sidechain`. */
  readonly labels?: readonly string[];
}

/** Tokens written to the cache, over all times to live. */
export const cacheWriteTotal = ({ cacheWrite }: Usage): number => {
  let total = 0;
  for (const ttl in cacheWrite) total += cacheWrite[ttl] ?? 0;
  return total;
};

/** The whole prompt: fresh, read from cache and written to cache. Context tiers count this. */
export const totalInput = (usage: Usage): number =>
  usage.input + usage.cacheRead + cacheWriteTotal(usage);
