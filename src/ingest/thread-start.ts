import { availableParallelism } from 'node:os';
import type { FoundFile } from './find-files.ts';
import { bytesBeyond } from './source-bytes.ts';
import type { Additions } from './source-reader.ts';
import type { ReadingThread } from './threaded-reading.ts';

/** What decides whether a thread reads, and what it has to know. */
export interface ThreadRequest {
  readonly additions: Additions;
  /** The adapter to use instead of finding one. */
  readonly adapter?: string;
  /** Present where a mapping file says how to read. */
  readonly mapped?: object;
  /** Bytes to read from which a second thread does it; WORTH_A_THREAD when absent. */
  readonly threadFrom?: number;
}

/** Bytes to read from which a second thread saves more than its start costs. */
const WORTH_A_THREAD = 32_000_000;

/**
 * Starts the thread that is to read files into a ledger that is yet to be made, so that both get ready at the same
 * time; `undefined` where none is worth its start.
 */
export const startReading = (
  files: readonly FoundFile[],
  request: ThreadRequest,
): Promise<ReadingThread | undefined> => openThread(files, () => 0, request);

/** A thread that reads, where there is enough to read and a processor for it; `read` says how much of a file is read. */
export async function openThread(
  files: readonly FoundFile[],
  read: (path: string) => number,
  { additions, adapter, mapped, threadFrom = WORTH_A_THREAD }: ThreadRequest,
): Promise<ReadingThread | undefined> {
  // A mapped adapter is code, which cannot be copied to a thread.
  const mayThread = mapped === undefined && availableParallelism() > 1;
  if (!mayThread || bytesToRead(files, read, threadFrom) < threadFrom) return undefined;
  return (await import('./threaded-reading.ts')).startThread({ additions, adapter });
}

/** Bytes beyond those that were `read`, of all files together; not counted on when they are `enough`. */
export function bytesToRead(
  files: readonly FoundFile[],
  read: (path: string) => number,
  enough: number,
): number {
  let bytes = 0;
  for (const { path } of files) {
    if (bytes >= enough) break;
    bytes += bytesBeyond(path, read(path));
  }
  return bytes;
}
