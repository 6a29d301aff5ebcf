import type { Money } from '../domain/money.ts';
import type { Status } from '../domain/usage.ts';
import type { Alarm } from './alarms.ts';
import type { Amount } from './amount.ts';

/** What the list can be ranked by, in the order in which a key goes through them. */
export const DIMENSIONS = ['feature', 'team', 'model', 'customer', 'api_key', 'run'] as const;
/** One of DIMENSIONS. */
export type WatchedDimension = (typeof DIMENSIONS)[number];

/** Which time the list is about. */
export const SPANS = ['hour', 'today', 'week', 'month'] as const;
/** One of SPANS: this hour, today, the last 7 days, this month. */
export type WatchedSpan = (typeof SPANS)[number];

/** One hour of the curve. */
export interface HourAmount {
  /** Its first instant, milliseconds UTC. */
  readonly start: number;
  readonly amount: Amount;
}

/** One row of the list. */
export interface TopRow {
  /** Null for calls without such a tag. */
  readonly name: string | null;
  readonly amount: Amount;
  /** This hour so far. */
  readonly hour: Amount;
  /** What the same hour of earlier weeks had by now; absent where there are fewer than two of them. */
  readonly usual?: Amount;
}

/** A call as the screen shows it. */
export interface LatestCall {
  readonly id: string;
  /** Milliseconds UTC; absent where the log does not say. */
  readonly time?: number;
  readonly model: string;
  readonly tokens: bigint;
  /** Absent where it has no price. */
  readonly cost?: Money;
  readonly latencyMs?: number;
  readonly status: Status;
}

/** What is in one row of the list, when it is opened. */
export interface Inside {
  readonly by: WatchedDimension;
  readonly name: string | null;
  readonly models: readonly TopRow[];
  readonly runs: readonly TopRow[];
  readonly dearest: readonly LatestCall[];
}

/** Which answers the screen wants to show. */
export interface Wanted {
  readonly by: WatchedDimension;
  readonly span: WatchedSpan;
  /** The row that is open. */
  readonly inside?: string | null;
}

/** All that the screen knows of the ledger at one instant. */
export interface Snapshot {
  /** Milliseconds UTC. */
  readonly at: number;
  readonly timeZone: string;
  readonly wanted: Wanted;
  readonly today: Amount;
  readonly month: Amount;
  /** What an hour takes at the pace of the last minutes; absent before that can be said. */
  readonly pace?: Amount;
  /** Oldest first, the hour that runs last. */
  readonly hours: readonly HourAmount[];
  /** The month's cost at its end if the rest goes as the last 7 days; absent before there is a whole day. */
  readonly monthEnd?: Money;
  readonly top: readonly TopRow[];
  readonly topTotal: Amount;
  readonly calls: readonly LatestCall[];
  readonly alarms: readonly Alarm[];
  readonly inside?: Inside;
}
