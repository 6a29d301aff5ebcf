import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { InventedFile } from '../demo/invented-month.ts';
import { UserError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { makeFolder } from '../make-folder.ts';
import { dataFolder } from './places.ts';

/** Where a demo keeps its logs and its ledger; both begin anew. */
export interface DemoFolder {
  readonly logs: string;
  readonly ledger: string;
}

/** Says that everything in the folder was invented, and may be written over. */
const MARK = '.made-by-aicost-demo';

/** The file that `demo --live` goes on writing to. */
export const LIVE_LOG = 'live.jsonl';

/**
 * Makes a folder for a demo and writes its logs. One that the user names has to be new, empty or made by a demo, since
 * a ledger in it begins anew; files that no demo wrote stay. Throws UserError.
 */
export function makeDemoFolder(
  dir: string | undefined,
  name: string,
  files: readonly InventedFile[],
  runtime: Runtime,
): DemoFolder {
  const folder = dir === undefined ? join(dataFolder(runtime), name) : resolve(runtime.cwd, dir);
  const logs = join(folder, 'logs');
  const ledger = join(folder, 'ledger.db');
  const strange = existsSync(folder) && !existsSync(join(folder, MARK));
  if (dir !== undefined && strange && readdirSync(folder).length > 0)
    throw new UserError(`--dir: ${dir} holds files that aicost demo did not make`, {
      hint: 'Name a folder that is new or empty: the demo begins its logs and its ledger anew.',
    });
  makeFolder(logs);
  writeFileSync(join(folder, MARK), '', { mode: 0o600 });
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${ledger}${suffix}`, { force: true });
  rmSync(join(logs, LIVE_LOG), { force: true });
  for (const { name: file, lines } of files)
    writeFileSync(join(logs, file), `${lines.join('\n')}\n`, { mode: 0o600 });
  return { logs, ledger };
}
