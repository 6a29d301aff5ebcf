import { divideHalfEven } from './money.ts';
import type { Fraction } from './fraction.ts';

/** A sum of fractions that stays small: what has one divisor is added up as whole numbers. */
export interface ExactSum {
  readonly add: (fraction: Fraction) => void;
  readonly total: () => Fraction;
}

/** Begins with nothing. */
export function exactSum(): ExactSum {
  const parts = new Map<bigint, bigint>();
  return {
    add({ part, over }) {
      parts.set(over, (parts.get(over) ?? 0n) + part);
    },
    total() {
      let over = 1n;
      for (const divisor of parts.keys()) over *= divisor / commonDivisor(over, divisor);
      let part = 0n;
      for (const [divisor, sum] of parts) part += sum * (over / divisor);
      return { part, over };
    },
  };
}

function commonDivisor(a: bigint, b: bigint): bigint {
  let [one, other] = [a, b];
  while (other !== 0n) [one, other] = [other, one % other];
  return one;
}

/**
 * Fractions rounded to whole numbers that add up to `wanted`, which is their rounded sum (half to even) where it is
 * not given: what rounding down leaves over goes to the largest remainders, the earlier first.
 */
export function roundedParts(fractions: readonly Fraction[], wanted?: bigint): readonly bigint[] {
  const all = exactSum();
  for (const fraction of fractions) all.add(fraction);
  const { part, over } = all.total();
  const whole = wanted ?? divideHalfEven(part, over);
  const floors = fractions.map(({ part: own, over: by }, index) => {
    const floor = own >= 0n ? own / by : -((-own + by - 1n) / by);
    return { index, floor, rest: (own - floor * by) * (over / by) };
  });
  let left = whole - floors.reduce((sum, { floor }) => sum + floor, 0n);
  const rounded = floors.map(({ floor }) => floor);
  const byRest = [...floors].sort((a, b) =>
    a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1,
  );
  for (const { index } of byRest) {
    if (left <= 0n) break;
    rounded[index] = (rounded[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return rounded;
}
