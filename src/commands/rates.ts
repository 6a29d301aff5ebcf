import { Command } from 'commander';
import type { ExitCode } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { diffCommand } from './rates-diff.ts';
import { lintCommand } from './rates-lint.ts';
import { listCommand } from './rates-list.ts';
import { overlaysCommand } from './rates-overlays.ts';
import { quoteCommand } from './rates-quote.ts';
import { schemaCommand } from './rates-schema.ts';
import { showCommand } from './rates-show.ts';
import { updateCommand } from './rates-update.ts';

/** `aicost rates`: what the rate cards say, whether they are sound, and what would move them. */
export function ratesCommand(runtime: Runtime, finish: (code: ExitCode) => void): Command {
  return new Command('rates')
    .summary('list, show, quote, compare, check and update the rate cards')
    .description('What the rate cards say, whether they are sound, and what would move them.')
    .addCommand(listCommand(runtime))
    .addCommand(showCommand(runtime))
    .addCommand(quoteCommand(runtime, finish))
    .addCommand(overlaysCommand(runtime))
    .addCommand(diffCommand(runtime))
    .addCommand(lintCommand(runtime, finish))
    .addCommand(updateCommand(runtime))
    .addCommand(schemaCommand(runtime))
    .addHelpText(
      'after',
      `
Examples:
  $ aicost rates list --provider anthropic
  $ aicost rates show gpt-5.4
  $ aicost rates quote gpt-5.4 --input 20000 --output 1000`,
    );
}
