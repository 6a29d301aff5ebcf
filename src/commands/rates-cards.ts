import type { Command } from 'commander';
import { resolve } from 'node:path';
import type { CompiledFiles } from '../config/compiled-files.ts';
import type { CardsByProvider } from '../config/rate-cards.ts';
import type { Settings } from '../config/settings.ts';
import type { Deployments } from '../domain/deployments.ts';
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

/** What the user names for rates: cards, contracts, own hardware, folders of them; of aicost.yaml, then of --rates. */
export async function ownRates(runtime: Runtime, flags: RatesFlags): Promise<readonly string[]> {
  return ratesOf(await settingsOf(runtime, flags), runtime, flags);
}

/** The user's aicost.yaml; nothing but defaults where there is none. */
export async function settingsOf(runtime: Runtime, flags: RatesFlags): Promise<Settings> {
  const config =
    flags.config === undefined
      ? findUpward(runtime.cwd, 'aicost.yaml')
      : resolve(runtime.cwd, flags.config);
  return config === undefined
    ? { rates: [] }
    : (await import('../config/settings.ts')).readSettings(config);
}

const ratesOf = (settings: Settings, runtime: Runtime, flags: RatesFlags): readonly string[] => [
  ...settings.rates,
  ...(flags.rates ?? []).map((path) => resolve(runtime.cwd, path)),
];

/** All cards in force, the newest day on which one of them was checked, and the account's own names for models. */
export async function loadCards(
  runtime: Runtime,
  flags: RatesFlags,
): Promise<CardsByProvider & { readonly deployments: Deployments | undefined }> {
  const [{ cardFiles }, { ownFiles }, { openCards }] = await Promise.all([
    import('../config/card-files.ts'),
    import('../config/overlay-files.ts'),
    import('../config/rate-cards.ts'),
  ]);
  const settings = await settingsOf(runtime, flags);
  const files = cardFiles(ownFiles(ratesOf(settings, runtime, flags)).cards);
  const compiled = await compiledCards(runtime, { write: true });
  return { ...openCards(files, runtime.now(), compiled), deployments: settings.deployments };
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
