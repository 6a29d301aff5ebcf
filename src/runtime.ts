import process from 'node:process';
import type { SendHttp } from './http.ts';
import { machineZone } from './machine-zone.ts';

/** All that aicost may touch outside its own memory. bin/ passes the real one, tests a fake one. */
export interface Runtime {
  /** Arguments after `aicost`. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Width of the terminal in columns; 80 when stdout is none. */
  readonly columns: number;
  /** Whether stdin is a terminal that a person types at; stdout, and stderr, one that a person looks at. */
  readonly terminal: { readonly in: boolean; readonly out: boolean; readonly err: boolean };
  /** The one clock: milliseconds since 1970 UTC. */
  readonly now: () => number;
  /** IANA zone that days are counted in unless asked otherwise. */
  readonly timeZone: string;
  readonly out: (text: string) => void;
  /** Waits until what was written has gone to the reader, so that long output does not pile up. */
  readonly flushed: () => Promise<void>;
  readonly err: (text: string) => void;
  /** Bytes of standard input. */
  readonly stdin: () => AsyncIterable<Buffer>;
  /** The only way to the network, which `aicost comment` alone takes. */
  readonly http: SendHttp;
  /** The streams of a screen that is drawn and typed at; only for a terminal. */
  readonly screen: () => { readonly stdin: NodeJS.ReadStream; readonly stdout: NodeJS.WriteStream };
  /** Calls back when the user wants it to stop (SIGINT, SIGTERM, SIGHUP), instead of ending at once. */
  readonly onInterrupt: (stop: () => void) => void;
  /** Ends after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** The world as it is. */
export function processRuntime(): Runtime {
  // Standard input and errors are opened when they are asked for, which most commands never do.
  const { stdout, env } = process;
  return {
    argv: process.argv.slice(2),
    env,
    cwd: process.cwd(),
    columns: columnsOf(env['COLUMNS']) ?? stdout.columns ?? 80,
    terminal: {
      get in() {
        return process.stdin.isTTY === true;
      },
      out: stdout.isTTY === true,
      get err() {
        return process.stderr.isTTY === true;
      },
    },
    now: () => Date.now(),
    // Asked only by commands that cut days.
    get timeZone() {
      return machineZone(env);
    },
    out: (text) => void stdout.write(text),
    flushed: () =>
      new Promise((resolve) => {
        if (stdout.writableNeedDrain) stdout.once('drain', resolve);
        else resolve();
      }),
    err: (text) => void process.stderr.write(text),
    stdin: () => process.stdin,
    http: async (request) => (await import('./http.ts')).sendHttp(request),
    screen: () => ({ stdin: process.stdin, stdout }),
    onInterrupt(stop) {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        process.removeAllListeners(signal);
        process.once(signal, stop);
      }
    },
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
}

function columnsOf(text: string | undefined): number | undefined {
  const columns = Number(text);
  return Number.isInteger(columns) && columns >= 20 ? columns : undefined;
}
