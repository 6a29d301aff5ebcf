import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../../src/cli.ts';
import type { ExitCode } from '../../src/errors.ts';
import type { Runtime } from '../../src/runtime.ts';

/** The one time of every test. */
export const NOW = Date.parse('2026-11-21T12:00:00Z');

/** What a test may choose of the world. */
export interface World {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly terminal?: Runtime['terminal'];
  readonly stdin?: string | Buffer;
  /** Milliseconds UTC; NOW when left out. */
  readonly now?: number;
  /** Bytes of standard input that arrive at once; all of them when left out. */
  readonly chunk?: number;
  /** The network; there is none when left out. Waiting takes no time, and is told to `waited`. */
  readonly http?: Runtime['http'];
  readonly waited?: (milliseconds: number) => void;
  /** Milliseconds that the clock moves on at every look; it stands still when left out. */
  readonly ticks?: number;
  /** Called with what stops a command that goes on until it is interrupted. */
  readonly interrupts?: (stop: () => void) => void;
}

/** A command that has ended. */
export interface Ended {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** A folder of its own below the system's temporary one. */
export const freshFolder = (): string => mkdtempSync(join(tmpdir(), 'aicost-'));

/** Runs one command line in a made-up world and says what it printed. */
export async function runIn(world: World, argv: readonly string[]): Promise<Ended> {
  let [out, err] = ['', ''];
  let time = world.now ?? NOW;
  const bytes = Buffer.from(world.stdin ?? '');
  const size = Math.max(1, world.chunk ?? bytes.length);
  const code = await run({
    argv,
    env: { ...world.env },
    cwd: world.cwd ?? tmpdir(),
    columns: world.columns ?? 80,
    terminal: world.terminal ?? { in: false, out: false, err: false },
    now: () => (time += world.ticks ?? 0),
    timeZone: 'UTC',
    out: (text) => void (out += text),
    flushed: () => Promise.resolve(),
    err: (text) => void (err += text),
    stdin: async function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    },
    http: world.http ?? (() => Promise.reject(new Error('this test has no network'))),
    screen: () => {
      throw new Error('this test has no terminal');
    },
    onInterrupt: (stop) => world.interrupts?.(stop),
    wait: async (milliseconds) => world.waited?.(milliseconds),
  });
  return { code, out, err };
}

/** A folder with a ledger of its own, and commands that use them. */
export interface Desk {
  readonly folder: string;
  readonly ledger: string;
  /** Writes a file below the folder and returns its path. */
  readonly write: (name: string, content: string | Buffer) => string;
  readonly aicost: (...argv: string[]) => Promise<Ended>;
  /** As `aicost`, in a world that differs. */
  readonly aicostIn: (world: World, ...argv: string[]) => Promise<Ended>;
  /** As `aicost`, failing the test with what was printed unless it ends with 0. */
  readonly must: (...argv: string[]) => Promise<string>;
  /** Every event, as `aicost export events` prints it. */
  readonly events: () => Promise<readonly ExportedEvent[]>;
  /** The facts that `aicost ingest --format json` prints. */
  readonly ingest: (...argv: string[]) => Promise<IngestFacts>;
}

/** What tests read of an exported event. */
export interface ExportedEvent {
  readonly id: string;
  readonly time: string | null;
  readonly source: { readonly format: string; readonly file: string | null; readonly line: number };
  readonly model: string;
  readonly provider: string;
  readonly status: string;
  readonly usage: Readonly<Record<string, unknown>>;
  readonly cost_usd: string | null;
  readonly reported_cost_usd: string | null;
  readonly latency_ms: number | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly labels?: readonly string[];
}

/** The counts of an ingest. */
export interface IngestFacts {
  readonly files: number;
  readonly files_unchanged: number;
  readonly records: number;
  readonly new: number;
  readonly duplicate: number;
  readonly completed: number;
  readonly skipped: number;
  readonly rejected: number;
  readonly unfinished: number;
}

/** Lays a desk: an empty folder in which nothing outside it is found. */
export function desk(): Desk {
  const folder = freshFolder();
  const ledger = join(folder, 'ledger.db');
  const own: World = { cwd: folder, env: { HOME: folder, AICOST_LEDGER: ledger } };
  const aicostIn = (world: World, ...argv: string[]): Promise<Ended> =>
    runIn({ ...own, ...world, env: { ...own.env, ...world.env } }, argv);
  const must = async (...argv: string[]): Promise<string> => {
    const { code, out, err } = await aicostIn({}, ...argv);
    if (code !== 0) throw new Error(`aicost ${argv.join(' ')} ended with ${code}\n${err}`);
    return out;
  };
  return {
    folder,
    ledger,
    write(name, content) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    aicost: (...argv) => aicostIn({}, ...argv),
    aicostIn,
    must,
    events: async () => linesOf(await must('export', 'events')),
    ingest: async (...argv) => JSON.parse(await must('ingest', '--format', 'json', ...argv)),
  };
}

/** The objects of JSON lines. */
export const linesOf = (text: string): ExportedEvent[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): ExportedEvent => JSON.parse(line));

/** Records as JSON lines. */
export const jsonl = (...records: readonly unknown[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

/** Events without the place they were read from, sorted by id: what must not depend on the order of ingest. */
export const placeless = (events: readonly ExportedEvent[]): readonly unknown[] =>
  events

    .map((event) => ({ ...event, source: undefined }))
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));

/** A call in aicost's own flat form. */
export const call = (more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  time: '2026-11-02T09:00:00.000Z',
  provider: 'openai',
  model: 'gpt-4o-mini',
  input_tokens: 1000,
  output_tokens: 100,
  ...more,
});
