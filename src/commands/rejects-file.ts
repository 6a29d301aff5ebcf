import { closeSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { cleanText } from '../render/clean-text.ts';

/** A file that takes one line per rejected record. */
export interface RejectsFile {
  readonly write: (line: string) => void;
  readonly close: () => void;
}

/** Makes the file, readable for its owner only, over what was there. Throws UserError. */
export function openRejects(file: string, cwd: string): RejectsFile {
  let handle: number;
  try {
    handle = openSync(resolve(cwd, file), 'w', 0o600);
  } catch (cause) {
    throw new UserError(`--rejects: cannot write ${file}`, { cause });
  }
  return {
    write: (line) => void writeSync(handle, `${cleanText(line)}\n`),
    close: () => closeSync(handle),
  };
}
