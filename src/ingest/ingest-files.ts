import { UserError } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { FoundFile } from './find-files.ts';
import { type AnyAdapter, unknownFormat } from './format-finder.ts';
import type { IngestTally } from './ingest-tally.ts';
import type { FileReading, ReadingJob } from './reading-job.ts';
import { hasOnlyGrown, isUntouched, stateOf } from './source-bytes.ts';

/** What reading files into a ledger goes by. */
export interface FilesContext {
  readonly ledger: Ledger;
  readonly tally: IngestTally;
  /** How files are read, as text: one that was read otherwise is read anew. */
  readonly options: string;
  /** All formats, for the error of a file in none of them. */
  readonly adapters: () => Promise<readonly AnyAdapter[]>;
  /** Says how to read; asked only when there is something to read. */
  readonly reading: () => Promise<FileReading>;
  /** Called before anything is written, while a thread that reads may be starting. */
  readonly ready: () => Promise<void>;
}

/** Bytes and lines of a file that are in the ledger. */
const NOTHING_READ = { offset: 0, lines: 0 };

/** A file that was looked at and may be being read; `end` is called when it is its turn. */
interface Begun {
  readonly file: FoundFile;
  readonly end: () => Promise<void>;
}

/**
 * Reads files into the ledger in their order. One that nobody named and that cannot be read is told and left
 * out; throws UserError for a named one, or one in no known format.
 */
export async function ingestFiles(
  files: readonly FoundFile[],
  context: FilesContext,
): Promise<void> {
  let reading: FileReading | undefined;
  const opened = async (): Promise<FileReading> => {
    if (reading !== undefined) return reading;
    reading = await context.reading();
    await context.ready();
    return reading;
  };
  const begun: Begun[] = [];
  try {
    for (const file of files) {
      begun.push({ file, end: await begin(file, { ...context, reading: opened }) });
      if (begun.length > (reading?.ahead ?? 0)) await endFirst(begun, context.tally);
    }
    while (begun.length > 0) await endFirst(begun, context.tally);
  } finally {
    await reading?.close();
  }
}

async function endFirst(begun: Begun[], tally: IngestTally): Promise<void> {
  const first = begun.shift();
  if (first === undefined) return;
  const { file, end } = first;
  try {
    await end();
  } catch (error) {
    // A file that nobody named must not keep the others of its folder from being read.
    if (file.asked || !(error instanceof UserError)) throw error;
    tally.fileForeign(`${file.shownAs} (${error.message})`);
  }
}

/** Looks at a file and begins to read what is new in it. What is wrong with it is thrown in its turn. */
async function begin(file: FoundFile, context: FilesContext): Promise<Begun['end']> {
  const { adapters, reading, tally } = context;
  let job: ReadingJob | undefined;
  try {
    job = jobOf(file, context);
  } catch (error) {
    return () => Promise.reject(error);
  }
  if (job === undefined) return async () => tally.fileUnchanged();
  const { state, start } = job;
  const read = (await reading()).begin(job);
  return async () => {
    if ((await read()) || state.size === 0 || start.lines > 0) tally.fileDone();
    else if (file.asked) throw unknownFormat(await adapters(), { file: file.shownAs });
    else tally.fileForeign(file.shownAs);
  };
}

/** What is to be read of a file; `undefined` when that is nothing. Throws UserError when it cannot be read. */
function jobOf(
  { path, shownAs }: FoundFile,
  { ledger, options }: FilesContext,
): ReadingJob | undefined {
  const known = ledger.sourceFile(path);
  const readAlike = known?.options === options;
  if (readAlike && known.readOffset === known.size && isUntouched(path, known)) return undefined;
  const state = stateOf(path, shownAs);
  const { packing, ...onDisk } = state;
  // Compressed text has no offsets to go on from; the keys of its events keep it from counting twice.
  const goesOn =
    readAlike && known.readLines > 0 && hasOnlyGrown(path, known, state) && packing === undefined;
  const fileId = known?.id ?? ledger.sourceFileId(path);
  return {
    path,
    shownAs,
    state,
    compressed: packing !== undefined,
    fileId,
    start: goesOn ? { offset: known.readOffset, lines: known.readLines } : NOTHING_READ,
    checkpoint: { ...onDisk, options, fileId },
  };
}

/** How many bytes of a file are in the ledger. */
export const bytesRead =
  ({ ledger, options }: Pick<FilesContext, 'ledger' | 'options'>) =>
  (path: string): number => {
    const known = ledger.sourceFile(path);
    return known?.options === options ? known.readOffset : 0;
  };
