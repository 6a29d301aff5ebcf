/** What became of the records of a batch. */
export interface Appended {
  readonly added: number;
  /** Already there, and no wiser for this record. */
  readonly duplicate: number;
  /** Already there; this record knew more of the call. */
  readonly completed: number;
  /** How many of those already there had been told by another file or in another format. */
  readonly joined: number;
}

/** The same while records are being counted. */
export type Counts = { -readonly [Count in keyof Appended]: Appended[Count] };

/** Counts of no record. */
export const noCounts = (): Counts => ({ added: 0, duplicate: 0, completed: 0, joined: 0 });
