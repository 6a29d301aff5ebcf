// Writes what the bench reads, for looking at it or for a run by hand:
//   node test/bench/generate.ts product LINES FILE [SEED]
//   node test/bench/generate.ts agents FILES FOLDER [SEED]
import { agentSessions } from './agent-sessions.ts';
import { PRODUCT_DAYS, PRODUCT_START, productEvents } from './product-events.ts';
import { writeLines, writeSessions } from './write-lines.ts';

const [what, wanted, path, seedText = '1'] = process.argv.slice(2);
const [count, seed] = [Number(wanted), Number(seedText)];
const say = (text: string): void => void process.stdout.write(`${text}\n`);
if (what === 'product' && count > 0 && path !== undefined) {
  const bytes = writeLines(
    path,
    productEvents({ seed, count, start: PRODUCT_START, days: PRODUCT_DAYS }),
  );
  say(`${path}: ${count} lines, ${bytes} bytes`);
} else if (what === 'agents' && count > 0 && path !== undefined) {
  say(
    `${path}: ${count} files, ${writeSessions(path, agentSessions({ seed, files: count }))} bytes`,
  );
} else {
  process.stderr.write('node test/bench/generate.ts product LINES FILE | agents FILES FOLDER\n');
  process.exitCode = 2;
}
