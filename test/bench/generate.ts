// Writes what the bench reads, for looking at it or for a run by hand:
//   node test/bench/generate.ts product 1000000 calls.jsonl [SEED]
import { PRODUCT_DAYS, PRODUCT_START, productEvents } from './product-events.ts';
import { writeLines } from './write-lines.ts';

const [what, count, path, seed = '1'] = process.argv.slice(2);
if (what === 'product' && Number(count) > 0 && path !== undefined) {
  const wish = { seed: Number(seed), start: PRODUCT_START, days: PRODUCT_DAYS };
  const bytes = writeLines(path, productEvents({ ...wish, count: Number(count) }));
  process.stdout.write(`${path}: ${count} lines, ${bytes} bytes\n`);
} else {
  process.stderr.write('node test/bench/generate.ts product LINES FILE [SEED]\n');
  process.exitCode = 2;
}
