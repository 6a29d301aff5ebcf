// What opening the rate cards takes: node test/bench/rate-cards.ts [FOLDER of more cards]. Every figure is the median of fresh processes.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cardFiles, cardsDigest } from '../../src/config/card-files.ts';
import { compiledFiles } from '../../src/config/compiled-files.ts';
import { openCards } from '../../src/config/rate-cards.ts';
import { createRateBook } from '../../src/domain/rate-book.ts';

const PROCESSES = 7;

/** Opens cards, asks each of some providers for the price of one of its names, and prints the milliseconds. */
function measure(folder: string, own: readonly string[], providers: readonly string[]): void {
  const now = performance.timeOrigin;
  const began = performance.now();
  const files = cardFiles(own);
  const { cards } = openCards(files, now, compiledFiles(folder, { write: true }));
  const book = createRateBook(cards);
  const asked = providers.length === 0 ? [...cards.keys()] : providers;
  for (const provider of asked) {
    const last = cards.get(provider)?.models.at(-1);
    const rater = book.rater({
      provider,
      model: last?.aliases.at(-1)?.name ?? last?.id ?? '',
      serviceTier: undefined,
      region: undefined,
      inferenceGeo: undefined,
      aggregated: false,
    });
    rater(now, { input: 1, cache_read: 0, cache_write: 0 });
  }
  cardsDigest(files);
  process.stdout.write(`${files.length} ${performance.now() - began}\n`);
}

interface Measured {
  readonly cards: number;
  readonly medianMs: number;
}

function median(of: () => readonly [number, number]): Measured {
  const runs = Array.from({ length: PROCESSES }, of).sort(([, a], [, b]) => a - b);
  const middle = runs[Math.floor(PROCESSES / 2)];
  if (middle === undefined) throw new Error('no run');
  return { cards: middle[0], medianMs: middle[1] };
}

function main(own: readonly string[]): void {
  const root = mkdtempSync(join(tmpdir(), 'aicost-bench-'));
  const run = (folder: string, provider: string): readonly [number, number] => {
    const argv = [fileURLToPath(import.meta.url), '--measure', folder, provider, ...own];
    const { stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
    const [cards, ms] = stdout.trim().split(' ').map(Number);
    if (cards === undefined || ms === undefined) throw new Error(stderr);
    return [cards, ms];
  };
  let fresh = 0;
  const empty = (): string => join(root, `${(fresh += 1)}`);
  const warm = empty();
  run(warm, '');
  const all = { cold: median(() => run(empty(), '')), warm: median(() => run(warm, '')) };
  const one = {
    cold: median(() => run(empty(), 'openai')),
    warm: median(() => run(warm, 'openai')),
  };
  for (const [what, { cold, warm: again }] of [
    ['every card', all],
    ['openai alone', one],
  ] as const)
    process.stdout.write(
      `rate cards, ${what} of ${cold.cards}: compiled ${cold.medianMs.toFixed(1)} ms, read back ${again.medianMs.toFixed(1)} ms, ${(cold.medianMs / again.medianMs).toFixed(1)} times faster\n`,
    );
  rmSync(root, { recursive: true });
}

const [mode, folder = '', provider = '', ...own] = process.argv.slice(2);
if (mode === '--measure') measure(folder, own, provider === '' ? [] : [provider]);
else main(process.argv.slice(2));
