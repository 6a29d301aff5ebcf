import module from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

// Before anything else is loaded: what the engine has compiled once it need not compile again. It lies beside
// the code, in no folder of the user's; where that cannot be written nothing is kept, and nothing is said.
const code = fileURLToPath(new URL('code', import.meta.url));
module.enableCompileCache(code);
// Where threads look for it.
process.env['NODE_COMPILE_CACHE'] ??= code;

// React is three times as slow where it is not told that nobody develops it here.
process.env['NODE_ENV'] ??= 'production';

/** Loads and runs the command. A function, since waiting at the top of a file keeps rolldown from joining files. */
async function start(): Promise<void> {
  const [{ run }, { ExitCode }, { processRuntime }] = await Promise.all([
    import('./cli.ts'),
    import('./errors.ts'),
    import('./runtime.ts'),
  ]);

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
}

void start();
