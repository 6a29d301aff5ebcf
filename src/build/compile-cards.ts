/**
 * The last step of the build (`npm run build`): compiles the shipped cards into the package, so that no run of
 * an installed aicost has to, and takes their digest. Fails, with the place, when a shipped card has an error.
 */
import { cardFiles, keepShippedDigest, PACKAGED } from '../config/card-files.ts';
import { compiledFiles } from '../config/compiled-files.ts';
import { openCards } from '../config/rate-cards.ts';
import { processRuntime } from '../runtime.ts';

const packaged = compiledFiles(PACKAGED, { write: true });
const { cards } = openCards(cardFiles([]), processRuntime().now(), packaged);
for (const provider of cards.keys()) cards.get(provider);
keepShippedDigest();
