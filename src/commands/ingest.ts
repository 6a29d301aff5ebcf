import { counted, grouped } from '../domain/words.ts';
import { Command } from 'commander';
import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { correctionsSince } from '../domain/spend.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { FoundFile } from '../ingest/find-files.ts';
import type { IngestRequest } from '../ingest/ingest.ts';
import type { IngestCounts } from '../ingest/ingest-tally.ts';
import type { Runtime } from '../runtime.ts';
import { type OutputFlags, repeated, withLedger, withOutput } from './flags.ts';
import { printAnswer } from './print-answer.ts';
import { shownPath } from './places.ts';
import { openProgress } from './progress.ts';
import { presentAgents, type ReadingFlags, readingOf } from './reading-flags.ts';
import { openSession, type Session } from './session.ts';

interface IngestFlags extends OutputFlags, ReadingFlags {
  readonly rejects?: string;
  readonly strict?: boolean;
  readonly list?: boolean;
  readonly agents?: boolean;
  readonly explain?: boolean;
  readonly follow?: boolean;
}

/** `aicost ingest`: logs and exports into the ledger. */
export function ingestCommand(runtime: Runtime, finish: (code: ExitCode) => void): Command {
  const command = new Command('ingest')
    .description(
      'Reads usage logs into the ledger: files, folders, patterns, packed or not,\nor - for a pipe. The format is found from the records. Reading twice counts once.',
    )
    .argument('[paths...]', 'files, folders, patterns, or - for standard input')
    .optionsGroup('How to read:')
    .option('--adapter <name>', 'read as this format instead of finding it')
    .option('--list', 'list the formats and stop')
    .option('--agents', "read the logs of this machine's coding agents")
    .option('--follow', 'go on with what is added, until Ctrl-C')
    .option('--explain', 'show how the first records of a file are read; keep nothing')
    .option('--map <file>', 'read any JSONL or CSV as this mapping file says')
    .option('--tag <key=value>', 'tag every event that has no such tag; repeatable', repeated)
    .option('--provider <name>', 'who was called, where the log cannot know')
    .option('--time <when>', 'time of records that carry none: 2026-11-01T09:00:00Z')
    .option('--rejects <file>', 'write "file:line: reason" for every record that was not read')
    .option('--strict', 'exit 3 when a record, a column or a file was not understood');
  return withOutput(withLedger(command))
    .addHelpText(
      'after',
      `
Examples:
  $ aicost ingest logs/
  $ aicost ingest --agents --tag team=platform
  $ aicost ingest --explain usage.csv
  $ zcat old/*.gz | aicost ingest - --map azure.yaml --rejects rejects.txt`,
    )
    .action((paths: readonly string[], flags: IngestFlags) =>
      runIngest(paths, flags, { runtime, finish }),
    );
}

interface World {
  readonly runtime: Runtime;
  readonly finish: (code: ExitCode) => void;
}

async function runIngest(
  paths: readonly string[],
  flags: IngestFlags,
  { runtime, finish }: World,
): Promise<void> {
  if (flags.list === true) return listFormats(flags, runtime);
  const agents = flags.agents === true ? await presentAgents(runtime) : [];
  const sources = [...paths, ...agents.map(({ path }) => path)];
  if (flags.follow === true && sources.includes('-'))
    throw new UserError('a pipe cannot be followed', {
      hint: 'It is read to its end: ... | aicost ingest -',
    });
  if (sources.length === 0)
    throw new UserError('nothing to read', {
      hint: 'Name files or folders, or - for a pipe: aicost ingest logs/',
    });
  const session = await openSession(runtime, flags);
  const reading = await readingOf(flags, runtime, session.timeZone);
  if (flags.explain === true) {
    const { explainFile } = await import('./ingest-explain.ts');
    return explainFile({ paths: sources, reading, session, flags }, runtime);
  }
  const [{ startReading }, files] = await Promise.all([
    import('../ingest/thread-start.ts'),
    lookAtPaths(sources, flags.rejects, runtime.cwd),
  ]);
  // What a ledger has of the files is known once it is open; one that is yet to be made has nothing.
  const isNew = flags.follow !== true && !existsSync(session.ledgerPath);
  const thread = isNew ? await startReading(files, reading) : undefined;
  try {
    await ingestFound({ sources, files, agents, reading, thread }, session, flags, {
      runtime,
      finish,
    });
  } finally {
    await thread?.close();
  }
}

/** What is to be read, and how. */
interface Found {
  readonly sources: readonly string[];
  /** The files behind sources. */
  readonly files: readonly FoundFile[];
  readonly agents: Awaited<ReturnType<typeof presentAgents>>;
  readonly reading: Awaited<ReturnType<typeof readingOf>>;
  /** Where one was started already. */
  readonly thread: IngestRequest['thread'];
}

async function ingestFound(
  { sources, files, agents, reading, thread }: Found,
  session: Session,
  flags: IngestFlags,
  { runtime, finish }: World,
): Promise<void> {
  const [{ ingest }, { ingestReport }, { openRejects }] = await Promise.all([
    import('../ingest/ingest.ts'),
    import('../reports/ingest-report.ts'),
    import('./rejects-file.ts'),
  ]);
  const { ledger, ready } = await session.openForIngest();
  const before = ledger.months.corrections();
  const identifiersBefore = new Set(ledger.identifiers().map(({ key }) => key));
  const progress = openProgress(runtime, flags.quiet === true);
  const rejects = flags.rejects === undefined ? undefined : openRejects(flags.rejects, runtime.cwd);
  try {
    const request = {
      paths: sources,
      cwd: runtime.cwd,
      stdin: runtime.stdin,
      ...reading,
      ready,
      ...(rejects === undefined ? {} : { onRejected: rejects.write }),
      onProgress: (sofar: IngestCounts) =>
        progress.show(`${counted(sofar.records, 'record')} read, ${grouped(sofar.added)} new`),
    };
    const counts =
      flags.follow === true
        ? await (
            await import('./ingest-follow.ts')
          ).ingestUntilStopped(request, { ledger, runtime, progress })
        : await ingest({ ...request, files, thread }, ledger);
    progress.clear();
    const corrections = correctionsSince(before, ledger.months.corrections());
    const identifiers = ledger.identifiers().filter(({ key }) => !identifiersBefore.has(key));
    const path = shownPath(ledger.path, runtime.cwd);
    const report = ingestReport({ ...counts, corrections, identifiers }, path, agents);
    await printAnswer(report, flags, runtime);
    if (flags.follow === true) finish(ExitCode.interrupted);
    if (flags.strict === true && !understoodAll(counts)) finish(ExitCode.undecided);
  } finally {
    progress.clear();
    rejects?.close();
    ledger.close();
  }
}

/** Whether nothing was lost: every record, column and file was understood. */
const understoodAll = ({ rejected, unknownColumns, foreignFiles }: IngestCounts): boolean =>
  rejected.size + unknownColumns.length + foreignFiles.length === 0;

/**
 * The files behind paths. Throws UserError for a path that is not there, before a ledger is made for it, and when
 * --rejects, which makes its file anew, names one of the files to read.
 */
async function lookAtPaths(
  paths: readonly string[],
  rejects: string | undefined,
  cwd: string,
): Promise<readonly FoundFile[]> {
  const { findFiles } = await import('../ingest/find-files.ts');
  const named = paths.filter((path) => path !== '-');
  const found = await findFiles(named, cwd);
  if (rejects === undefined) return found;
  const real = (path: string): string => (existsSync(path) ? realpathSync(path) : path);
  const file = resolve(cwd, rejects);
  if (found.some(({ path }) => real(path) === real(file)))
    throw new UserError(`--rejects: ${rejects} is one of the files to read`, {
      hint: 'Name another file.',
    });
  return found;
}

async function listFormats(flags: IngestFlags, runtime: Runtime): Promise<void> {
  const [{ readableFormats }, { formatsReport }] = await Promise.all([
    import('../ingest/formats.ts'),
    import('../reports/formats-report.ts'),
  ]);
  await printAnswer(formatsReport(await readableFormats()), flags, runtime);
}
