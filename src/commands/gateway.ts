import { Argument, Command } from 'commander';
import { UserError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { oneOf, parseKeys } from './audit-flags.ts';
import type { CommonFlags } from './session.ts';
import { openSession } from './session.ts';

interface GatewayFlags extends CommonFlags {
  readonly injectTags?: boolean;
  readonly require?: readonly string[];
}

const NAMES = ['litellm', 'portkey'] as const;

/** `aicost gateway`: what a gateway in the path of requests can do and aicost cannot. */
export function gatewayCommand(runtime: Runtime): Command {
  const exporting = new Command('export')
    .summary('rules for a gateway, in its own form')
    .description(
      'Writes rules of aicost.yaml in the form of a gateway, to be put into it by hand.\nNothing of it is enforced by aicost, which stands beside the requests.',
    )
    .addArgument(new Argument('<gateway>', 'litellm or portkey').argParser(oneOf(NAMES)))
    .optionsGroup('What:')
    .option('--inject-tags', 'tags that keys: of aicost.yaml set, on the calls of each key')
    .option('--require <tags>', 'refuse calls, or keys, without these', parseKeys)
    .optionsGroup('Where:')
    .option('--config <file>', 'aicost.yaml to use (default: the nearest upward)')
    .addHelpText(
      'after',
      `
Examples:
  $ aicost gateway export litellm --inject-tags
  $ aicost gateway export portkey --require team,feature`,
    )
    .action((gateway: (typeof NAMES)[number], flags: GatewayFlags) =>
      runExport(gateway, flags, runtime),
    );
  return new Command('gateway')
    .description('Rules for a gateway that can enforce what aicost only reports.')
    .addCommand(exporting)
    .addHelpText('after', '\nExample:\n  $ aicost gateway export litellm --inject-tags');
}

async function runExport(
  gateway: (typeof NAMES)[number],
  flags: GatewayFlags,
  runtime: Runtime,
): Promise<void> {
  if (flags.injectTags !== true && flags.require === undefined)
    throw new UserError('nothing to export', {
      hint: 'Ask for --inject-tags, for --require team, or for both.',
    });
  const [{ tagRules }, { gatewayExport }, { gatewayTags }] = await Promise.all([
    openSession(runtime, flags),
    import('../reports/gateway-export.ts'),
    import('../domain/gateway-tags.ts'),
  ]);
  if (flags.injectTags === true && (tagRules === undefined || tagRules.keys.length === 0))
    throw new UserError('--inject-tags: aicost.yaml has no keys:, so there is nothing to inject', {
      hint: 'aicost init writes lines for every key of the ledger, to be filled in.',
    });
  runtime.out(
    gatewayExport(gateway, {
      require: flags.require ?? [],
      ...(flags.injectTags !== true || tagRules === undefined
        ? {}
        : { inject: gatewayTags(tagRules, runtime.now()) }),
    }),
  );
}
