import type { Command } from 'commander';
import { resolve } from 'node:path';
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
  const config =
    flags.config === undefined
      ? findUpward(runtime.cwd, 'aicost.yaml')
      : resolve(runtime.cwd, flags.config);
  const configured =
    config === undefined ? [] : (await import('../config/settings.ts')).readSettings(config).rates;
  return [...configured, ...(flags.rates ?? []).map((path) => resolve(runtime.cwd, path))];
}

/** All cards in force, and the newest day on which one of them was checked. */
export async function loadCards(
  runtime: Runtime,
  flags: RatesFlags,
): Promise<{ readonly cards: ReadonlyMap<string, RateCard>; readonly asOf: string }> {
  const [{ cardFiles }, { ownFiles }, { readCards }] = await Promise.all([
    import('../config/card-files.ts'),
    import('../config/overlay-files.ts'),
    import('../config/rate-cards.ts'),
  ]);
  const cards = readCards(cardFiles(ownFiles(await ownRates(runtime, flags)).cards), runtime.now());
  return {
    cards,
    asOf:
      [...cards.values()]
        .map((card) => card.asOf)
        .sort()
        .at(-1) ?? '',
  };
}
