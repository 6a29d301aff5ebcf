import type { IngestTally } from './ingest-tally.ts';

/** What a reader counted since the last time, to be counted again by another tally. */
export interface NotedCounts {
  readonly records: number;
  readonly unfinished: number;
  readonly skipped: ReadonlyMap<string, number>;
  readonly rejected: readonly (readonly [file: string, line: number, reason: string])[];
  readonly unknownColumns: readonly (readonly [format: string, column: string])[];
}

/** The part of a tally that a reader of sources tells. */
export type ReadingTally = Pick<
  IngestTally,
  'read' | 'skipped' | 'rejected' | 'unfinished' | 'unknownColumn' | 'progress'
>;

/** A tally that notes what it is told, to be taken to another thread. */
export class CountNotes implements ReadingTally {
  #records = 0;
  #unfinished = 0;
  #skipped = new Map<string, number>();
  #rejected: (readonly [string, number, string])[] = [];
  #unknownColumns: (readonly [string, string])[] = [];
  readonly progress: () => void;

  /** `onProgress` is called after every chunk that was read. */
  constructor(onProgress: () => void) {
    this.progress = onProgress;
  }

  /** Rejected records that wait to be told. */
  get rejections(): number {
    return this.#rejected.length;
  }

  read = (records = 1): void => void (this.#records += records);
  unfinished = (): void => void (this.#unfinished += 1);
  skipped = (reason: string): void =>
    void this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + 1);
  rejected = (file: string, line: number, reason: string): void =>
    void this.#rejected.push([file, line, reason]);
  unknownColumn = (format: string, column: string): void =>
    void this.#unknownColumns.push([format, column]);

  /** What was noted since the last time. */
  take(): NotedCounts {
    const noted = {
      records: this.#records,
      unfinished: this.#unfinished,
      skipped: this.#skipped,
      rejected: this.#rejected,
      unknownColumns: this.#unknownColumns,
    };
    [this.#records, this.#unfinished] = [0, 0];
    [this.#skipped, this.#rejected, this.#unknownColumns] = [new Map(), [], []];
    return noted;
  }
}

/** Tells a tally what was noted elsewhere. */
export function tellNoted(noted: NotedCounts, tally: ReadingTally): void {
  tally.read(noted.records);
  tally.unfinished(noted.unfinished);
  for (const [reason, records] of noted.skipped) tally.skipped(reason, records);
  for (const rejection of noted.rejected) tally.rejected(...rejection);
  for (const column of noted.unknownColumns) tally.unknownColumn(...column);
  tally.progress();
}
