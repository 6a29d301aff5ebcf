import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentSessions } from './agent-sessions.ts';
import { PRODUCT_DAYS, PRODUCT_START, productEvents, type Wish } from './product-events.ts';
import { writeLines, writeSessions } from './write-lines.ts';

/** Each goes up whenever its generator writes something else than before. */
const VERSIONS = { product: 1, agents: 2, longLine: 1 };
const SEED = 1;

/** What is invented once and kept from run to run, so that a second bench starts at once. */
export const KEPT = join(tmpdir(), 'aicost-bench');

/** What productLog() wishes for. */
export const productWish = (count: number): Wish => ({
  seed: SEED,
  count,
  start: PRODUCT_START,
  days: PRODUCT_DAYS,
});

/** A log of that many calls of the invented product. */
export const productLog = (count: number): string => productFile(productWish(count));

/** A log of calls of the day after those months; another one for every number. */
export const nextLog = (count: number, number: number): string =>
  productFile({
    seed: SEED + 1 + number,
    count,
    start: PRODUCT_START + PRODUCT_DAYS * 86_400_000,
    days: 1,
  });

/** The same calls, each with the number of an order as a tag. */
export const orderLog = (count: number): string =>
  productFile({ ...productWish(count), orders: true });

const productFile = (wish: Wish): string =>
  kept(
    `product-v${VERSIONS.product}-seed${wish.seed}-${wish.count}${wish.orders ? '-orders' : ''}.jsonl`,
    (path) => writeLines(path, productEvents(wish)),
  );

/** A home of agent logs with that many session files. */
export const agentHome = (files: number): string =>
  kept(`agents-v${VERSIONS.agents}-seed${SEED}-${files}`, (path) =>
    writeSessions(path, agentSessions({ seed: SEED, files })),
  );

/** A log with one line of 200 MB between calls, as a service writes that logs what it was sent. */
export const longLineLog = (): string =>
  kept(`long-line-v${VERSIONS.longLine}.jsonl`, (path) => {
    const wish = { seed: SEED, count: 1_000, start: PRODUCT_START, days: 1 };
    writeLines(path, [
      ...productEvents(wish),
      JSON.stringify({ prompt: 'x'.repeat(200 << 20) }),
      ...productEvents({ ...wish, seed: SEED + 1 }),
    ]);
  });

/** A file or folder of KEPT, written when it is not there yet; never seen half written. */
function kept(name: string, write: (path: string) => void): string {
  const path = join(KEPT, name);
  if (existsSync(path)) return path;
  mkdirSync(KEPT, { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  process.stderr.write(`inventing ${path}\n`);
  write(unfinished);
  renameSync(unfinished, path);
  return path;
}
