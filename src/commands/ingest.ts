import { counted } from '../domain/words.ts';
import { Command } from 'commander';
import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import type { IngestCounts } from '../ingest/ingest-tally.ts';
import type { Runtime } from '../runtime.ts';
import { type OutputFlags, repeated, withLedger, withOutput } from './flags.ts';
import { printAnswer } from './print-answer.ts';
import { shownPath } from './places.ts';
import { openProgress } from './progress.ts';
import { openSession } from './session.ts';

interface IngestFlags extends OutputFlags {
  readonly adapter?: string;
  readonly map?: string;
  readonly tag?: readonly string[];
  readonly provider?: string;
  readonly time?: string;
  readonly rejects?: string;
  readonly formats?: boolean;
}

/** `aicost ingest`: logs and exports into the ledger. */
export function ingestCommand(runtime: Runtime): Command {
  const command = new Command('ingest')
    .summary('read logs and exports into the ledger')
    .description(
      'Reads usage logs into the ledger: files, folders, patterns, .gz, or - for a\npipe. The format is found from the records. Reading twice counts once.',
    )
    .argument('[paths...]', 'files, folders, patterns, or - for standard input')
    .optionsGroup('How to read:')
    .option('--adapter <name>', 'read as this format instead of finding it')
    .option('--formats', 'list the formats and stop')
    .option('--map <file>', 'read any JSONL or CSV as this mapping file says')
    .option('--tag <key=value>', 'tag every event that has no such tag; repeatable', repeated)
    .option('--provider <name>', 'who was called, where the log cannot know')
    .option('--time <when>', 'time of records that carry none: 2026-11-01T09:00:00Z')
    .option('--rejects <file>', 'write "file:line: reason" for every record that was not read');
  return withOutput(withLedger(command))
    .addHelpText(
      'after',
      `
Examples:
  $ aicost ingest logs/
  $ aicost ingest ~/.claude/projects --tag team=platform
  $ zcat old/*.gz | aicost ingest - --map azure.yaml --rejects rejects.txt`,
    )
    .action((paths: readonly string[], flags: IngestFlags) => runIngest(paths, flags, runtime));
}

async function runIngest(
  paths: readonly string[],
  flags: IngestFlags,
  runtime: Runtime,
): Promise<void> {
  if (flags.formats === true) return listFormats(flags, runtime);
  if (paths.length === 0)
    throw new UserError('nothing to read', {
      hint: 'Name files or folders, or - for a pipe: aicost ingest logs/',
    });
  const [{ ingest }, { ingestReport }, { parseTags }, { parseInstant }, { openRejects }] =
    await Promise.all([
      import('../ingest/ingest.ts'),
      import('../reports/ingest-report.ts'),
      import('../ingest/ingest-file.ts'),
      import('../domain/period.ts'),
      import('./rejects-file.ts'),
    ]);
  const session = await openSession(runtime, flags);
  const time =
    flags.time === undefined
      ? undefined
      : parseInstant(flags.time, { now: runtime.now(), timeZone: session.timeZone });
  if (flags.time !== undefined && time === undefined)
    throw new UserError(`--time: expected a day or a time, found "${flags.time}"`, {
      hint: 'For example 2026-11-01T09:00:00Z.',
    });
  const mapped = flags.map === undefined ? undefined : await loadMapping(flags.map, runtime.cwd);
  const tags = parseTags(flags.tag ?? []);
  await lookAtPaths(paths, flags.rejects, runtime.cwd);
  const ledger = await session.openForWriting();
  const progress = openProgress(runtime, flags.quiet === true);
  const rejects = flags.rejects === undefined ? undefined : openRejects(flags.rejects, runtime.cwd);
  try {
    const counts = await ingest(
      {
        paths,
        cwd: runtime.cwd,
        stdin: runtime.stdin,
        additions: {
          tags,
          ...(flags.provider === undefined ? {} : { provider: flags.provider.toLowerCase() }),
          ...(time === undefined ? {} : { time }),
        },
        ...(flags.adapter === undefined ? {} : { adapter: flags.adapter }),
        ...(mapped === undefined ? {} : { mapped }),
        ...(rejects === undefined ? {} : { onRejected: rejects.write }),
        onProgress: (sofar: IngestCounts) =>
          progress.show(
            `${counted(sofar.records, 'record')} read, ${sofar.added.toLocaleString('en-US')} new`,
          ),
      },
      ledger,
    );
    progress.clear();
    await printAnswer(ingestReport(counts, shownPath(ledger.path, runtime.cwd)), flags, runtime);
  } finally {
    progress.clear();
    rejects?.close();
    ledger.close();
  }
}

/**
 * Throws UserError for a path that is not there, before a ledger is made for it, and when --rejects, which
 * makes its file anew, names one of the files to read.
 */
async function lookAtPaths(
  paths: readonly string[],
  rejects: string | undefined,
  cwd: string,
): Promise<void> {
  const { findFiles } = await import('../ingest/find-files.ts');
  const named = paths.filter((path) => path !== '-');
  const found = await findFiles(named, cwd);
  if (rejects === undefined) return;
  const real = (path: string): string => (existsSync(path) ? realpathSync(path) : path);
  const file = resolve(cwd, rejects);
  if (found.some(({ path }) => real(path) === real(file)))
    throw new UserError(`--rejects: ${rejects} is one of the files to read`, {
      hint: 'Name another file.',
    });
}

async function loadMapping(file: string, cwd: string) {
  const [{ readMapping }, { mappedAdapter }] = await Promise.all([
    import('../config/mapping-file.ts'),
    import('../ingest/mapped-adapter.ts'),
  ]);
  const { mapping, text } = readMapping(resolve(cwd, file));
  return { adapter: mappedAdapter(mapping), text };
}

async function listFormats(flags: IngestFlags, runtime: Runtime): Promise<void> {
  const [{ loadAdapters }, { formatsReport }] = await Promise.all([
    import('../ingest/registry.ts'),
    import('../reports/formats-report.ts'),
  ]);
  await printAnswer(formatsReport(await loadAdapters()), flags, runtime);
}
