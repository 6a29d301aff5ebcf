import type { Ledger } from '../ledger/ledger.ts';
import { followedFiles } from './followed-files.ts';
import { ingest, type IngestRequest } from './ingest.ts';
import type { IngestCounts } from './ingest-tally.ts';

/** What to follow and how. */
export interface FollowRequest extends Omit<IngestRequest, 'files' | 'stdin'> {
  /** Milliseconds between two looks at the files. */
  readonly interval: number;
  readonly now: () => number;
  /** Ends after so many milliseconds, or as soon as following is to stop. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Whether to stop; asked after every look, so that there is always one. */
  readonly stopped: () => boolean;
  /** Told after every look. */
  readonly onLook: (look: Look) => void;
}

/** What one look at the followed files found. */
export interface Look {
  /** Of what was read at this look alone. */
  readonly counts: IngestCounts;
  /** Files that were opened, as they are shown. */
  readonly files: readonly string[];
  /** Paths with nothing behind them now. */
  readonly missing: readonly string[];
}

/** A file that can only be read from its beginning rests so many times as long as reading took. */
const REST = 10;
const LONGEST_REST_MS = 30_000;

/**
 * Reads what is there and then what comes, until it is told to stop: what is appended, new files, rotated and
 * cut ones. Every look is an ingest, with its checkpoints in the transaction of its events, so that whoever is
 * killed loses nothing and counts nothing twice. Throws what `ingest` throws for a format or mapping that is wrong.
 */
export async function follow(request: FollowRequest, ledger: Ledger): Promise<void> {
  const { paths, cwd, interval, now, wait, stopped, onLook, ready, ...how } = request;
  let prepared: Promise<void> | undefined;
  // What takes long to prepare is prepared once, when there is something to read.
  const readyOnce = (): Promise<void> => (prepared ??= ready?.() ?? Promise.resolve());
  const followed = followedFiles(paths, cwd, now);
  do {
    const { files, missing } = await followed.look();
    const began = now();
    const counts = await ingest(
      { ...how, ready: readyOnce, paths: [], files, cwd, stdin: noStdin },
      ledger,
    );
    const took = now() - began;
    // Formats with memory (sessions, streams) start over when their file grows: not at every line.
    for (const { path } of files)
      if (ledger.sourceFile(path)?.readLines === 0)
        followed.rest(path, now() + Math.min(LONGEST_REST_MS, took * REST));
    onLook({ counts, files: files.map(({ shownAs }) => shownAs), missing });
    if (!stopped()) await wait(interval);
  } while (!stopped());
}

const noStdin = (): AsyncIterable<Buffer> => {
  throw new Error('a pipe cannot be followed');
};
