import type { UsageEvent } from '../domain/usage.ts';

/**
 * Events as they go from one thread to another: a few buffers and one text for thousands of events, since a
 * copy of every object would cost more than the thread saves. What many events share is sent once.
 */
export interface PackedEvents {
  readonly count: number;
  /** NUMBERS a event, NaN where there is none. */
  readonly numbers: Float64Array<ArrayBuffer>;
  /** Lengths of TEXTS texts a event in `text`, ABSENT where there is none. */
  readonly lengths: Int32Array<ArrayBuffer>;
  readonly text: string;
  /** What is new among what events share; numbered on from what was sent before, from 0 after `anew`. */
  readonly kinds: readonly EventKind[];
  readonly tagSets: readonly TagSet[];
  readonly anew: boolean;
  readonly fileId: number | null;
}

/** What many events have in common besides tags. */
export type EventKind = Pick<
  UsageEvent,
  | 'provider'
  | 'model'
  | 'requestModel'
  | 'operation'
  | 'serviceTier'
  | 'region'
  | 'inferenceGeo'
  | 'status'
  | 'errorCode'
  | 'billable'
  | 'countSource'
> & {
  readonly replay: boolean | undefined;
  readonly hasId: boolean;
  readonly hasFamily: boolean;
  readonly hasLabels: boolean;
  readonly format: string;
};

/** Tags that are not the call's own, and labels. */
export type TagSet = Required<Pick<UsageEvent, 'tags' | 'labels'>>;

/** Where the numbers of an event stand in its row. */
export const NUMBER = {
  kind: 0,
  tagSet: 1,
  time: 2,
  latencyMs: 3,
  retryCount: 4,
  requests: 5,
  input: 6,
  cacheRead: 7,
  cacheWrite: 8,
  cacheWrite5m: 9,
  cacheWrite1h: 10,
  output: 11,
  reasoning: 12,
  line: 13,
} as const;
/** Numbers an event. */
export const NUMBERS = 14;

/** Where the texts of an event stand in its row, in the order in which they follow each other. */
export const TEXT = {
  key: 0,
  run: 1,
  session: 2,
  user: 3,
  step: 4,
  family: 5,
  /** What a usage has besides plain counts, as JSON. */
  rest: 6,
  reported: 7,
} as const;
/** Texts an event. */
export const TEXTS = 8;
/** Instead of the length of a text that is not there. */
export const ABSENT = -1;
