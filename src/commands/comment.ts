import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { UserError } from '../errors.ts';
import {
  BEHAVIORS,
  type Behavior,
  OCCASIONS,
  type Occasion,
} from '../gate/comments/comment-plan.ts';
import type { Runtime } from '../runtime.ts';
import { positiveInteger } from './flags.ts';
import { readSavedResult } from './saved-result.ts';

interface CommentFlags {
  readonly from: string;
  readonly repo?: string;
  readonly sha?: string;
  readonly pr?: number;
  readonly behavior: Behavior;
  readonly comment: Occasion;
  readonly dryRun?: boolean;
  readonly quiet?: boolean;
}

/** `aicost comment`: a saved comparison as a comment of its pull request. */
export function commentCommand(runtime: Runtime): Command {
  return new Command('comment')
    .description(
      'Posts a saved comparison on its pull request. The only command that sends\nanything: the comment, with the token of GITHUB_TOKEN or GITLAB_TOKEN.',
    )
    .addArgument(new Argument('<forge>', 'where to').choices(['github', 'gitlab']))
    .optionsGroup('What and where:')
    .requiredOption('--from <file>', 'JSON of aicost diff; - is standard input')
    .option('--repo <name>', 'owner/name, or a GitLab project (default: that of the job)')
    .option('--sha <commit>', 'head of the pull request, by which it is found', parseSha)
    .option('--pr <number>', 'its number, where you know it', positiveInteger)
    .optionsGroup('How:')
    .addOption(
      new Option('--behavior <what>', 'what becomes of an older comment')
        .choices([...BEHAVIORS])
        .default('update'),
    )
    .addOption(
      new Option('--comment <when>', 'when a first one is written; one is always updated')
        .choices([...OCCASIONS])
        .default('on-change'),
    )
    .option('--dry-run', 'print the request that would write it, and send nothing')
    .option('--quiet', 'no notes on stderr')
    .addHelpText(
      'after',
      `
Examples:
  $ aicost comment github --from aicost.json --sha "$HEAD_SHA"
  $ aicost comment github --from aicost.json --pr 12 --dry-run
  $ aicost comment gitlab --from aicost.json --pr 7`,
    )
    .action(async (name: 'github' | 'gitlab', flags: CommentFlags) => {
      const [{ forgeOf, targetOf }, { mdOutput }, result] = await Promise.all([
        import('./comment-forge.ts'),
        import('../gate/outputs/md.ts'),
        readSavedResult(flags.from, runtime),
      ]);
      // A result from the future would hold back every later comment.
      if (Date.parse(result.valid_at) > runtime.now() + CLOCK_SKEW_MS)
        throw new UserError(`valid_at: ${result.valid_at} is in the future`, {
          origin: { file: flags.from },
        });
      const forge = forgeOf(name, flags, runtime);
      if (flags.behavior === 'hide-and-new' && forge.hide === undefined)
        throw new UserError(`--behavior hide-and-new: ${forge.name} cannot fold comments away`, {
          hint: 'Use update or delete-and-new.',
        });
      const target = targetOf(name, flags, runtime);
      const body = mdOutput(result, SCREEN);
      if (flags.dryRun === true) {
        const { dryRunText } = await import('./comment-forge.ts');
        runtime.out(dryRunText(forge, target, body));
        return;
      }
      const { postComment } = await import('../gate/comments/post-comment.ts');
      const { behavior, comment: occasion } = flags;
      const done = await postComment({ forge, target, result, body, behavior, occasion }, runtime);
      if (flags.quiet !== true) runtime.err(`aicost: ${done}\n`);
    });
}

/** How far apart two clocks of one CI may be. */
const CLOCK_SKEW_MS = 10 * 60_000;

/** A comment is no screen; these say nothing to its output. */
const SCREEN = { columns: 80, color: false, bars: false, unicode: true };

function parseSha(text: string): string {
  if (!/^[0-9a-f]{40}([0-9a-f]{24})?$/i.test(text))
    throw new InvalidArgumentError('expected a full commit id of 40 or 64 hexadecimal digits.');
  return text.toLowerCase();
}
