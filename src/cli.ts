import { Command, CommanderError } from 'commander';
import { billsCommand } from './commands/bills.ts';
import { closeCommand } from './commands/close.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { explainCommand } from './commands/explain.ts';
import { exportCommand } from './commands/export.ts';
import { ingestCommand } from './commands/ingest.ts';
import { ratesCommand } from './commands/rates.ts';
import { reportCommand } from './commands/report.ts';
import { topCommand } from './commands/top.ts';
import { traceCommand } from './commands/trace.ts';
import { ExitCode, showOrigin, UserError } from './errors.ts';
import { printable } from './printable.ts';
import type { Runtime } from './runtime.ts';
import { VERSION } from './version.ts';

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
  // In the order --help shows them: bring data in, look at it, trust it.
  const commands = [
    demoCommand(runtime),
    ingestCommand(runtime, finish),
    reportCommand(runtime, finish),
    traceCommand(runtime),
    topCommand(runtime),
    explainCommand(runtime),
    ratesCommand(runtime, finish),
    billsCommand(runtime),
    closeCommand(runtime),
    exportCommand(runtime),
    doctorCommand(runtime, finish),
  ];
  for (const command of commands) program.addCommand(inherit(command, program));
  program.addHelpText('after', HELP_END);
  try {
    await program.parseAsync([...runtime.argv], { from: 'user' });
    return code;
  } catch (error) {
    return reportError(error, runtime);
  }
}

/** Subcommands of subcommands too print where we say, and throw instead of ending the process. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(child, command);
  return command;
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
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  err(
    printable(
      `aicost: this is a bug in aicost ${VERSION}; please report it with the lines below\n${stack}\n`,
    ),
  );
  return ExitCode.bug;
}
