import process from 'node:process';
import { run } from './cli.ts';
import { ExitCode } from './errors.ts';
import { processRuntime } from './runtime.ts';

// A reader that has seen enough (aicost ... | head) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(ExitCode.ok);
  throw error;
});
// Nobody listens to messages: the exit code still tells.
process.stderr.on('error', () => undefined);
// What is committed stays committed: an interrupted ingest goes on where it was.
process.once('SIGINT', () => process.exit(ExitCode.interrupted));

process.exitCode = await run(processRuntime());
