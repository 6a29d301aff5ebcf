import { Command, Option } from 'commander';
import type { RateCard } from '../domain/rate-card.ts';
import { ROW_STATUSES } from '../domain/rate-card.ts';
import { providerName } from '../domain/provider-names.ts';
import { UserError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { type OutputFlags, withOutput } from './flags.ts';
import { printAnswer } from './print-answer.ts';
import { loadCards, type RatesFlags, withRates } from './rates-cards.ts';

interface ListFlags extends OutputFlags, RatesFlags {
  readonly provider?: string;
  readonly kind?: string;
  readonly status?: string;
  readonly all?: boolean;
}

/** `aicost rates list`: the providers, or the models of one of them, with their prices of now. */
export function listCommand(runtime: Runtime): Command {
  const command = new Command('list')
    .description(
      'Providers with a rate card. With --provider or --all: every model that has a\nprice now, in USD per million tokens.',
    )
    .optionsGroup('Which models:')
    .option('--provider <name>', 'the models of this provider')
    .option('--all', 'the models of all providers')
    .option('--kind <name>', 'only models of a kind: chat, embedding, image, ...')
    .addOption(
      new Option('--status <name>', 'only prices that are known so well').choices([
        ...ROW_STATUSES,
      ]),
    );
  return withOutput(withRates(command))
    .addHelpText(
      'after',
      `
Examples:
  $ aicost rates list
  $ aicost rates list --provider openai --kind embedding
  $ aicost rates list --all --format csv > prices.csv`,
    )
    .action(async (flags: ListFlags) => {
      const [{ cards }, { ratesListReport, ratesProvidersReport }] = await Promise.all([
        loadCards(runtime, flags),
        import('../reports/rates-list-report.ts'),
      ]);
      const choice = {
        ...(flags.kind === undefined ? {} : { kind: knownKind(cards, flags.kind) }),
        ...(flags.status === undefined ? {} : { status: flags.status }),
      };
      const now = runtime.now();
      const answer =
        flags.provider === undefined && flags.all !== true
          ? ratesProvidersReport([...cards.values()], now, choice)
          : ratesListReport(chosen(cards, flags.provider), now, choice);
      await printAnswer(answer, flags, runtime);
    });
}

/** The cards of a provider, or all of them. Throws UserError for a provider without a card. */
export function chosen(
  cards: ReadonlyMap<string, RateCard>,
  written: string | undefined,
): readonly RateCard[] {
  if (written === undefined) return [...cards.values()];
  const card = cards.get(written) ?? cards.get(providerName(written));
  if (card !== undefined) return [card];
  throw new UserError(`no rate card for provider "${written}"`, {
    hint: `Known: ${[...cards.keys()].sort().join(', ')}.`,
  });
}

function knownKind(cards: ReadonlyMap<string, RateCard>, kind: string): string {
  const kinds = new Set([...cards.values()].flatMap(({ models }) => models.map((one) => one.kind)));
  if (kinds.has(kind)) return kind;
  throw new UserError(`--kind: no model is of kind "${kind}"`, {
    hint: `Known: ${[...kinds].sort().join(', ')}.`,
  });
}
