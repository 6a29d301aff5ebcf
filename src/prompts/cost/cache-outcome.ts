import type { Decimal } from '../../domain/money.ts';
import type { Sourced } from '../../domain/number-source.ts';
import { grouped } from '../../domain/words.ts';
import type { Assumptions, CacheOutcome, MeasuredCase, ModelPrices } from '../costed-prompt.ts';

/** A month as volumes are given for: a twelfth of 365.25 days. */
export const DAYS_OF_A_MONTH = { part: 304_375n, over: 10_000n } as const;
const SECONDS_OF_A_MONTH = 2_629_800;

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
const RATIO_DECIMALS = 6;

/** Time to live taken where neither config nor card says one: that of Anthropic's default and OpenAI's idle time. */
const USUAL_TTL = '5m';

/** How a cache is taken to work for one prompt, whatever the length of its prefix. */
export interface CacheHabit {
  readonly hitRatio: Sourced<Decimal>;
  readonly ttl: string;
  /** Why nothing is cached at all. */
  readonly none?: string;
}

/** The hit ratio and time to live that hold for a prompt at a model. */
export function cacheHabit(assumptions: Assumptions, prices: ModelPrices): CacheHabit {
  const { cache, callsPerMonth, turns } = assumptions;
  const ttl = cache.ttl?.value ?? prices.cacheTtls[0] ?? USUAL_TTL;
  const never: Sourced<Decimal> = {
    value: { digits: 0n, scale: 0 },
    source: 'assumed',
    from: 'calls a month are not known',
  };
  if (cache.off) return { hitRatio: never, ttl, none: 'cache: off' };
  if (cache.hitRatio !== undefined) return { hitRatio: cache.hitRatio, ttl };
  if (callsPerMonth === undefined) return { hitRatio: never, ttl };
  const calls = asNumber(callsPerMonth.value) * asNumber(turns.value.mean);
  return {
    ttl,
    hitRatio: {
      value: arrivalHitRatio(calls, secondsOf(ttl)),
      source: 'assumed',
      from: `calls that arrive evenly at random, kept for ${ttl}`,
    },
  };
}

/**
 * The share of calls that find what an earlier one cached, when calls arrive at random and each renews the time
 * to live: 1 - e^(-rate x ttl). Real traffic comes in bursts, which hit more often. Rounded to six digits, so that
 * money is exact from here on.
 */
export function arrivalHitRatio(callsPerMonth: number, ttlSeconds: number): Decimal {
  const ratio = 1 - Math.exp((-callsPerMonth * ttlSeconds) / SECONDS_OF_A_MONTH);
  return { digits: BigInt(Math.round(ratio * 10 ** RATIO_DECIMALS)), scale: RATIO_DECIMALS };
}

const asNumber = ({ digits, scale }: Decimal): number => Number(digits) / 10 ** scale;

/** A time to live such as `5m` in seconds; one that nobody can read is the usual one. */
export function secondsOf(ttl: string): number {
  const [, count = '5', unit = 'm'] = /^(\d+)([smh])$/.exec(ttl) ?? [];
  return Number(count) * (SECONDS[unit] ?? 60);
}

/** How many tokens of a prefix a model keeps: none below its minimum, whole steps above. */
export function cachedTokens(prefix: number, prices: ModelPrices): number {
  const minimum = prices.cacheMinimum?.value;
  if (minimum === undefined || prefix < minimum) return 0;
  return prefix - ((prefix - minimum) % prices.cacheStep);
}

/** How the prefix of a case fares, told with its reason. */
export function cacheOutcome(
  { prefix, prefixEnd }: MeasuredCase,
  { hitRatio, none }: CacheHabit,
  prices: ModelPrices,
): CacheOutcome {
  const minimum = prices.cacheMinimum;
  const told = minimum === undefined ? {} : { minimum };
  const kept = none === undefined ? cachedTokens(prefix.tokens, prices) : 0;
  if (kept > 0) return { cachedTokens: kept, hitRatio, ...told };
  const why =
    none ??
    (minimum === undefined
      ? `${prices.model} has no price for cached input`
      : prefixEnd.kind === 'not-asked'
        ? 'nobody asks for it: no cache_control in the file, no cache: in the config'
        : `${grouped(prefix.tokens)} stable tokens, fewer than ${grouped(minimum.value)}`);
  return { cachedTokens: 0, ...told, why };
}
