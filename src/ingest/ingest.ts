import { createHash } from 'node:crypto';
import type { Adapter } from '../adapters/contract/adapter.ts';
import { UserError } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { findFiles, type FoundFile } from './find-files.ts';
import {
  type AnyAdapter,
  createFormatFinder,
  fixedFormat,
  type FormatFinder,
  unknownFormat,
} from './format-finder.ts';
import type { ingestSource } from './ingest-file.ts';
import {
  createTally,
  type IngestCounts,
  type IngestTally,
  type TallyListener,
} from './ingest-tally.ts';
import { Pending } from './pending.ts';
import { loadAdapters, loadBillAdapters } from './registry.ts';
import type { Additions } from './source-reader.ts';
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
}

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
  readonly ingestSource: typeof ingestSource;
}

async function loadReading(request: IngestRequest): Promise<Reading> {
  const [source, adapters] = await Promise.all([
    import('./ingest-file.ts'),
    readableFormats(request),
    request.ready?.(),
  ]);
  const finder = finderFor(request, adapters);
  return { adapters, finder, ingestSource: source.ingestSource };
}

interface Context {
  readonly request: IngestRequest;
  readonly reading: () => Promise<Reading>;
  readonly ledger: Ledger;
  readonly pending: Pending;
  readonly tally: IngestTally;
  readonly options: string;
}

/** The formats that may be found: all known ones, or the one a mapping file describes. */
export const readableFormats = async ({
  mapped,
}: Pick<IngestRequest, 'mapped'>): Promise<readonly AnyAdapter[]> =>
  mapped === undefined
    ? [...(await loadAdapters()), ...(await loadBillAdapters())]
    : [mapped.adapter];

/** Makes one finder a source. Throws UserError when the adapter asked for is not known. */
export function finderFor(
  { adapter: wanted, mapped }: Pick<IngestRequest, 'adapter' | 'mapped'>,
  adapters: readonly AnyAdapter[],
): () => FormatFinder {
  if (mapped !== undefined) return () => fixedFormat(mapped.adapter);
  if (wanted === undefined) return () => createFormatFinder(adapters);
  const chosen = adapters.find(({ id }) => id === wanted);
  if (chosen === undefined)
    throw new UserError(`no adapter "${wanted}"`, {
      hint: `Known: ${adapters.map(({ id }) => id).join(', ')}.`,
    });
  return () => fixedFormat(chosen);
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
  const { adapters, finder, ingestSource } = await reading();
  // Compressed text has no offsets to go on from; the keys of its events keep it from counting twice.
  const goesOn = same && state.packing === undefined && known.readLines > 0;
  const { packing, ...onDisk } = state;
  const fileId = known?.id ?? ledger.sourceFileId(file.path);
  const recognized = await ingestSource(
    {
      shownAs: file.shownAs,
      compressed: packing !== undefined,
      fileId,
      bytes: (offset) => bytesOf(file.path, state, offset),
      start: goesOn
        ? { offset: known.readOffset, lines: known.readLines }
        : { offset: 0, lines: 0 },
      checkpoint: { ...onDisk, options, fileId },
    },
    finder(),
    request.additions,
    pending,
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
  const { adapters, finder, ingestSource } = await reading();
  pending.commit();
  const shownAs = 'standard input';
  const recognized = await ingestSource(
    {
      shownAs,
      compressed: false,
      fileId: null,
      bytes: () => bytesOfPipe(request.stdin()),
      start: { offset: 0, lines: 0 },
    },
    finder(),
    request.additions,
    pending,
    tally,
  );
  if (!recognized && tally.counts().records > 0) throw unknownFormat(adapters, { file: shownAs });
  tally.fileDone();
}
