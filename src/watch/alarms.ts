import type { Money } from '../domain/money.ts';
import { money, parseDecimal, rescale, MONEY_DECIMALS, ZERO } from '../domain/money.ts';
import type { UnratedReason } from '../domain/spend.ts';
import type { Amount } from './amount.ts';
import type { Loop } from './failing-runs.ts';

/** Something that somebody should look at. */
export type Alarm =
  /** One step of a run fails again and again. */
  | { readonly kind: 'retry-loop'; readonly loop: Loop }
  /** This hour has cost far more than the same hour usually has by now. */
  | { readonly kind: 'spike'; readonly cost: Money; readonly usual: Money }
  /** Usage without a price came in today. */
  | { readonly kind: 'unrated'; readonly requests: bigint; readonly message: string }
  /** More of the spend carries no such tag than in the days before. */
  | {
      readonly kind: 'untagged';
      readonly tag: string;
      /** Percent of the spend without the tag, today and in the 7 days before. */
      readonly now: number;
      readonly before: number;
    };

/** A spike is so many times what is usual ... */
const SPIKE_RATIO = 3n;
/** ... and at least so much above it, since three times nothing is nothing. */
const SPIKE_FLOOR: Money = dollars('1');
/** Percentage points that the untagged share rises by before it is told. */
const UNTAGGED_RISE = 10;
/** Less spend than this says nothing about shares. */
const SHARE_FLOOR: Money = dollars('0.1');

function dollars(text: string): Money {
  const decimal = parseDecimal(text);
  return decimal === undefined ? ZERO : money(rescale(decimal, MONEY_DECIMALS));
}

/** Spend with and without a tag. */
export interface Tagging {
  readonly tag: string;
  readonly untagged: Money;
  readonly whole: Money;
}

/** What the rules look at. */
export interface AlarmFacts {
  readonly loops: readonly Loop[];
  readonly hour: Amount;
  readonly usual: Amount | undefined;
  readonly unrated: readonly UnratedReason[];
  /** Of today, and of the 7 days before. */
  readonly tagging: { readonly now: Tagging; readonly before: Tagging };
}

/** What is wrong, what costs most first. */
export function alarmsOf({ loops, hour, usual, unrated, tagging }: AlarmFacts): readonly Alarm[] {
  const alarms: Alarm[] = loops.map((loop) => ({ kind: 'retry-loop', loop }));
  if (
    usual !== undefined &&
    hour.cost > usual.cost * SPIKE_RATIO &&
    hour.cost - usual.cost >= SPIKE_FLOOR
  )
    alarms.push({ kind: 'spike', cost: hour.cost, usual: usual.cost });
  for (const { requests, message } of unrated) alarms.push({ kind: 'unrated', requests, message });
  const [now, before] = [percentUntagged(tagging.now), percentUntagged(tagging.before)];
  if (now !== undefined && before !== undefined && now - before >= UNTAGGED_RISE)
    alarms.push({ kind: 'untagged', tag: tagging.now.tag, now, before });
  return alarms;
}

/** `undefined` where too little was spent to say. */
const percentUntagged = ({ untagged, whole }: Tagging): number | undefined =>
  whole < SHARE_FLOOR ? undefined : Number((untagged * 100n) / whole);
