import { addAmounts, type BillLine, NO_AMOUNT } from './bill.ts';
import type { Decimal } from './money.ts';
import { judgeTags, requiredKeys, type TagPolicy } from './required-tags.ts';

/** Lines of bills and what they charge, in one currency. */
export interface Charged {
  readonly lines: bigint;
  readonly billed: Decimal;
}

/** No lines. */
export const NO_LINES: Charged = { lines: 0n, billed: NO_AMOUNT };

/** Lines that have to carry something, and the part of them that does not. */
export interface BillCoverage {
  readonly all: Charged;
  readonly missing: Charged;
}

/** Coverage of the lines in one currency by each required tag, and by all of them together. */
export interface BilledTags {
  readonly keys: ReadonlyMap<string, BillCoverage>;
  readonly together: BillCoverage;
}

/** Reads a line's tag under its name among calls; null where the line has none. */
export type BillTagOf = (line: BillLine, name: string) => string | null;

const NOTHING: BillCoverage = { all: NO_LINES, missing: NO_LINES };

/** A sum with one line more. */
export const withLine = ({ lines, billed }: Charged, line: BillLine): Charged => ({
  lines: lines + 1n,
  billed: addAmounts(billed, line.billed),
});

const counted = ({ all, missing }: BillCoverage, line: BillLine, lacks: boolean): BillCoverage => ({
  all: withLine(all, line),
  missing: lacks ? withLine(missing, line) : missing,
});

/** Whether a line charges for something that somebody ordered: credits, refunds and taxes follow from other lines. */
export const isCharge = ({ category, billed }: BillLine): boolean =>
  (category === 'Usage' || category === 'Purchase') && billed.digits >= 0n;

/** Required tags that a line lacks, and those that are required of it. */
export const judgeLine = (
  line: BillLine,
  policy: TagPolicy,
  tagOf: BillTagOf,
): ReturnType<typeof judgeTags> => judgeTags(policy, ({ name }) => tagOf(line, name));

/** Holds charges against a policy, by currency: amounts of two currencies have no sum. */
export function billCoverage(
  lines: Iterable<BillLine>,
  policy: TagPolicy,
  tagOf: BillTagOf,
): ReadonlyMap<string, BilledTags> {
  const found = new Map<string, { keys: Map<string, BillCoverage>; together: BillCoverage }>();
  for (const line of lines) {
    const of = found.get(line.currency) ?? {
      keys: new Map(requiredKeys(policy).map((key) => [key, NOTHING])),
      together: NOTHING,
    };
    const { required, missing } = judgeLine(line, policy, tagOf);
    for (const key of required)
      of.keys.set(key, counted(of.keys.get(key) ?? NOTHING, line, missing.includes(key)));
    of.together = counted(of.together, line, missing.length > 0);
    found.set(line.currency, of);
  }
  return found;
}

/** Whether at least `percent` of what a currency charges carries its tags; `undefined` where nothing is charged. */
export function billedReaches(
  { all, missing }: BillCoverage,
  percent: Decimal,
): boolean | undefined {
  if (all.billed.digits <= 0n) return undefined;
  const [lacking, whole] = inOneScale(missing.billed, all.billed);
  return (whole - lacking) * 100n * 10n ** BigInt(percent.scale) >= whole * percent.digits;
}

/** Two amounts in units of the finer one, for a share of them. */
export function inOneScale(part: Decimal, whole: Decimal): readonly [bigint, bigint] {
  const scale = Math.max(part.scale, whole.scale);
  return [
    part.digits * 10n ** BigInt(scale - part.scale),
    whole.digits * 10n ** BigInt(scale - whole.scale),
  ];
}
