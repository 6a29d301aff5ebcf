import { createHash } from 'node:crypto';
import type { Adapter } from '../adapters/contract/adapter.ts';
import { UserError } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { findFiles, type FoundFile } from './find-files.ts';
import { type AnyAdapter, type FormatFinder, unknownFormat } from './format-finder.ts';
import type { readSource } from './ingest-file.ts';
import {
  createTally,
  type IngestCounts,
  type IngestTally,
  type TallyListener,
} from './ingest-tally.ts';
import { Pending } from './pending.ts';
import type { Additions } from './source-reader.ts';
import type { readInThread } from './threaded-reading.ts';
import { bytesOf, bytesOfPipe, hasOnlyGrown, isUntouched, stateOf } from './source-bytes.ts';

/** What to ingest and how. */
export interface IngestRequest extends TallyListener {
  /** Files, folders and patterns; `-` is standard input. */
  readonly paths: readonly string[];
  readonly cwd: string;
  readonly stdin: () => AsyncIterable<Buffer>;
  readonly additions: Additions;
  /** The adapter to use instead of finding one. */
  readonly adapter?: string;
  /** Called before anything is written, for what takes time and is needed only then. */
  readonly ready?: () => Promise<void>;
  /** An adapter made from a mapping file, with a text that changes when the mapping does. */
  readonly mapped?: { readonly adapter: Adapter; readonly text: string };
  /** Bytes from which a file is read by a thread of its own; WORTH_A_THREAD when absent. */
  readonly threadFrom?: number;
}

/** Events that wait in memory to be written: those of a file in a transaction that stays open meanwhile. */
const PART = 1_000;
/** Those of a pipe, which may be slow: no transaction, which keeps other writers out, waits for it. */
const PART_OF_PIPE = 10_000;
const NOTHING_READ = { offset: 0, lines: 0 };

/**
 * Reads sources into the ledger. Files that were read before go on where they ended; unchanged ones are
 * left alone. Throws UserError for a path that is not there, or a named file in no known format.
 */
export async function ingest(request: IngestRequest, ledger: Ledger): Promise<IngestCounts> {
  const tally = createTally(request);
  const options = createHash('sha256')
    .update(JSON.stringify([request.adapter, request.mapped?.text, request.additions]))
    .digest('base64url')
    .slice(0, 16);
  const pending = new Pending(ledger, tally);
  let loading: Promise<Reading> | undefined;
  // Where nothing has changed, nobody asks how to read, which takes longer to load than to see that.
  const reading = (): Promise<Reading> => (loading ??= loadReading(request));
  if (request.adapter !== undefined) await reading();
  const context = { request, reading, ledger, pending, tally, options };
  try {
    await ingestAll(context);
  } catch (error) {
    // What was read before stays read.
    if (error instanceof UserError) pending.commit();
    throw error;
  }
  pending.commit();
  return tally.counts();
}

async function ingestAll(context: Context): Promise<void> {
  const { request, tally } = context;
  const paths = request.paths.filter((path) => path !== '-');
  for (const file of await findFiles(paths, request.cwd)) {
    try {
      await ingestFile(file, context);
    } catch (error) {
      // A file that nobody named must not keep the others of its folder from being read.
      if (file.asked || !(error instanceof UserError)) throw error;
      tally.fileForeign(`${file.shownAs} (${error.message})`);
    }
  }
  if (request.paths.includes('-')) await ingestPipe(context);
}

/** All that reading a file takes: the formats that may be found, and how one is. */
interface Reading {
  readonly adapters: readonly AnyAdapter[];
  readonly finder: () => FormatFinder;
  readonly readSource: typeof readSource;
  readonly readInThread: typeof readInThread;
  /** Bytes from which a file is read by a thread of its own. */
  readonly threadFrom: number;
}

async function loadReading(request: IngestRequest): Promise<Reading> {
  const { adapter, mapped, threadFrom } = request;
  const [{ readSource }, threads, { finderFor, readableFormats }] = await Promise.all([
    import('./ingest-file.ts'),
    import('./threaded-reading.ts'),
    import('./formats.ts'),
    request.ready?.(),
  ]);
  const adapters = await readableFormats(mapped?.adapter);
  const finder = (): FormatFinder => finderFor(mapped?.adapter.id ?? adapter, adapters);
  // A format that nobody knows is said before anything is read.
  finder();
  const alone =
    // A mapped adapter is code, which cannot be copied to a thread.
    mapped !== undefined || !threads.hasRoomForAThread();
  return {
    adapters,
    finder,
    readSource,
    readInThread: threads.readInThread,
    threadFrom: alone ? Number.POSITIVE_INFINITY : (threadFrom ?? threads.WORTH_A_THREAD),
  };
}

interface Context {
  readonly request: IngestRequest;
  readonly reading: () => Promise<Reading>;
  readonly ledger: Ledger;
  readonly pending: Pending;
  readonly tally: IngestTally;
  readonly options: string;
}

async function ingestFile(
  file: FoundFile,
  { request, reading, ledger, pending, tally, options }: Context,
): Promise<void> {
  const known = ledger.sourceFile(file.path);
  const isDone = known?.options === options && known.readOffset === known.size;
  if (known !== undefined && isDone && isUntouched(file.path, known)) {
    tally.fileUnchanged();
    return;
  }
  const state = stateOf(file.path, file.shownAs);
  const same =
    known !== undefined && known.options === options && hasOnlyGrown(file.path, known, state);
  const { adapters, finder, readSource, readInThread, threadFrom } = await reading();
  // Compressed text has no offsets to go on from; the keys of its events keep it from counting twice.
  const goesOn = same && state.packing === undefined && known.readLines > 0;
  const { packing, ...onDisk } = state;
  const fileId = known?.id ?? ledger.sourceFileId(file.path);
  const start = goesOn ? { offset: known.readOffset, lines: known.readLines } : NOTHING_READ;
  const source = {
    shownAs: file.shownAs,
    compressed: packing !== undefined,
    fileId,
    start,
    checkpoint: { ...onDisk, options, fileId },
  };
  const { additions, adapter } = request;
  const recognized =
    state.size - start.offset >= threadFrom
      ? await readInThread(
          { ...source, path: file.path, state, additions, adapter },
          pending.add,
          tally,
        )
      : await readSource(
          { ...source, bytes: (offset) => bytesOf(file.path, state, offset) },
          finder(),
          additions,
          { part: PART, take: pending.add },
          tally,
        );
  if (!recognized && state.size > 0 && !goesOn) {
    if (file.asked) throw unknownFormat(adapters, { file: file.shownAs });
    tally.fileForeign(file.shownAs);
    return;
  }
  tally.fileDone();
}

async function ingestPipe({ request, reading, pending, tally }: Context): Promise<void> {
  const { adapters, finder, readSource } = await reading();
  pending.commit();
  const shownAs = 'standard input';
  const recognized = await readSource(
    {
      shownAs,
      compressed: false,
      fileId: null,
      bytes: () => bytesOfPipe(request.stdin()),
      start: NOTHING_READ,
    },
    finder(),
    request.additions,
    {
      part: PART_OF_PIPE,
      take(part) {
        pending.add(part);
        pending.commit();
      },
    },
    tally,
  );
  if (!recognized && tally.counts().records > 0) throw unknownFormat(adapters, { file: shownAs });
  tally.fileDone();
}
