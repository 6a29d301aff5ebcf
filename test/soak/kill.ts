import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder } from '../support/fake-runtime.ts';
import { ingestUnderFire, manyCalls, mustRun, paceOf } from '../support/processes.ts';

// `npm run soak`: kills an ingest twenty times on its way, and holds the ledger against an undisturbed one.
const folder = freshFolder();
const log = join(folder, 'calls.jsonl');
const say = (text: string): void => void process.stdout.write(`${text}\n`);

writeFileSync(log, manyCalls(200_000));
const pace = paceOf(log, 'whole.db', folder);
say(`an undisturbed ingest takes ${Math.round(pace.wholeMs)} ms`);

const killed = await ingestUnderFire(log, 'fire.db', folder, 20, pace);
mustRun(['ingest', log, '--ledger', 'fire.db'], folder);
mustRun(['doctor', '--ledger', 'fire.db'], folder);
const [fire, whole] = ['fire.db', 'whole.db'].map((ledger) =>
  mustRun(['export', 'events', '--ledger', ledger], folder),
);
say(
  `killed ${killed} times; the ledgers are ${fire === whole ? 'equal' : 'DIFFERENT'} (${folder})`,
);
process.exitCode = fire === whole && killed > 0 ? 0 : 1;
