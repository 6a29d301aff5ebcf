import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The command as users start it. It runs what `npm run build` wrote. */
export const BIN = join(import.meta.dirname, '../../bin/aicost.js');

/** How a process ended, and what it said. */
export interface Exited {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** This process's world with a folder as home, and nothing kept anywhere else. */
export const worldOf = (home: string): NodeJS.ProcessEnv => ({
  ...process.env,
  HOME: home,
  XDG_CACHE_HOME: '',
  AICOST_CACHE: '',
});

/** Starts aicost and says when it has ended. */
export function start(
  argv: readonly string[],
  cwd: string,
): {
  readonly child: ChildProcess;
  readonly ended: Promise<Exited>;
} {
  const child = spawn(process.execPath, [BIN, ...argv], {
    cwd,
    env: worldOf(cwd),
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (err += text));
  const ended = new Promise<Exited>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, out, err }));
  });
  return { child, ended };
}

/** Runs aicost to its end. Throws when it does not end with 0. */
export function mustRun(argv: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...argv], {
    cwd,
    env: worldOf(cwd),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`aicost ${argv.join(' ')} ended with ${status}\n${stderr}`);
  return stdout;
}

/** Calls as lines, different from run to run of the loop and equal from test to test; a tenth carries no id. */
export function manyCalls(count: number): string {
  const lines: string[] = [];
  for (let n = 0; n < count; n += 1)
    lines.push(
      JSON.stringify({
        ...(n % 10 === 0 ? {} : { id: `call-${n}` }),
        time: new Date(Date.UTC(2026, 10, 1) + (n % 5000) * 60_000).toISOString(),
        provider: 'openai',
        model: n % 3 === 0 ? 'gpt-4o' : 'gpt-4o-mini',
        input_tokens: n % 10 === 0 ? 5 : 100 + (n % 977),
        output_tokens: n % 10 === 0 ? 1 : n % 101,
        tags: { feature: `f${n % 7}`, user: `u${n % 31}` },
      }),
    );
  return `${lines.join('\n')}\n`;
}

/** How long a whole ingest takes, and how much of that is spent before the first record. */
export interface Pace {
  readonly wholeMs: number;
  readonly startMs: number;
}

/** Ingests a log undisturbed and takes the time. */
export function paceOf(log: string, ledger: string, cwd: string): Pace {
  const timed = (argv: readonly string[]): number => {
    const began = performance.now();
    mustRun(argv, cwd);
    return performance.now() - began;
  };
  const wholeMs = timed(['ingest', log, '--ledger', ledger]);
  // The file is read by now, so that this is the start alone.
  return { wholeMs, startMs: timed(['ingest', log, '--ledger', ledger]) };
}

/**
 * Ingests a log into a ledger, killing the process without warning a number of times on the way, each
 * time a little further. Returns how often it was really killed.
 */
export async function ingestUnderFire(
  log: string,
  ledger: string,
  cwd: string,
  kills: number,
  { wholeMs, startMs }: Pace,
): Promise<number> {
  let killed = 0;
  // A fixed walk instead of chance, so that a failure can be seen again. On average each run gets its share.
  for (let n = 0; n < kills; n += 1) {
    const { child, ended } = start(['ingest', log, '--ledger', ledger, '--quiet'], cwd);
    const share = ((wholeMs - startMs) / kills) * 2 * ((n * 0.618) % 1);
    const timer = setTimeout(() => child.kill('SIGKILL'), startMs * 0.9 + share);
    const { signal } = await ended;
    clearTimeout(timer);
    if (signal === 'SIGKILL') killed += 1;
  }
  return killed;
}
