import type { Origin } from '../errors.ts';
import type { NotedCounts } from './noted-counts.ts';
import type { PackedEvents } from './packed-events.ts';
import type { ReadPart } from './pending.ts';
import type { FileState } from './source-bytes.ts';
import type { Additions, Source } from './source-reader.ts';

/** What a thread needs to know to read a file. Plain data: it is copied. */
export interface ReadingJob extends Omit<Source, 'bytes'> {
  readonly path: string;
  readonly state: FileState;
  readonly additions: Additions;
  /** The adapter to use instead of finding one. */
  readonly adapter: string | undefined;
}

/** What a thread that reads tells the one that writes. */
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
