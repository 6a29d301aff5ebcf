import { apportion } from './fraction.ts';
import { decimalText } from './money.ts';

/** Somebody among whom an amount is split. Keys are unique within one split. */
export interface Weighed {
  readonly key: string;
  /** 0 or more. */
  readonly weight: bigint;
}

/**
 * Splits an amount by weights with the largest remainder, in whole units: the parts, in the order of the weights,
 * add up to the amount, and equal remainders are settled by key, so that the order of the weights changes nothing.
 * A negative amount is split as its opposite. `undefined` when nothing weighs anything: whoever asks has to say
 * where the amount goes then. Throws RangeError for a weight below 0 and for a key that stands twice.
 */
export function allocate(
  amount: bigint,
  weights: readonly Weighed[],
): readonly bigint[] | undefined {
  const below = weights.find(({ weight }) => weight < 0n);
  if (below !== undefined) throw new RangeError(`${below.key} weighs ${below.weight}`);
  const order = weights
    .map(({ key }, index) => ({ key, index }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const twice = order.find(({ key }, index) => key === order[index + 1]?.key);
  if (twice !== undefined) throw new RangeError(`${twice.key} stands twice`);
  if (weights.every(({ weight }) => weight === 0n)) return undefined;
  const sign = amount < 0n ? -1n : 1n;
  const sorted = apportion(
    amount * sign,
    order.map(({ index }) => weights[index]?.weight ?? 0n),
  );
  const parts = weights.map(() => 0n);
  for (const [place, { index }] of order.entries()) parts[index] = (sorted[place] ?? 0n) * sign;
  return parts;
}

/** Digits after the point of a ratio. */
const RATIO_DECIMALS = 12;

/**
 * The weights as parts of 1, in decimal text and in their order: FOCUS 1.3 wants the AllocatedRatio of one origin
 * charge to add up to 1 (https://focus.finops.org, read 2026-11-21). `undefined` when nothing weighs anything.
 */
export const allocatedRatios = (weights: readonly Weighed[]): readonly string[] | undefined =>
  allocate(10n ** BigInt(RATIO_DECIMALS), weights)?.map((part) =>
    decimalText(part, RATIO_DECIMALS),
  );
