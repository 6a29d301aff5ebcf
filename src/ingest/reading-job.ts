import type { Origin } from '../errors.ts';
import type { PackedEvents } from '../ledger/packed-events.ts';
import type { NotedCounts } from './noted-counts.ts';
import type { ReadPart } from './pending.ts';
import type { FileState } from './source-bytes.ts';
import type { Additions, Source } from './source-reader.ts';

/** What it takes to read a file. Plain data: it is copied to another thread. */
export interface ReadingJob extends Omit<Source, 'bytes'> {
  readonly path: string;
  readonly state: FileState;
}

/** How all files of an ingest are read. Plain data too. */
export interface ReadingSettings {
  readonly additions: Additions;
  /** The adapter to use instead of finding one. */
  readonly adapter: string | undefined;
}

/**
 * Reads files one after another. `begin` may be called for `ahead` more files before what it returned is called,
 * which has to be in the same order: that tells what was read, and whether any record was recognized.
 */
export interface FileReading {
  readonly ahead: number;
  readonly begin: (job: ReadingJob) => () => Promise<boolean>;
  readonly close: () => Promise<void>;
}

/** What the thread that writes tells the one that reads. */
export type ReadingOrder =
  | { readonly kind: 'read'; readonly jobs: readonly ReadingJob[] }
  /** News of this size are written, which makes room for more. */
  | { readonly kind: 'taken'; readonly size: number };

/** What a thread that reads tells the one that writes at once, in order. */
export interface ReadingNews {
  readonly messages: readonly ReadingMessage[];
  /** Events, lines of bills and tags of runs, and what their files count besides. */
  readonly size: number;
}

/** What the reading of a file has come to. */
export type ReadingMessage =
  | {
      readonly kind: 'part';
      readonly part: Omit<ReadPart, 'events'>;
      readonly events: PackedEvents;
      readonly counts: NotedCounts;
    }
  | { readonly kind: 'counts'; readonly counts: NotedCounts }
  | { readonly kind: 'done'; readonly recognized: boolean; readonly counts: NotedCounts }
  /** A UserError, which loses its kind on the way. */
  | {
      readonly kind: 'refused';
      readonly message: string;
      readonly origin: Origin | undefined;
      readonly hint: string | undefined;
      readonly counts: NotedCounts;
    };
