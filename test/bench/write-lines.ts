import { closeSync, mkdirSync, openSync, utimesSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SessionFile } from './agent-sessions.ts';

const AT_ONCE = 1 << 20;

/** Writes lines to a file, each with its end, a megabyte at a time. Returns the bytes written. */
export function writeLines(path: string, lines: Iterable<string>): number {
  const file = openSync(path, 'w');
  let [waiting, bytes] = ['', 0];
  const flush = (): void => {
    bytes += writeSync(file, waiting);
    waiting = '';
  };
  for (const line of lines) {
    waiting += `${line}\n`;
    if (waiting.length >= AT_ONCE) flush();
  }
  flush();
  closeSync(file);
  return bytes;
}

/** Writes session files below a folder, each with the time of its last line. Returns the bytes written. */
export function writeSessions(folder: string, sessions: Iterable<SessionFile>): number {
  let bytes = 0;
  for (const { path, lines, written } of sessions) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    bytes += writeLines(file, lines);
    utimesSync(file, written / 1000, written / 1000);
  }
  return bytes;
}
