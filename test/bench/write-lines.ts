import { closeSync, openSync, writeSync } from 'node:fs';

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
