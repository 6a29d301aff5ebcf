import { Command, Option } from 'commander';
import { PROFILES } from '../domain/readiness.ts';
import { COST_KINDS } from '../domain/spend.ts';
import { type ExitCode, UserError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import {
  type AuditFlags,
  AUDIT_SOURCES,
  oneOf,
  parseKeys,
  parsePercent,
  parseSections,
} from './audit-flags.ts';
import { positiveInteger, withLedger, withOutput, withSelection } from './flags.ts';
import { openSession } from './session.ts';

/** A flag with a value that `parse` understands. */
const flag = (name: string, about: string, parse: (text: string) => unknown, usual?: unknown) => {
  const option = new Option(name, about).argParser(parse);
  return usual === undefined ? option : option.default(usual);
};

/** `aicost audit`: who owns the spend, and what it would take to charge them. */
export function auditCommand(runtime: Runtime, finish: (code: ExitCode) => void): Command {
  const command = new Command('audit')
    .description('Whose spend it is, what to mend first, and whether teams can be charged by it.')
    .optionsGroup('What:')
    .addOption(flag('--keys <tags>', 'tags to measure (default: tags.required)', parseKeys))
    .addOption(
      flag('--show <names>', 'coverage, sources, values, ids, new, ... or all', parseSections),
    )
    .option('--propose', 'print values that look like one as YAML')
    .addOption(flag('--source <source>', 'calls, or bills', oneOf(AUDIT_SOURCES), 'calls'))
    .addOption(flag('--days <n>', 'the last n days, today included', positiveInteger))
    .option('--missing-owner', 'the inventory of what has no owner')
    .addOption(flag('--min-features <n>', 'from so many on a key is shared', positiveInteger, 2))
    .addOption(
      flag('--profile <name>', 'chargeback gates: seed or strict', oneOf(PROFILES), 'seed'),
    )
    .addOption(flag('--cost <kind>', 'list, contracted or effective', oneOf(COST_KINDS), 'list'))
    .option('--no-infer', 'no tags from other calls of a run, session or key')
    .addOption(flag('--min-coverage <percent>', 'exit 1 below it, by spend', parsePercent))
    .addOption(flag('--require <tags>', 'exit 1 when a call lacks one of these', parseKeys))
    .option('--strict', 'exit 3 when some usage has no price');
  return withOutput(withLedger(withSelection(command)))
    .addHelpText(
      'after',
      `
Examples:
  $ aicost audit --since 30d --min-coverage 80
  $ aicost audit --require team --since yesterday
  $ aicost audit --source bills --days 90`,
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
