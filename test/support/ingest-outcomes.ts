import { UserError } from '../../src/errors.ts';
import { findFiles } from '../../src/ingest/find-files.ts';
import { ingest, type IngestRequest } from '../../src/ingest/ingest.ts';
import type { IngestCounts } from '../../src/ingest/ingest-tally.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { cardsWith, inMemory } from './ledgers.ts';

const { book } = cardsWith();

/** Standard input where there is none. */
export const neverPiped = (): never => {
  throw new Error('nobody pipes');
};

/** What an ingest says and leaves, with the order of what it rejected. */
export interface Outcome {
  /** The counts, or what the ingest ended with. */
  readonly counts: IngestCounts | string;
  readonly rejected: readonly string[];
  readonly events: readonly unknown[];
  /** What the ledger knows of each file that was found, in their order. */
  readonly files: readonly ReturnType<Ledger['sourceFile']>[];
}

/** Reads files into a ledger, by default a new one, with a second thread where they have so many bytes. */
export async function outcomeOf(
  paths: readonly string[],
  threadFrom: number,
  more: Partial<IngestRequest> = {},
  ledger = inMemory(book),
): Promise<Outcome> {
  const rejected: string[] = [];
  const request: IngestRequest = {
    paths,
    cwd: import.meta.dirname,
    stdin: neverPiped,
    additions: { tags: {} },
    onRejected: (line) => void rejected.push(line),
    threadFrom,
    ...more,
  };
  const found = await findFiles(paths, request.cwd);
  const counts = await ingest(request, ledger).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    return JSON.stringify([error.message, error.origin, error.hint]);
  });
  // Whatever their rows are numbered: what comes packed is added before what has to be looked up.
  const events = [...ledger.events({ span: {}, where: [], order: 'time' })]
    .map(({ rowId: _rowId, ids: _ids, ...rest }) => rest)
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  return { counts, rejected, events, files: found.map(({ path }) => ledger.sourceFile(path)) };
}
