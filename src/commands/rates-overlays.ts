import { Command } from 'commander';
import type { Runtime } from '../runtime.ts';
import { type OutputFlags, withOutput } from './flags.ts';
import { printAnswer } from './print-answer.ts';
import { ownRates, type RatesFlags, withRates } from './rates-cards.ts';
import { ratesInForce } from './rates-in-force.ts';

/** `aicost rates overlays`: contracts and own hardware over the list prices. */
export function overlaysCommand(runtime: Runtime): Command {
  const command = new Command('overlays').description(
    'What lies over list prices: negotiated terms, commitments and capacity from\ncontracts/, and what own machines cost by the hour from infrastructure/, both\nin the folder of your own cards.',
  );
  return withOutput(withRates(command))
    .addHelpText(
      'after',
      `\nExamples:\n  $ aicost rates overlays --rates ./rates\n  $ aicost rates overlays --format json`,
    )
    .action(async (flags: OutputFlags & RatesFlags) => {
      const { overlaysReport } = await import('../reports/overlays-report.ts');
      const overlays = await ratesInForce(await ownRates(runtime, flags), runtime).overlays();
      await printAnswer(overlaysReport(overlays, runtime.now()), flags, runtime);
    });
}
