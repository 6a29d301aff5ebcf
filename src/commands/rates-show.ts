import { Command } from 'commander';
import { providerOfModel } from '../domain/provider-names.ts';
import { UserError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { type OutputFlags, withOutput } from './flags.ts';
import { printAnswer } from './print-answer.ts';
import { loadCards, type RatesFlags, withRates } from './rates-cards.ts';
import { chosen } from './rates-list.ts';

interface ShowFlags extends OutputFlags, RatesFlags {
  readonly provider?: string;
}

/** `aicost rates show`: one model, its prices, where they were read and who says otherwise. */
export function showCommand(runtime: Runtime): Command {
  const command = new Command('show')
    .description(
      'What one model is, its whole price history, where each price was read, and who\nsays otherwise.',
    )
    .argument('<model>', 'id or alias; provider/id for a host such as azure or bedrock')
    .option('--provider <name>', 'only this provider');
  return withOutput(withRates(command))
    .addHelpText(
      'after',
      `
Examples:
  $ aicost rates show gpt-5.4
  $ aicost rates show bedrock/us.anthropic.claude-opus-4-6-v1
  $ aicost rates show gpt-4o --provider azure --format json`,
    )
    .action(async (name: string, flags: ShowFlags) => {
      const [{ cards }, { ratesShowReport }, { indexModels }] = await Promise.all([
        loadCards(runtime, flags),
        import('../reports/rates-show-report.ts'),
        import('../domain/model-lookup.ts'),
      ]);
      const [head = '', ...rest] = name.split('/');
      const provider = flags.provider ?? (rest.length > 0 && cards.has(head) ? head : undefined);
      const among = chosen(cards, provider);
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
          hint: near === undefined ? 'aicost rates list --all shows all.' : `Did you mean ${near}?`,
        });
      }
      if (other !== undefined)
        throw new UserError(
          `several providers have ${name}: ${found.map(({ card }) => card.provider).join(', ')}`,
          { hint: 'Choose one with --provider.' },
        );
      await printAnswer(ratesShowReport(only.card, only.model, runtime.now()), flags, runtime);
    });
}
