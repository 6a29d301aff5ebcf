import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A program to start, and where. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** What whole processes took, from before their start until after their end. */
export interface Taken {
  readonly wallMs: number;
  /** User and system time of all threads. Absent where the system does not tell. */
  readonly cpuMs?: number;
  /** Largest resident set in megabytes of 1,048,576 bytes. Absent where the system does not tell. */
  readonly peakMb?: number;
}

/** A process that has ended well, and what it printed. */
export interface Ran extends Taken {
  readonly out: string;
}

/** Runs a program to its end. Throws when it does not end with 0. */
export async function measured(command: Command): Promise<Ran> {
  const began = performance.now();
  const child = startOf(command);
  const watch = process.platform === 'linux' ? watchProc(child) : undefined;
  let [out, err] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => void (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => void (err += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const wallMs = performance.now() - began;
  const resources = watch?.() ?? toldByTime(err);
  if (code !== 0)
    throw new Error(`${command.program} ${command.args.join(' ')} ended with ${code}\n${err}`);
  return { wallMs, ...resources, out };
}

// Where there is no /proc, on a Mac, the system's time(1) tells.
const startOf = ({ program, args, cwd, env }: Command): ChildProcess =>
  process.platform === 'darwin'
    ? spawn('/usr/bin/time', ['-l', program, ...args], { cwd, env })
    : spawn(program, args, { cwd, env });

type Resources = Omit<Taken, 'wallMs'>;

const LOOK_EVERY_MS = 10;
/** Linux counts processor time for /proc in hundredths of a second on every machine. */
const MS_A_TICK = 10;

/** Looks at /proc until asked for what it saw: the highest memory is the kernel's own mark, processor time lacks at most the last look. */
function watchProc(child: ChildProcess): () => Resources {
  let seen: Resources = {};
  const look = (): void => {
    const status = procFile(child, 'status');
    const highest = /^VmHWM:\s*(\d+) kB/m.exec(status)?.[1];
    // Fields after the name, which may hold anything but ends with the last parenthesis: utime and stime are the 12th and 13th.
    const fields = procFile(child, 'stat').split(') ').at(-1)?.split(' ') ?? [];
    const ticks = Number(fields[11]) + Number(fields[12]);
    if (highest !== undefined && !Number.isNaN(ticks))
      seen = { peakMb: Number(highest) / 1024, cpuMs: ticks * MS_A_TICK };
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return () => {
    clearInterval(timer);
    return seen;
  };
}

function procFile(child: ChildProcess, name: string): string {
  try {
    return readFileSync(`/proc/${child.pid}/${name}`, 'utf8');
  } catch {
    return ''; // It has ended.
  }
}

/** What `time -l` of a Mac says at the end of what a program wrote to stderr. */
export function toldByTime(err: string): Resources {
  const [, user, system] = /([\d.]+) user\s+([\d.]+) sys/.exec(err) ?? [];
  const bytes = /(\d+)\s+maximum resident set size/.exec(err)?.[1];
  return {
    ...(user !== undefined && { cpuMs: (Number(user) + Number(system)) * 1000 }),
    ...(bytes !== undefined && { peakMb: Number(bytes) / 1_048_576 }),
  };
}

/** Processes one after another as one piece of work; prints are those of the last. */
export async function inSequence(commands: readonly Command[]): Promise<Ran> {
  const runs: Ran[] = [];
  for (const command of commands) runs.push(await measured(command));
  return { ...sumOf(runs), out: runs.at(-1)?.out ?? '' };
}

const sumOf = (runs: readonly Ran[]): Taken => ({
  wallMs: total(runs.map(({ wallMs }) => wallMs)),
  ...whenAll(runs, 'cpuMs', total),
  ...whenAll(runs, 'peakMb', (values) => Math.max(...values)),
});

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** The median of each measure by itself. */
export const medianOf = (runs: readonly Taken[]): Taken => ({
  wallMs: middle(runs.map(({ wallMs }) => wallMs)),
  ...whenAll(runs, 'cpuMs', middle),
  ...whenAll(runs, 'peakMb', middle),
});

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new Error('no run');
  return (lower + upper) / 2;
}

function whenAll(
  runs: readonly Taken[],
  measure: 'cpuMs' | 'peakMb',
  of: (values: readonly number[]) => number,
): Resources {
  const values = runs.flatMap((run) => run[measure] ?? []);
  return values.length === runs.length ? { [measure]: of(values) } : {};
}

/** What both sides took, run for run. */
export interface Turns {
  readonly ours: readonly Ran[];
  /** Empty without a peer. */
  readonly theirs: readonly Ran[];
}

/** Lets us and a peer run in turns, A B A B, so that what else the machine does hits both. */
export async function inTurns(
  rounds: number,
  ours: (round: number) => Promise<Ran>,
  theirs?: (round: number) => Promise<Ran>,
): Promise<Turns> {
  const turns: { ours: Ran[]; theirs: Ran[] } = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round += 1) {
    turns.ours.push(await ours(round));
    if (theirs !== undefined) turns.theirs.push(await theirs(round));
  }
  return turns;
}
