/** Where the counts that a record may write as whole numbers stand in Counts. */
export const COUNT = {
  latencyMs: 0,
  retryCount: 1,
  input: 2,
  cacheRead: 3,
  cacheWrite: 4,
  cacheWrite5m: 5,
  cacheWrite1h: 6,
  output: 7,
  reasoning: 8,
} as const;

/** The counts of one record by COUNT; NaN for those it does not write. */
export type Counts = Float64Array;

/** Texts that a call has of its own. `request` is the second half of an id that is written in two. */
export const OWN_TEXTS = ['id', 'request', 'run', 'session', 'user', 'step'] as const;
/** One of OWN_TEXTS. */
export type OwnText = (typeof OWN_TEXTS)[number];

/**
 * What the event of a record takes of one of its values:
 * - `nothing`, whatever the value is;
 * - `inside`: it is an object whose own values are used;
 * - `time`, where it is written like 2026-11-01T09:00:00.000Z;
 * - one of its counts, or one of its own texts; a text that begins as `unless` says means something else;
 * - what it has in common with many events: fields that are no tags (`fact`), tags and labels (`owner`), or both.
 */
export type ValueUse =
  | { readonly as: 'nothing' | 'inside' | 'time' | 'fact' | 'owner' | 'both' }
  | { readonly as: 'count'; readonly count: keyof typeof COUNT }
  | { readonly as: 'text'; readonly text: OwnText; readonly unless?: readonly string[] };

/**
 * How lines of a format are read without being parsed, once lines like them were: which values tell an event what.
 * It must hold that two records with the same keys in the same order, the same common values, and tokens in both
 * or in neither, become events that differ in their own counts, texts and time alone, and by nothing but these.
 */
export interface DirectReading {
  /** The use of the value behind a path of keys; `undefined` when a record that has it has to be parsed. */
  readonly useOf: (path: readonly string[]) => ValueUse | undefined;
  /** Whether the text `id` is the event's family too. */
  readonly hasFamily: boolean;
  /** Makes counts as they are written those of Usage, in place; false when the record has to be parsed. */
  readonly settle: (counts: Counts) => boolean;
}
