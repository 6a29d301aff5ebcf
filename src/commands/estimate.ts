import { Command, Option } from 'commander';
import { type ExitCode, UserError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { CostFlags } from './estimate-costs.ts';
import { repeated, withLedger, withOutput } from './flags.ts';

interface EstimateFlags extends CostFlags {
  readonly tokensOnly?: boolean;
  readonly encoding?: string;
  /** True where no file is named. */
  readonly writeBaseline?: string | true;
}

/** `aicost estimate`: what prompts take and cost before they run. */
export function estimateCommand(runtime: Runtime, finish: (code: ExitCode) => void): Command {
  const command = new Command('estimate')
    .description('What prompts cost before they run, by aicost.yaml or by their usual names.')
    .argument('[paths...]', 'files or folders of prompts (default: all)')
    .optionsGroup('What:')
    .option('--prompt <id>', 'only this prompt; repeatable', repeated)
    .option('--why', 'tokens by part, cache, and the source of every number')
    .option('--strict', 'exit 3 when a cost is not known')
    .option('--requests', 'requests for counting endpoints, one JSON a line')
    .option('--tokens-only', 'tokens of the text of each file alone')
    .option('--encoding <name>', 'with --tokens-only (default: o200k_base)')
    .addOption(
      new Option(
        '--write-baseline [file]',
        'for diff --baseline (default: .aicost/baseline.json)',
      ).conflicts([
        'tokensOnly',
        'prompt',
        'model',
        'callsPerMonth',
        'outputTokens',
        'var',
        'engine',
      ]),
    )
    .optionsGroup('Assuming:')
    .option('--model <name>', 'the model; several are compared', repeated)
    .option('--provider <name>', 'who sells the model (default: its maker)')
    .option('--calls-per-month <n>', 'calls, or conversations: 40000, 40k')
    .option('--output-tokens <n>', 'tokens of an answer')
    .option('--var <name=value>', 'or name=@file, or "name=500 tokens"; repeatable', repeated)
    .option('--engine <name>', 'none, fstring, mustache, handlebars or jinja');
  return withOutput(withLedger(command))
    .addHelpText(
      'after',
      `
Examples:
  $ aicost estimate prompts/support.txt --model gpt-4o --calls-per-month 1000
  $ aicost estimate --why --prompt support-reply
  $ aicost estimate --model gpt-4o --model claude-haiku-4-5 --format md
  $ aicost estimate --tokens-only --encoding o200k_base prompt.md`,
    )
    .action(async (paths: readonly string[], flags: EstimateFlags) => {
      if (flags.tokensOnly === true && flags.requests === true)
        throw new UserError('--requests are of prompts, --tokens-only counts text alone');
      if (flags.tokensOnly === true) return countTokens(paths, flags, runtime);
      if (flags.encoding !== undefined)
        throw new UserError('--encoding counts text alone', { hint: 'Add --tokens-only to it.' });
      if (flags.writeBaseline !== undefined) {
        if (paths.length > 0)
          throw new UserError('--write-baseline takes in all prompts, so it takes no paths');
        const { writeBaseline } = await import('./write-baseline.ts');
        await writeBaseline(flags.writeBaseline, flags, runtime);
      }
      const { estimateCosts } = await import('./estimate-costs.ts');
      return estimateCosts(paths, flags, runtime, finish);
    });
}

async function countTokens(
  paths: readonly string[],
  { model: models = [], ...flags }: EstimateFlags,
  runtime: Runtime,
): Promise<void> {
  const [model, another] = models;
  if (another !== undefined) throw new UserError('--tokens-only counts for one --model at a time');
  const { countFiles } = await import('./estimate-tokens.ts');
  await countFiles(paths, { ...flags, ...(model === undefined ? {} : { model }) }, runtime);
}
