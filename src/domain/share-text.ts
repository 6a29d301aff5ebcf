import { divideHalfEven } from './money.ts';

/** Part of a whole as `61.3%`, rounded; `undefined` where there is no whole. */
export const shareText = (part: bigint, whole: bigint): string | undefined =>
  whole <= 0n ? undefined : tenths(divideHalfEven(part * 1000n, whole), part === whole);

/** The same, cut: beside a limit, 79.96 % must not read as the 80 % it does not reach. */
export const cutShareText = (part: bigint, whole: bigint): string | undefined =>
  whole <= 0n ? undefined : tenths((part * 1000n) / whole, part === whole);

/** What is not the whole never reads 100 %. */
const tenths = (rounded: bigint, isWhole: boolean): string => {
  const shown = rounded === 1000n && !isWhole ? 999n : rounded;
  return `${shown / 10n}.${shown % 10n}%`;
};
