import { Command, Option } from 'commander';
import type { AllocationPlan } from '../domain/allocation-plan.ts';
import { parseFilter } from '../domain/filter-text.ts';
import type { Dimension, Span } from '../domain/spend.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { Chargeback, ChargebackOptions } from '../reports/allocate-report.ts';
import type { PoolEvidence } from '../reports/allocate-explain.ts';
import type { Answer } from '../reports/answer.ts';
import type { Runtime } from '../runtime.ts';
import { attributedLedger, type RuleFlags, withRules } from './attributed-ledger.ts';
import { type CostFlags, withCost } from './cost-flag.ts';
import {
  type OutputFlags,
  parseBy,
  periodOf,
  repeated,
  type SelectionFlags,
  spanOf,
  withLedger,
  withOutput,
  withPeriod,
} from './flags.ts';
import { findUpward, shownPath } from './places.ts';
import { printAnswer } from './print-answer.ts';
import { openSession } from './session.ts';
import { resolve } from 'node:path';

/** Flags of `aicost allocate`, as commander hands them over. */
export interface AllocateFlags extends SelectionFlags, OutputFlags, CostFlags, RuleFlags {
  readonly by?: ReturnType<typeof parseBy>;
  readonly show?: 'rules';
  readonly explain?: string;
  readonly perInference?: boolean;
  readonly due?: boolean;
  readonly signal?: readonly string[];
}

/** `aicost allocate`: shared cost split by documented rules, to the last unit. */
export function allocateCommand(runtime: Runtime, finish: (code: ExitCode) => void): Command {
  const command = new Command('allocate')
    .description(
      'Who is charged what: direct spend, and shared cost split by the rules under\nallocation: in aicost.yaml; 1 when a cost could not be split as its rule says.',
    )
    .optionsGroup('What:')
    .option('--by <tags>', "who is charged (default: the rules' tags, else team)", parseBy)
    .addOption(new Option('--show <steps>', 'also every step of every split').choices(['rules']))
    .option('--explain <tag=value>', 'one row down to rules, files and lines; or idle')
    .option('--per-inference', 'fully loaded cost of a request in its five parts')
    .option('--due', 'when rules are due for review; 1 when one is overdue')
    .option('--signal <name=file>', 'CSV: time, tags, quantity, unit; repeatable', repeated);
  return withOutput(
    withLedger(withPeriod(withRules(withCost(command, 'contracted')).optionsGroup('When:'))),
  )
    .addHelpText(
      'after',
      `
Examples:
  $ aicost allocate --period 2026-10 --by team
  $ aicost allocate --explain team=search
  $ aicost allocate --per-inference --signal gpu_seconds=gpu.csv
  $ aicost allocate --due`,
    )
    .action((flags: AllocateFlags) => allocate(flags, runtime, finish));
}

async function allocate(
  flags: AllocateFlags,
  runtime: Runtime,
  finish: (code: ExitCode) => void,
): Promise<void> {
  const plan = await planOf(flags, runtime);
  if (flags.due === true) {
    const { dueReport } = await import('../reports/allocate-due.ts');
    const { isOverdue } = await import('../domain/rule-review.ts');
    const shown = (path: string): string => shownPath(path, runtime.cwd);
    await printAnswer(dueReport(plan.rules, runtime.now(), shown), flags, runtime);
    if (plan.rules.some((rule) => isOverdue(rule, runtime.now()))) finish(ExitCode.checkFailed);
    return;
  }
  const session = await openSession(runtime, flags);
  const { timeZone } = session;
  const span = allocatedSpan(flags, runtime.now(), timeZone);
  const by = askedBy(flags, plan);
  const { openChargeback } = await import('./allocate-run.ts');
  const ledger = await attributedLedger(await session.openForReading(), session.tagRules, flags);
  try {
    const asked = { plan, by, span, timeZone, flags };
    const { chargeback, evidence } = await openChargeback(asked, session, ledger, runtime);
    const cards = ledger.ratedCards();
    const options: ChargebackOptions = {
      by,
      span,
      timeZone,
      cost: flags.cost,
      asOf: cards?.asOf ?? '',
      digest: cards?.digest ?? '',
      now: runtime.now(),
      showRules: flags.show === 'rules',
      forPrograms: flags.format === 'json',
    };
    await printAnswer(
      await answerOf(flags, chargeback, options, evidence, runtime),
      flags,
      runtime,
    );
    if (chargeback.allocation.findings.some(({ failed }) => failed)) finish(ExitCode.checkFailed);
  } finally {
    ledger.close();
  }
}

/** The rules of the nearest aicost.yaml. Throws UserError where there are none. */
async function planOf(flags: AllocateFlags, runtime: Runtime): Promise<AllocationPlan> {
  const file =
    flags.config === undefined
      ? findUpward(runtime.cwd, 'aicost.yaml')
      : resolve(runtime.cwd, flags.config);
  const plan =
    file === undefined
      ? undefined
      : (await import('../config/allocation-file.ts')).readAllocation(file);
  // Without any rule there still is a chargeback of direct spend; with a wrong one there is none.
  return plan ?? { pools: [], signals: [], rules: [] };
}

/** The asked span, which ends now at the latest: the last month unless something is said. */
function allocatedSpan(flags: AllocateFlags, now: number, timeZone: string): Required<Span> {
  const said = [flags.period, flags.since, flags.until].some((text) => text !== undefined);
  const { start, end = now } = said
    ? spanOf(flags, now, timeZone)
    : periodOf('--period', 'last-month', now, timeZone);
  if (start === undefined)
    throw new UserError('--until needs --since here: shared cost has to begin somewhere', {
      hint: 'For example --period 2026-10.',
    });
  if (start >= now)
    throw new UserError('the period has not begun, so that there is nothing to split', {
      hint: 'For example --period last-month.',
    });
  return { start, end: Math.min(end, now) };
}

const TEAM: Dimension = { kind: 'tag', name: 'team' };

function askedBy(flags: AllocateFlags, { rules }: AllocationPlan): readonly Dimension[] {
  if (flags.by?.grain !== undefined)
    throw new UserError(`--by: expected tags such as team, found ${flags.by.grain}`, {
      hint: 'Ask for one period at a time, for example --period 2026-10.',
    });
  return flags.by?.by ?? rules.find((rule) => rule.by.length > 0)?.by ?? [TEAM];
}

async function answerOf(
  flags: AllocateFlags,
  chargeback: Chargeback,
  options: ChargebackOptions,
  evidence: () => readonly PoolEvidence[],
  runtime: Runtime,
): Promise<Answer> {
  if (flags.explain !== undefined) {
    const { explainedName, explainRows } = await import('../reports/allocate-explain.ts');
    const rows = rowsNamed(flags.explain, chargeback, options);
    if (rows.length === 0) {
      const names = chargeback.rows.slice(0, 5).map((row) => `"${explainedName(row, options)}"`);
      throw new UserError(`--explain: no row is "${flags.explain}"`, {
        hint: `There is for example ${names.join(', ') || 'none'}.`,
      });
    }
    const shown = (path: string): string => shownPath(path, runtime.cwd);
    return explainRows(rows, flags.explain, chargeback, options, evidence(), shown);
  }
  if (flags.perInference === true)
    return (await import('../reports/loaded-cost.ts')).loadedCostReport(chargeback, options);
  return (await import('../reports/allocate-report.ts')).allocateReport(chargeback, options);
}

/** The rows that --explain means: those of a kind, such as idle, or all that have some values. */
function rowsNamed(
  text: string,
  { rows }: Chargeback,
  { by }: ChargebackOptions,
): Chargeback['rows'] {
  const kind = text.replace(/^\((.*)\)$/s, '$1');
  const ofKind = rows.filter((row) => row.kind !== 'consumer' && row.kind === kind);
  if (ofKind.length > 0) return ofKind;
  const fitting = (texts: readonly string[]): Chargeback['rows'] => {
    const wanted = texts.map((each) => parseFilter(each.trim()));
    return rows.filter(
      (row) =>
        row.kind !== 'idle' &&
        row.kind !== 'unallocated' &&
        wanted.every((condition) => {
          const at = by.findIndex(({ name }) => name === condition?.dimension.name);
          // What a rule does not tell is not the same as a tag that is missing.
          const value = row.key[at] ?? (row.kind === 'elsewhere' ? undefined : '');
          return at >= 0 && value === condition?.pattern;
        }),
    );
  };
  // A value may have a comma in it.
  const whole = fitting([text]);
  return whole.length > 0 ? whole : fitting(text.split(','));
}
