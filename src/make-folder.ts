import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those it lies in, as far as they are not there; those made are for their owner alone unless a
 * `mode` says otherwise. Throws the error of the file system. Node's own `recursive` never returns where a file system
 * answers "no such folder" to whoever wants to make one, as below /proc (Node 24, 2026-11-22).
 */
export function makeFolder(folder: string, mode = 0o700): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder), mode);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    // Somebody else may have made it since.
    if (!existsSync(folder)) throw error;
  }
}
