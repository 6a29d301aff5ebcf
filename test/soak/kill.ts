import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SESSION_FILES } from '../bench/agent-sessions.ts';
import { agentHome } from '../bench/corpus.ts';
import { freshFolder } from '../support/fake-runtime.ts';
import { ingestUnderFire, manyCalls, mustRun, paceOf } from '../support/processes.ts';

// `npm run soak`: kills an ingest twenty times on its way, and holds the ledger against an undisturbed one: of one
// file, of the same calls in a folder of many, and of agents' sessions with snapshots and copies, which the bench
// keeps. All are large enough for a thread of their own.
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const CALLS = manyCalls(200_000);
const LINES_A_FILE = 900;

async function survives(what: string, logIn: (folder: string) => string): Promise<boolean> {
  const folder = freshFolder();
  const log = logIn(folder);
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

function oneFile(folder: string): string {
  const file = join(folder, 'calls.jsonl');
  writeFileSync(file, CALLS);
  return file;
}

function manyFiles(folder: string): string {
  const logs = join(folder, 'calls');
  mkdirSync(logs);
  const lines = CALLS.split('\n').slice(0, -1);
  for (let n = 0; n < lines.length; n += LINES_A_FILE)
    writeFileSync(
      join(logs, `${1_000_000 + n}.jsonl`),
      `${lines.slice(n, n + LINES_A_FILE).join('\n')}\n`,
    );
  return logs;
}

const survived = [
  await survives('one file', oneFile),
  await survives('a folder', manyFiles),
  await survives("agents' sessions", () => agentHome(SESSION_FILES)),
];
process.exitCode = survived.every(Boolean) ? 0 : 1;
