import { resolve } from 'node:path';
import type { StoredEvent } from '../ledger/stored-event.ts';
import { UserError } from '../errors.ts';
import type { IngestRequest } from '../ingest/ingest.ts';
import type { Runtime } from '../runtime.ts';
import type { OutputFlags } from './flags.ts';
import { printAnswer } from './print-answer.ts';
import type { Session } from './session.ts';

/** What `aicost ingest --explain` was asked. */
interface ExplainRequest {
  readonly paths: readonly string[];
  readonly reading: Pick<IngestRequest, 'additions' | 'adapter' | 'mapped'>;
  readonly session: Session;
  readonly flags: OutputFlags;
}

const RECORDS = 5;

/** `aicost ingest --explain FILE`: how its first records are read. Leaves no ledger behind. */
export async function explainFile(
  { paths, reading, session, flags }: ExplainRequest,
  runtime: Runtime,
): Promise<void> {
  const [path] = paths;
  if (path === undefined || paths.length > 1)
    throw new UserError('--explain takes one file', {
      hint: 'For example: aicost ingest --explain usage.csv',
    });
  const [{ explainRecords }, { explainFileReport }, { openLedger }, { book }] = await Promise.all([
    import('../ingest/explain-records.ts'),
    import('../reports/explain-file-report.ts'),
    import('../ledger/ledger.ts'),
    session.rateBook(),
  ]);
  const start = { offset: 0, lines: 0 };
  const bytes = await bytesOfOne(path, runtime);
  const shownAs = path === '-' ? 'standard input' : path;
  const source = { shownAs, fileId: null, compressed: false, start, bytes };
  const records = await explainRecords(source, reading, RECORDS);
  const file = path === '-' ? undefined : resolve(runtime.cwd, path);
  const kept: StoredEvent[][] = [];
  for (const { events } of records) {
    // A ledger for each, so that a record is shown as it is alone.
    const ledger = openLedger(':memory:', { book });
    try {
      const fileId = file === undefined ? null : ledger.sourceFileId(file);
      ledger.append(
        events.map((event) => ({ ...event, fileId })),
        undefined,
      );
      kept.push([...ledger.events({ span: {}, where: [], order: 'time' })]);
    } finally {
      ledger.close();
    }
  }
  const explained = records.map((record, index) => ({ ...record, events: kept[index] ?? [] }));
  await printAnswer(explainFileReport(shownAs, explained), flags, runtime);
}

async function bytesOfOne(
  path: string,
  runtime: Runtime,
): Promise<(offset: number) => AsyncIterable<Buffer>> {
  const { bytesOf, bytesOfPipe, stateOf } = await import('../ingest/source-bytes.ts');
  if (path === '-') return () => bytesOfPipe(runtime.stdin());
  const file = resolve(runtime.cwd, path);
  const state = stateOf(file, path);
  return (offset) => bytesOf({ path: file, shownAs: path }, state, offset);
}
