import { Command } from 'commander';
import { resolve } from 'node:path';
import { providerOfModel } from '../domain/provider-names.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { type OutputFlags, withOutput } from './flags.ts';
import { printAnswer } from './print-answer.ts';
import { overlaysCommand } from './rates-overlays.ts';
import { quoteCommand } from './rates-quote.ts';
import { loadCards, ownRates, type RatesFlags, withRates } from './rates-cards.ts';

interface ListFlags extends OutputFlags, RatesFlags {
  readonly provider?: string;
}

/** `aicost rates`: what the rate cards say, and whether they are sound. */
export function ratesCommand(runtime: Runtime, finish: (code: ExitCode) => void): Command {
  return new Command('rates')
    .summary('list, show, quote and check the rate cards')
    .description('What the rate cards say, and whether they are sound.')
    .addCommand(listCommand(runtime))
    .addCommand(showCommand(runtime))
    .addCommand(quoteCommand(runtime, finish))
    .addCommand(overlaysCommand(runtime))
    .addCommand(lintCommand(runtime, finish))
    .addHelpText(
      'after',
      `\nExamples:\n  $ aicost rates list --provider anthropic\n  $ aicost rates show gpt-5.4\n  $ aicost rates quote gpt-5.4 --input 20000 --output 1000`,
    );
}

function listCommand(runtime: Runtime): Command {
  const command = new Command('list')
    .summary('every model and its price now')
    .description('Every model that has a price now, in USD per million tokens.')
    .option('--provider <name>', 'only this provider');
  return withOutput(withRates(command))
    .addHelpText(
      'after',
      `\nExamples:\n  $ aicost rates list --provider openai\n  $ aicost rates list --format csv > prices.csv`,
    )
    .action(async (flags: ListFlags) => {
      const [{ cards, asOf }, { ratesListReport }] = await Promise.all([
        loadCards(runtime, flags),
        import('../reports/rates-reports.ts'),
      ]);
      const wanted = [...cards.values()].filter(
        ({ provider }) => flags.provider === undefined || provider === flags.provider,
      );
      if (wanted.length === 0)
        throw new UserError(`no rate card for provider "${flags.provider ?? ''}"`, {
          hint: `Known: ${[...cards.keys()].sort().join(', ')}.`,
        });
      await printAnswer(ratesListReport(wanted, runtime.now(), asOf), flags, runtime);
    });
}

function showCommand(runtime: Runtime): Command {
  const command = new Command('show')
    .summary("one model's price history and sources")
    .description("One model's whole price history: tiers, service prices, where each was read.")
    .argument('<model>', 'id or alias; provider/id for a host such as azure or bedrock')
    .option('--provider <name>', 'only this provider');
  return withOutput(withRates(command))
    .addHelpText(
      'after',
      `\nExamples:\n  $ aicost rates show gpt-5.4\n  $ aicost rates show bedrock/us.anthropic.claude-opus-4-6-v1`,
    )
    .action(async (name: string, flags: ListFlags) => {
      const [{ cards }, { ratesShowReport }, { indexModels }] = await Promise.all([
        loadCards(runtime, flags),
        import('../reports/rates-reports.ts'),
        import('../domain/model-lookup.ts'),
      ]);
      const [head = '', ...rest] = name.split('/');
      const provider = flags.provider ?? (rest.length > 0 && cards.has(head) ? head : undefined);
      const among = [...cards.values()].filter(
        (card) => provider === undefined || card.provider === provider,
      );
      const found = among.flatMap((card) => {
        const model = indexModels(card).find(name);
        return model === undefined ? [] : [{ card, model }];
      });
      const maker = providerOfModel(name);
      const ownCard = found.find(({ card }) => card.provider === maker);
      const [only, other] = ownCard === undefined ? found : [ownCard];
      if (only === undefined) {
        const near = among.flatMap((card) => indexModels(card).nearest(name) ?? [])[0];
        throw new UserError(`no model "${name}" in the rate cards`, {
          hint: near === undefined ? 'aicost rates list shows all.' : `Did you mean ${near}?`,
        });
      }
      if (other !== undefined)
        throw new UserError(
          `several providers have ${name}: ${found.map(({ card }) => card.provider).join(', ')}`,
          { hint: 'Choose one with --provider.' },
        );
      await printAnswer(ratesShowReport(only.card, only.model), flags, runtime);
    });
}

function lintCommand(runtime: Runtime, finish: (code: ExitCode) => void): Command {
  const command = new Command('lint')
    .summary('check rate cards')
    .description(
      'Checks rate cards: shape, sources, dates, names, and what looks like a slip of\nthe unit. Exits 1 when there is an error; warnings alone exit 0.',
    )
    .argument('[files...]', 'cards or folders (default: the shipped ones and those of --rates)');
  return withOutput(withRates(command))
    .addHelpText(
      'after',
      `\nExamples:\n  $ aicost rates lint\n  $ aicost rates lint my-rates/openai.yaml`,
    )
    .action(async (paths: readonly string[], flags: ListFlags) => {
      const [{ cardFiles, ownCardFiles }, { readCard }, { ratesLintReport }, { showOrigin }] =
        await Promise.all([
          import('../config/card-files.ts'),
          import('../config/rate-cards.ts'),
          import('../reports/rates-reports.ts'),
          import('../errors.ts'),
        ]);
      const files =
        paths.length > 0
          ? ownCardFiles(paths.map((path) => resolve(runtime.cwd, path)))
          : cardFiles(await ownRates(runtime, flags));
      const cards = files.map((file) => readCard(file, runtime.now()));
      const problems = cards
        .flatMap((card) => card.problems)
        .map(({ severity, origin, message }) => ({ severity, place: showOrigin(origin), message }));
      const models = cards.reduce((sum, { card }) => sum + card.models.length, 0);
      await printAnswer(ratesLintReport(problems, files.length, models), flags, runtime);
      if (problems.some(({ severity }) => severity === 'error')) finish(ExitCode.checkFailed);
    });
}
