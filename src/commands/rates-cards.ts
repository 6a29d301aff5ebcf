import type { Command } from 'commander';
import { resolve } from 'node:path';
import type { CompiledFiles } from '../config/compiled-files.ts';
import type { CardsByProvider } from '../config/rate-cards.ts';
import type { Runtime } from '../runtime.ts';
import { repeated } from './flags.ts';
import { cardCacheFolder, findUpward } from './places.ts';
import type { CommonFlags } from './session.ts';

/** Flags of commands that read rate cards and no ledger. */
export interface RatesFlags extends CommonFlags {}

/** Adds the flags that choose rate cards. */
export const withRates = (command: Command): Command =>
  command
    .optionsGroup('Which cards:')
    .option('--rates <path>', 'own rate cards over the shipped ones; repeatable', repeated)
    .option('--config <file>', 'aicost.yaml to use (default: the nearest upward)');

/** The user's own cards: those of aicost.yaml, then those of --rates. */
export async function ownRates(runtime: Runtime, flags: RatesFlags): Promise<readonly string[]> {
  const config =
    flags.config === undefined
      ? findUpward(runtime.cwd, 'aicost.yaml')
      : resolve(runtime.cwd, flags.config);
  const configured =
    config === undefined ? [] : (await import('../config/settings.ts')).readSettings(config).rates;
  return [...configured, ...(flags.rates ?? []).map((path) => resolve(runtime.cwd, path))];
}

/** All cards in force, and the newest day on which one of them was checked. */
export async function loadCards(runtime: Runtime, flags: RatesFlags): Promise<CardsByProvider> {
  const [{ cardFiles }, { ownFiles }, { openCards }] = await Promise.all([
    import('../config/card-files.ts'),
    import('../config/overlay-files.ts'),
    import('../config/rate-cards.ts'),
  ]);
  const files = cardFiles(ownFiles(await ownRates(runtime, flags)).cards);
  return openCards(files, runtime.now(), await compiledCards(runtime, { write: true }));
}

/** Cards that the build or earlier runs compiled. With `write` this run keeps its own, where there is a place. */
export async function compiledCards(
  runtime: Runtime,
  options: { readonly write: boolean },
): Promise<CompiledFiles> {
  const [{ compiledFiles, layered, packagedFiles }, { PACKAGED }] = await Promise.all([
    import('../config/compiled-files.ts'),
    import('../config/card-files.ts'),
  ]);
  const packaged = packagedFiles(PACKAGED);
  const folder = cardCacheFolder(runtime);
  return folder === undefined ? packaged : layered(packaged, compiledFiles(folder, options));
}
