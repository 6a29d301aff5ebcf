import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** One folder holds whatever the tests of a run write, so that a run leaves nothing on the machine. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'aicost-tests-'));
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
