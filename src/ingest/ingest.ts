import type { Adapter } from '../adapters/contract/adapter.ts';
import { UserError } from '../errors.ts';
import type { IncomingEvent } from '../ledger/event-placement.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { findFiles, type FoundFile } from './find-files.ts';
import { type AnyAdapter, type FormatFinder, unknownFormat } from './format-finder.ts';
import { bytesRead, ingestFiles } from './ingest-files.ts';
import {
  createTally,
  type IngestCounts,
  type IngestTally,
  type TallyListener,
} from './ingest-tally.ts';
import { Pending } from './pending.ts';
import type { FileReading } from './reading-job.ts';
import { optionsDigest } from './reading-options.ts';
import { bytesOfPipe } from './source-bytes.ts';
import type { Additions } from './source-reader.ts';
import { bytesToRead, openThread } from './thread-start.ts';
import type { ReadingThread } from './threaded-reading.ts';

/** What to ingest and how. */
export interface IngestRequest extends TallyListener {
  /** Files, folders and patterns; `-` is standard input. */
  readonly paths: readonly string[];
  /** The files behind `paths`, where somebody else has found them already. */
  readonly files?: readonly FoundFile[];
  readonly cwd: string;
  readonly stdin: () => AsyncIterable<Buffer>;
  readonly additions: Additions;
  /** The adapter to use instead of finding one. */
  readonly adapter?: string;
  /** Told of what was read, before it is written; some of it may be known already. */
  readonly onEvents?: (events: readonly IncomingEvent[]) => void;
  /** Called before anything is written, for what takes time and is needed only then. */
  readonly ready?: () => Promise<void>;
  /** An adapter made from a mapping file, with a text that changes when the mapping does. */
  readonly mapped?: { readonly adapter: Adapter; readonly text: string };
  /** Bytes to read from which a second thread does it; WORTH_A_THREAD when absent. */
  readonly threadFrom?: number;
  /** Bytes to read from which this one packs events, as that does; WORTH_PACKING when absent. */
  readonly packFrom?: number;
  /** The thread, where startReading has started one. Whoever did ends it. */
  readonly thread?: ReadingThread | undefined;
}

/**
 * Bytes to read, a few thousand lines, from which learning which of them need not be parsed saves more than it takes.
 * What a watch reads at a look is less, and is asked for call by call, for which blocks would become rows at once.
 */
const WORTH_PACKING = 2_000_000;
/** Events that wait in memory: no transaction, which keeps other writers out, waits for a slow pipe. */
const PART_OF_PIPE = 10_000;

/**
 * Reads sources into the ledger. Files that were read before go on where they ended; unchanged ones are
 * left alone. Throws UserError for a path that is not there, or a named file in no known format.
 */
export async function ingest(request: IngestRequest, ledger: Ledger): Promise<IngestCounts> {
  const tally = createTally(request);
  const { adapter, paths, cwd } = request;
  const options = optionsDigest(request);
  const pending = new Pending(ledger, tally, request.onEvents);
  // Where nothing has changed, nobody asks how to read, which takes longer to load than to see that.
  const formats = once(() => loadFormats(request));
  const ready = once(async () => request.ready?.());
  const context = { request, formats, ready, ledger, pending, tally, options };
  // A format that nobody knows is said before anything is read.
  if (adapter !== undefined) (await formats()).finder();
  try {
    const named = paths.filter((path) => path !== '-');
    await ingestPaths(request.files ?? (await findFiles(named, cwd)), context);
    if (paths.includes('-')) await ingestPipe(context);
  } catch (error) {
    // What was read before stays read.
    if (error instanceof UserError) pending.commit();
    throw error;
  }
  pending.commit();
  return tally.counts();
}

interface Context {
  readonly request: IngestRequest;
  readonly formats: () => Promise<Formats>;
  readonly ready: () => Promise<void>;
  readonly ledger: Ledger;
  readonly pending: Pending;
  readonly tally: IngestTally;
  readonly options: string;
}

/** The formats that may be found, and what finds them in one source. */
interface Formats {
  readonly adapters: readonly AnyAdapter[];
  readonly finder: () => FormatFinder;
}

async function loadFormats({ adapter, mapped }: IngestRequest): Promise<Formats> {
  const { finderFor, readableFormats } = await import('./formats.ts');
  const adapters = await readableFormats(mapped?.adapter);
  return { adapters, finder: () => finderFor(mapped?.adapter.id ?? adapter, adapters) };
}

/** Does a thing when it is first asked for, and only then. */
function once<Done>(work: () => Promise<Done>): () => Promise<Done> {
  let done: Promise<Done> | undefined;
  return () => (done ??= work());
}

async function ingestPaths(files: readonly FoundFile[], context: Context): Promise<void> {
  const { formats, ready, ledger, tally, options } = context;
  const reading = (): Promise<FileReading> => openReading(files, context);
  const adapters = async (): Promise<readonly AnyAdapter[]> => (await formats()).adapters;
  await ingestFiles(files, { ledger, tally, options, adapters, reading, ready });
}

/** How to read: in a thread of its own, or in this one. */
async function openReading(files: readonly FoundFile[], context: Context): Promise<FileReading> {
  const { request, formats, pending, tally } = context;
  const { additions, packFrom = WORTH_PACKING } = request;
  const thread = request.thread ?? (await openThread(files, bytesRead(context), request));
  if (thread !== undefined) {
    const { readInThread } = await import('./threaded-reading.ts');
    return readInThread(thread, pending.add, tally);
  }
  const { finder } = await formats();
  if (bytesToRead(files, bytesRead(context), packFrom) >= packFrom) {
    const { readPacked } = await import('./reading-packed.ts');
    return readPacked({ finder, additions }, pending.add, tally);
  }
  const { readAlone } = await import('./reading-alone.ts');
  return readAlone({ finder, additions }, pending.add, tally);
}

async function ingestPipe(context: Context): Promise<void> {
  const { request, formats, ready, pending, tally } = context;
  const [{ eventList, readSource }, { adapters, finder }] = await Promise.all([
    import('./ingest-file.ts'),
    formats(),
    ready(),
  ]);
  pending.commit();
  const shownAs = 'standard input';
  const recognized = await readSource(
    {
      shownAs,
      compressed: false,
      fileId: null,
      bytes: () => bytesOfPipe(request.stdin()),
      start: { offset: 0, lines: 0 },
    },
    finder(),
    request.additions,
    {
      events: eventList(),
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
