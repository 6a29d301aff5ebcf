import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder } from '../support/fake-runtime.ts';
import { ingestUnderFire, manyCalls, mustRun, paceOf } from '../support/processes.ts';

// `npm run soak`: kills an ingest twenty times on its way, and holds the ledger against an undisturbed one: of one
// file, and of the same calls in a folder of many. Both are large enough for a thread of their own.
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const CALLS = manyCalls(200_000);
const LINES_A_FILE = 900;

async function survives(what: string, write: (path: string) => void): Promise<boolean> {
  const folder = freshFolder();
  const log = join(folder, 'calls.jsonl');
  write(log);
  const pace = paceOf(log, 'whole.db', folder);
  say(`an undisturbed ingest of ${what} takes ${Math.round(pace.wholeMs)} ms`);
  const killed = await ingestUnderFire(log, 'fire.db', folder, 20, pace);
  mustRun(['ingest', log, '--ledger', 'fire.db'], folder);
  mustRun(['doctor', '--ledger', 'fire.db'], folder);
  const [fire, whole] = ['fire.db', 'whole.db'].map((ledger) =>
    mustRun(['export', 'events', '--ledger', ledger], folder),
  );
  say(
    `killed ${killed} times; the ledgers are ${fire === whole ? 'equal' : 'DIFFERENT'} (${folder})`,
  );
  return fire === whole && killed > 0;
}

function writeFolder(folder: string): void {
  mkdirSync(folder);
  const lines = CALLS.split('\n').slice(0, -1);
  for (let n = 0; n < lines.length; n += LINES_A_FILE)
    writeFileSync(
      join(folder, `${1_000_000 + n}.jsonl`),
      `${lines.slice(n, n + LINES_A_FILE).join('\n')}\n`,
    );
}

const file = await survives('one file', (path) => writeFileSync(path, CALLS));
const many = await survives('a folder', writeFolder);
process.exitCode = file && many ? 0 : 1;
