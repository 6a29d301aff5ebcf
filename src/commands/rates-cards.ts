import type { Command } from 'commander';
import { resolve } from 'node:path';
import type { Settings } from '../config/settings.ts';
import type { Deployments } from '../domain/deployments.ts';
import type { RateCard } from '../domain/rate-card.ts';
import type { Runtime } from '../runtime.ts';
import { repeated } from './flags.ts';
import { findUpward } from './places.ts';
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
  return ratesOf(await settingsOf(runtime, flags), runtime, flags);
}

async function settingsOf(runtime: Runtime, flags: RatesFlags): Promise<Settings> {
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
): Promise<{
  readonly cards: ReadonlyMap<string, RateCard>;
  readonly asOf: string;
  readonly deployments: Deployments | undefined;
}> {
  const [{ cardFiles }, { ownFiles }, { readCards }] = await Promise.all([
    import('../config/card-files.ts'),
    import('../config/overlay-files.ts'),
    import('../config/rate-cards.ts'),
  ]);
  const settings = await settingsOf(runtime, flags);
  const own = ownFiles(ratesOf(settings, runtime, flags));
  const cards = readCards(cardFiles(own.cards), runtime.now());
  return {
    cards,
    deployments: settings.deployments,
    asOf:
      [...cards.values()]
        .map((card) => card.asOf)
        .sort()
        .at(-1) ?? '',
  };
}
