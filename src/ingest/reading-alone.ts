import type { FormatFinder } from './format-finder.ts';
import { eventList, readSource } from './ingest-file.ts';
import type { ReadingTally } from './noted-counts.ts';
import type { ReadPart } from './pending.ts';
import type { FileReading } from './reading-job.ts';
import { bytesOf } from './source-bytes.ts';
import type { Additions } from './source-reader.ts';

/** Events that wait in memory to be written, in a transaction that stays open meanwhile. */
const PART = 1_000;

/** Reads files in the thread that writes them, each when it is its turn. */
export const readAlone = (
  { finder, additions }: { readonly finder: () => FormatFinder; readonly additions: Additions },
  take: (part: ReadPart) => void,
  tally: ReadingTally,
): FileReading => ({
  ahead: 0,
  begin: (job) => () =>
    readSource(
      { ...job, bytes: (offset) => bytesOf(job, job.state, offset) },
      finder(),
      additions,
      { events: eventList(), part: PART, take },
      tally,
    ),
  close: () => Promise.resolve(),
});
