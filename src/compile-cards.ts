/**
 * The last step of the build (`npm run build`): puts the schema of aicost.yaml beside the code that reads it, and
 * compiles the shipped cards into the package, so that no run of an installed aicost has to. Fails, with the place, when a shipped card has an error.
 */
import { copyFileSync, rmSync } from 'node:fs';
import { cardFiles, PACKAGED } from './config/card-files.ts';
import { compiledFiles } from './config/compiled-files.ts';
import { openCards } from './config/rate-cards.ts';
import { processRuntime } from './runtime.ts';

copyFileSync(
  new URL('../src/config/aicost.schema.json', import.meta.url),
  new URL('config/aicost.schema.json', import.meta.url),
);

// What other sources compiled is of no use any more, and would be shipped.
rmSync(PACKAGED, { recursive: true, force: true });
const packaged = compiledFiles(PACKAGED, { write: true });
const { cards } = openCards(cardFiles([]), processRuntime().now(), packaged);
for (const provider of cards.keys()) cards.get(provider);
