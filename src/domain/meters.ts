import { cacheWriteTotal, type Part, type Usage } from './usage.ts';

/**
 * A billed quantity by its name: `input`, `cache_read`, `cache_write@5m`, `output`, `reasoning`,
 * `input_audio`, ..., or `fee:web_search` for a thing that is not tokens. Meters do not overlap.
 */
export type Meter = string;

const FEE = 'fee:';

/** The meter of a paid thing that is not tokens. */
export const feeMeter = (name: string): Meter => `${FEE}${name}`;

/** Whether a meter counts something else than tokens. */
export const isFee = (meter: Meter): boolean => meter.startsWith(FEE);

/** A meter as outputs name it: fees by their plain name. */
export const meterName = (meter: Meter): string => (isFee(meter) ? meter.slice(FEE.length) : meter);

/** The meter of tokens written to a cache for a time to live. */
export const cacheWriteMeter = (ttl: string): Meter => `cache_write@${ttl}`;

/** The count that contains a meter: `input_audio` is part of `input`. Fees contain themselves. */
export function direction(meter: Meter): string {
  if (isFee(meter)) return meter;
  if (meter.startsWith('cache_write')) return 'cache_write';
  if (meter.startsWith('cache_read')) return 'cache_read';
  return meter.startsWith('input') ? 'input' : 'output';
}

const METER_OF_PART: Readonly<Record<Part, Meter>> = {
  audio_input: 'input_audio',
  audio_cache_read: 'cache_read_audio',
  audio_output: 'output_audio',
  image_input: 'input_image',
  image_cache_read: 'cache_read_image',
  image_output: 'output_image',
  video_input: 'input_video',
  video_cache_read: 'cache_read_video',
  video_output: 'output_video',
};

/** The part that a meter prices, such as `audio_input` for `input_audio`; `undefined` for other meters. */
export const PART_OF_METER: ReadonlyMap<Meter, Part> = new Map(
  (Object.keys(METER_OF_PART) as Part[]).map((part) => [METER_OF_PART[part], part]),
);

/** A meter and how much of it was used; only quantities above 0 are listed. */
export interface Metered {
  readonly meter: Meter;
  readonly quantity: bigint;
}

/** The numbers of Usage as sums over many calls. Sums do not overlap either, so they decompose alike. */
export interface UsageTotals {
  readonly input: bigint;
  readonly cacheRead: bigint;
  readonly cacheWrite: ReadonlyMap<string, bigint>;
  readonly output: bigint;
  readonly reasoning: bigint;
  readonly parts: ReadonlyMap<Part, bigint>;
  readonly fees: ReadonlyMap<string, bigint>;
}

/** One call's usage as totals of one. */
export const totalsOf = (usage: Usage): UsageTotals => ({
  input: BigInt(usage.input),
  cacheRead: BigInt(usage.cacheRead),
  cacheWrite: bigints(usage.cacheWrite),
  output: BigInt(usage.output),
  reasoning: BigInt(usage.reasoning),
  parts: bigints(usage.parts) as ReadonlyMap<Part, bigint>,
  fees: bigints(usage.fees),
});

const bigints = (counts: Readonly<Record<string, number | undefined>>): Map<string, bigint> =>
  new Map(Object.entries(counts).map(([name, count]) => [name, BigInt(count ?? 0)]));

/**
 * Usage as meters that do not overlap, each to be priced once. Reasoning is a meter of its own only
 * where the price row lists it; otherwise it is billed inside output.
 */
export function decompose(usage: UsageTotals, reasoningApart: boolean): readonly Metered[] {
  const within = { input: usage.input, cache_read: usage.cacheRead, output: usage.output };
  const meters: Metered[] = [];
  for (const [part, quantity] of usage.parts) {
    const meter = METER_OF_PART[part];
    within[direction(meter) as keyof typeof within] -= quantity;
    meters.push({ meter, quantity });
  }
  if (reasoningApart) within.output -= usage.reasoning;
  const all: Metered[] = [
    { meter: 'input', quantity: within.input },
    { meter: 'cache_read', quantity: within.cache_read },
    ...[...usage.cacheWrite].map(([ttl, quantity]) => ({ meter: cacheWriteMeter(ttl), quantity })),
    { meter: 'output', quantity: within.output },
    ...(reasoningApart ? [{ meter: 'reasoning', quantity: usage.reasoning }] : []),
    ...meters,
    ...[...usage.fees].map(([name, quantity]) => ({ meter: feeMeter(name), quantity })),
  ];
  return all.filter(({ quantity }) => quantity !== 0n);
}

const TOKEN_METERS: ReadonlySet<Meter> = new Set([
  'input',
  'cache_read',
  'cache_write',
  'output',
  'reasoning',
  ...Object.values(METER_OF_PART),
]);

/** A meter of tokens by any of its spellings (`cache_write_1h` is `cache_write@1h`); `undefined` for others. */
export function tokenMeter(name: string): Meter | undefined {
  const ttl = /^cache_write_(\d+[mh])$/.exec(name)?.[1];
  if (ttl !== undefined) return cacheWriteMeter(ttl);
  return TOKEN_METERS.has(name) || /^cache_write@\w+$/.test(name) ? name : undefined;
}

/** Why a usage contradicts itself, or `undefined`: a part larger than the count that contains it. */
export function contradiction(usage: Usage): string | undefined {
  for (const _part in usage.parts) return contradictionOfParts(usage) ?? ofReasoning(usage);
  return ofReasoning(usage);
}

const ofReasoning = ({ reasoning, output }: Usage): string | undefined =>
  reasoning > output
    ? `reasoning ${reasoning} is more than its ${output} output tokens`
    : undefined;

function contradictionOfParts(usage: Usage): string | undefined {
  const containing: Readonly<Record<string, number>> = {
    input: usage.input,
    cache_read: usage.cacheRead,
    cache_write: cacheWriteTotal(usage),
    output: usage.output,
  };
  const parts = new Map<string, number>();
  for (const [part, quantity] of Object.entries(usage.parts)) {
    const whole = direction(METER_OF_PART[part as Part]);
    parts.set(whole, (parts.get(whole) ?? 0) + quantity);
  }
  for (const [whole, quantity] of parts) {
    const limit = containing[whole] ?? 0;
    if (quantity > limit)
      return `parts of ${whole} sum to ${quantity}, more than its ${limit} tokens`;
  }
  return undefined;
}
