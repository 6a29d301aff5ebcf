import { Command, CommanderError } from 'commander';
import { addCommands, type CommandEntry } from './commands/command-list.ts';
import { ExitCode, showOrigin, UserError } from './errors.ts';
import { printable } from './printable.ts';
import type { Runtime } from './runtime.ts';
import { VERSION } from './version.ts';

/** In the order --help shows them: bring data in, look at it, trust it. */
const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'demo',
    summary: 'a month of invented usage, ingested and reported',
    load: async ({ runtime, finish }) =>
      (await import('./commands/demo.ts')).demoCommand(runtime, finish),
  },
  {
    name: 'init',
    summary: 'write aicost.yaml from what the ledger holds',
    load: async ({ runtime }) => (await import('./commands/init.ts')).initCommand(runtime),
  },
  {
    name: 'ingest',
    summary: 'read logs and exports into the ledger',
    load: async ({ runtime, finish }) =>
      (await import('./commands/ingest.ts')).ingestCommand(runtime, finish),
  },
  {
    name: 'report',
    summary: 'what was spent, by any tag, model or step of time',
    load: async ({ runtime, finish }) =>
      (await import('./commands/report.ts')).reportCommand(runtime, finish),
  },
  {
    name: 'watch',
    summary: 'spend as it happens, on a screen',
    load: async ({ runtime, finish }) =>
      (await import('./commands/watch.ts')).watchCommand(runtime, finish),
  },
  {
    name: 'trace',
    summary: "one run's calls as a tree, with cost per step",
    load: async ({ runtime }) => (await import('./commands/trace.ts')).traceCommand(runtime),
  },
  {
    name: 'top',
    summary: 'dearest, slowest and most retried calls',
    load: async ({ runtime }) => (await import('./commands/top.ts')).topCommand(runtime),
  },
  {
    name: 'explain',
    summary: 'why an event costs what it costs',
    load: async ({ runtime }) => (await import('./commands/explain.ts')).explainCommand(runtime),
  },
  {
    name: 'allocate',
    summary: 'who is charged what, with shared cost split by rules',
    load: async ({ runtime, finish }) =>
      (await import('./commands/allocate.ts')).allocateCommand(runtime, finish),
  },
  {
    name: 'whatif',
    summary: 'what the same requests would have cost otherwise',
    load: async (world, words) =>
      (await import('./commands/whatif.ts')).whatifCommand(world, words),
  },
  {
    name: 'rates',
    summary: 'list, show, quote, compare, check and update the rate cards',
    load: async (world, words) => (await import('./commands/rates.ts')).ratesCommand(world, words),
  },
  {
    name: 'bills',
    summary: 'what the bills say that were read',
    load: async ({ runtime }) => (await import('./commands/bills.ts')).billsCommand(runtime),
  },
  {
    name: 'audit',
    summary: 'whose spend it is, what to mend, ready for chargeback or not',
    load: async ({ runtime, finish }) =>
      (await import('./commands/audit.ts')).auditCommand(runtime, finish),
  },
  {
    name: 'gateway',
    summary: 'rules for a gateway that can enforce them',
    load: async ({ runtime }) => (await import('./commands/gateway.ts')).gatewayCommand(runtime),
  },
  {
    name: 'close',
    summary: 'fix the numbers of a month; later changes are corrections',
    load: async ({ runtime }) => (await import('./commands/close.ts')).closeCommand(runtime),
  },
  {
    name: 'estimate',
    summary: 'what prompts take and cost before they run',
    load: async ({ runtime, finish }) =>
      (await import('./commands/estimate.ts')).estimateCommand(runtime, finish),
  },
  {
    name: 'export',
    summary: 'the ledger for other tools',
    load: async ({ runtime }) => (await import('./commands/export.ts')).exportCommand(runtime),
  },
  {
    name: 'diff',
    summary: 'prompt cost of a change against its base, held against limits',
    load: async ({ runtime, finish }) =>
      (await import('./commands/diff.ts')).diffCommand(runtime, finish),
  },
  {
    name: 'render',
    summary: 'a saved comparison in other formats',
    load: async ({ runtime }) => (await import('./commands/render.ts')).renderCommand(runtime),
  },
  {
    name: 'comment',
    summary: 'post a saved comparison on its pull request',
    load: async ({ runtime }) => (await import('./commands/comment.ts')).commentCommand(runtime),
  },
  {
    name: 'doctor',
    summary: 'prove that the ledger adds up',
    load: async ({ runtime, finish }) =>
      (await import('./commands/doctor.ts')).doctorCommand(runtime, finish),
  },
];

/** Runs one command line and says how it ended. Never throws, never ends the process. */
export async function run(runtime: Runtime): Promise<ExitCode> {
  let code: ExitCode = ExitCode.ok;
  const finish = (ended: ExitCode): void => {
    code = ended;
  };
  const program = new Command('aicost')
    .description('What your LLM usage costs: from your own logs, priced exactly, offline.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'this help')
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride();
  program.configureOutput({
    writeOut: runtime.out,
    writeErr: runtime.err,
    outputError: (text, write) => write(printable(text.replace(/^error: /, 'aicost: '))),
    getOutHelpWidth: () => Math.min(runtime.columns, 100),
    getErrHelpWidth: () => Math.min(runtime.columns, 100),
  });
  program.addHelpText('after', HELP_END);
  try {
    await addCommands(program, COMMANDS, { runtime, finish }, runtime.argv);
    for (const command of program.commands) inherit(command, program);
    await program.parseAsync([...runtime.argv], { from: 'user' });
    return code;
  } catch (error) {
    return reportError(error, runtime);
  }
}

/** Subcommands of subcommands too print where we say, and throw instead of ending the process. */
function inherit(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(child, command);
}

const HELP_END = `
Start here:
  $ aicost demo                          a month of invented usage, reported
  $ aicost ingest logs/                  your own logs into the ledger
  $ aicost report --by feature           what each feature cost`;

function reportError(error: unknown, { err }: Runtime): ExitCode {
  if (error instanceof CommanderError)
    return error.exitCode === 0 ? ExitCode.ok : ExitCode.cannotRun;
  if (error instanceof UserError) {
    const where = error.origin === undefined ? '' : `${showOrigin(error.origin)}: `;
    const hint = error.hint === undefined ? '' : `${error.hint}\n`;
    err(printable(`aicost: ${where}${error.message}\n${hint}`));
    return error.exitCode;
  }
  const unwritable = ledgerTrouble(error);
  if (unwritable !== undefined) {
    err(printable(`aicost: ${unwritable}\n`));
    return ExitCode.cannotRun;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  err(
    printable(
      `aicost: this is a bug in aicost ${VERSION}; please report it with the lines below\n${stack}\n`,
    ),
  );
  return ExitCode.bug;
}

/** Troubles of the disk under the ledger, which no code of ours can mend, by SQLite's name for them. */
const LEDGER_TROUBLES: Readonly<Record<string, string>> = {
  SQLITE_READONLY:
    'the ledger cannot be written: it is read-only\nName another with --ledger, or copy it where you may write.',
  SQLITE_FULL:
    'the ledger cannot be written: the disk is full\nMake room and run it again: what is in the ledger stays.',
  SQLITE_IOERR:
    'the ledger cannot be read or written: the disk reports an error\naicost doctor says whether the ledger is whole.',
  SQLITE_BUSY:
    'another process has been writing to the ledger for a minute\nRun it again when that one has ended.',
};

function ledgerTrouble(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const name = /^SQLITE_[A-Z]+/.exec(code)?.[0] ?? '';
  return Object.hasOwn(LEDGER_TROUBLES, name) ? LEDGER_TROUBLES[name] : undefined;
}
