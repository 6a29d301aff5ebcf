import { Command, Option } from 'commander';
import { ExitCode, UserError } from '../errors.ts';
import type { DiffResult } from '../gate/comparison-result.ts';
import type { Runtime } from '../runtime.ts';
import { type FormatFlags, withFormats, writeResult } from './diff-output.ts';
import type { DiffFlags } from './diff-trees.ts';
import { repeated } from './flags.ts';
import { screenOf } from './print-answer.ts';

interface Flags extends FormatFlags, DiffFlags {
  readonly baseline?: string;
  readonly exitZero?: boolean;
  readonly why?: boolean;
}

/** `aicost diff`: the prompt cost of a change against its base, held against limits. */
export function diffCommand(runtime: Runtime, finish: (code: ExitCode) => void): Command {
  const command = new Command('diff')
    .description(
      'What a change does to the cost of prompts, held against limits of aicost.yaml.\nExits 0 within them, 1 over one, 2 when you can mend it, 3 when it cannot tell.',
    )
    .optionsGroup('What:')
    .option('--base <ref>', 'compared with (default: what CI or aicost.yaml says)')
    .option('--head <ref>', 'a commit, INDEX or WORKTREE (default: WORKTREE; HEAD in CI)')
    .option('--only <name>', 'a prompt or a workspace; repeatable', repeated)
    .option('--config <path>', 'config of the repository (default: aicost.yaml at its root)')
    .option('--rates <path>', 'own rate cards over the shipped ones; repeatable', repeated)
    .option('--ledger <file>', 'where measured calls are (default: the nearest)')
    .option('--no-fetch', 'ask no remote for what a shallow clone lacks')
    .addOption(
      new Option('--base-missing <what>', 'without a base hold absolute limits alone').choices([
        'absolute',
      ]),
    )
    .addOption(
      new Option(
        '--baseline <file>',
        'compared with what estimate --write-baseline wrote',
      ).conflicts(['base', 'baseMissing']),
    )
    .optionsGroup('Verdict:')
    .option('--strict', 'exit 3 when a number is unknown or doubtful')
    .option('--exit-zero', 'exit 0 for a failed gate; never for what could not be decided')
    .option('--approved-label <name>', 'label of the pull request that waives everything');
  return withFormats(command)
    .option('--why', 'steps of every change, with the numbers behind it')
    .option('--id <name>', 'tells comments of several jobs apart (default: the workspace)')
    .addHelpText(
      'after',
      `
Examples:
  $ aicost diff
  $ aicost diff --base origin/main --format table --format json=aicost.json
  $ aicost diff --base HEAD --head INDEX --no-fetch --only web --why`,
    )
    .action(async (flags: Flags) => {
      const result = await resultOf(flags, runtime);
      await writeResult(result, flags, runtime);
      if (flags.why === true && isShown(flags)) {
        const { whyOutput } = await import('../gate/outputs/why.ts');
        runtime.out(`\n${whyOutput(result, screenOf(runtime, flags))}`);
      }
      const failed = result.code === ExitCode.checkFailed && flags.exitZero !== true;
      if (failed) finish(ExitCode.checkFailed);
      else if (result.code === ExitCode.undecided) finish(ExitCode.undecided);
    });
}

/** Whether stdout has the table, below which more may stand; below JSON nothing may. */
const isShown = ({ format = [{ format: 'table' }] }: Flags): boolean =>
  format
    .filter(({ file }) => file === undefined)
    .every(({ format: name }) => name === 'table' || name === 'github');

/** The comparison. What goes wrong is written in every format that a program reads, and then goes on as an error. */
async function resultOf(flags: Flags, runtime: Runtime): Promise<DiffResult> {
  try {
    if (flags.baseline !== undefined) {
      const { compareWithBaseline } = await import('./diff-baseline.ts');
      return await compareWithBaseline(flags.baseline, flags, runtime);
    }
    const { compareTrees } = await import('./diff-trees.ts');
    return await compareTrees(flags, runtime);
  } catch (error) {
    const formats = (flags.format ?? []).filter(
      ({ format, file }) => format !== 'table' || file !== undefined,
    );
    if (formats.length > 0)
      await writeResult(
        failureOf(error, flags, runtime.now()),
        { ...flags, format: formats },
        runtime,
      );
    throw error;
  }
}

function failureOf(error: unknown, { id = 'default' }: Flags, now: number): DiffResult {
  const known = error instanceof UserError ? error : undefined;
  return {
    schema: 'aicost.diff/1',
    verdict: 'error',
    code: known?.exitCode ?? ExitCode.bug,
    id,
    valid_at: `${new Date(now).toISOString().slice(0, 19)}Z`,
    message:
      known?.message ??
      `a bug in aicost: ${error instanceof Error ? error.message : String(error)}`,
    hint: known?.hint ?? null,
    path: known?.origin?.file ?? null,
    line: known?.origin?.line ?? null,
  };
}
