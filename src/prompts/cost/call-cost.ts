import { charge } from '../../domain/charge.ts';
import type { Fraction } from '../../domain/fraction.ts';
import { cacheWriteMeter, type UsageTotals } from '../../domain/meters.ts';
import type { Decimal } from '../../domain/money.ts';
import type { Prices } from '../../domain/rate-card.ts';
import type { Part } from '../../domain/usage.ts';

/** An average call: what goes in, and how much of it a cache may keep. */
export interface ExpectedCall {
  /** Whole input, what is cached included. */
  readonly input: number;
  /** Part of `input` that a cache keeps. */
  readonly cached: number;
  /** Part of `input` outside the cache that is images. */
  readonly images: number;
  /** Share of calls that find it there, 0 to 1. */
  readonly hitRatio: Decimal;
  readonly ttl: string;
  readonly output: Decimal;
}

/** Attodollars on average, or the meters that the prices lack. */
export type CallCost =
  | { readonly kind: 'known'; readonly cost: Fraction }
  | { readonly kind: 'unpriced'; readonly missing: readonly string[] };

/**
 * What a call costs on average: (input - cached) at the input price, `cached` at the read price for hits and at
 * the write price for misses, the answer at the output price. A miss costs plain input where the card
 * has no price for writing. Exact: quantities are scaled up until averages are whole, and the sum is divided back.
 */
export function expectedCallCost(call: ExpectedCall, prices: Prices): CallCost {
  const scale = call.hitRatio.scale + call.output.scale;
  const whole = 10n ** BigInt(scale);
  const ratioOver = 10n ** BigInt(call.hitRatio.scale);
  const outputOver = 10n ** BigInt(call.output.scale);
  const cached = BigInt(call.cached) * outputOver;
  const read = cached * call.hitRatio.digits;
  const missed = cached * ratioOver - read;
  const writeTtl = writtenFor(call.ttl, prices);
  const images = prices.has('input_image') ? BigInt(call.images) * whole : 0n;
  const usage: UsageTotals = {
    input: BigInt(call.input - call.cached) * whole + (writeTtl === undefined ? missed : 0n),
    cacheRead: read,
    cacheWrite: new Map(writeTtl === undefined ? [] : [[writeTtl, missed]]),
    output: call.output.digits * ratioOver,
    // Reasoning is part of the answer and costs what the answer costs.
    reasoning: 0n,
    parts: new Map<Part, bigint>(images === 0n ? [] : [['image_input', images]]),
    fees: new Map(),
  };
  const { cost, missing } = charge(usage, prices, whole);
  return cost === undefined
    ? { kind: 'unpriced', missing }
    : { kind: 'known', cost: { part: cost, over: whole } };
}

/** The time to live whose write price holds: the one asked for, the card's default, or its only one. */
function writtenFor(ttl: string, prices: Prices): string | undefined {
  for (const name of [ttl, 'default']) if (prices.has(cacheWriteMeter(name))) return name;
  const prefix = cacheWriteMeter('');
  const only = [...prices.keys()].filter((meter) => meter.startsWith(prefix));
  return only.length === 1 ? only[0]?.slice(prefix.length) : undefined;
}
