import { Command, Option } from 'commander';
import { PROFILES } from '../domain/readiness.ts';
import { type ExitCode, UserError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { type AuditFlags, parseKeys, parsePercent, parseSections } from './audit-flags.ts';
import { withRules } from './attributed-ledger.ts';
import { withCost } from './cost-flag.ts';
import { positiveInteger, withLedger, withOutput, withSelection } from './flags.ts';
import { openSession } from './session.ts';

/** `aicost audit`: who owns the spend, and what it would take to charge them. */
export function auditCommand(runtime: Runtime, finish: (code: ExitCode) => void): Command {
  const command = new Command('audit')
    .description(
      'Whose spend it is: coverage of required tags by spend and by count, what to\nmend first, and whether teams can be charged by these numbers.',
    )
    .optionsGroup('What:')
    .addOption(
      new Option(
        '--keys <tags>',
        'measure these (default: tags.required, or feature,team)',
      ).argParser(parseKeys),
    )
    .addOption(
      new Option(
        '--show <names>',
        'coverage, weeks, unallocated, sources, values, ids, keys, inventory, new, conflicts, readiness, all',
      ).argParser(parseSections),
    )
    .option('--propose', 'print values that look like one as YAML for aicost.yaml')
    .addOption(
      new Option('--source <source>', 'whose tags').choices(['calls', 'bills']).default('calls'),
    )
    .option('--days <n>', 'the last n days, today included', positiveInteger)
    .option('--missing-owner', 'with --show inventory: only what has no owner')
    .addOption(
      new Option('--min-features <n>', 'features from which on a key is shared')
        .argParser(positiveInteger)
        .default(2),
    )
    .addOption(
      new Option('--profile <name>', 'gates of chargeback').choices([...PROFILES]).default('seed'),
    )
    .optionsGroup('Checks, which exit 1:')
    .addOption(
      new Option('--min-coverage <percent>', 'all required tags, by spend').argParser(parsePercent),
    )
    .addOption(new Option('--require <tags>', 'no call may lack these').argParser(parseKeys))
    .option('--strict', 'exit 3 when some usage has no price');
  return withOutput(withLedger(withSelection(withRules(withCost(command)))))
    .addHelpText(
      'after',
      `
Examples:
  $ aicost audit --since 30d
  $ aicost audit --min-coverage 80 --period last-month
  $ aicost audit --require team --since yesterday`,
    )
    .action(async (flags: AuditFlags) => {
      if (flags.require !== undefined && flags.keys !== undefined)
        throw new UserError('--require already says which tags are measured', {
          hint: 'Use either --keys or --require.',
        });
      const session = await openSession(runtime, flags);
      const run =
        flags.source === 'bills'
          ? (await import('./audit-bills.ts')).runBillAudit
          : (await import('./audit-run.ts')).runAudit;
      finish(await run(flags, session, runtime));
    });
}
