import { Command, Option } from 'commander';
import { comparable, type Comparison } from '../domain/period.ts';
import { dayText, localDay } from '../domain/time-zone.ts';
import type { Dimension, Grain, Span, SpendAnswer, SpendQuery } from '../domain/spend.ts';
import { SOURCE_DIMENSION } from '../domain/tag-rules.ts';
import { SPEND_SORTS, type SpendSort } from '../reports/spend-sorts.ts';
import type { LedgerToRead } from '../ledger/ledger-to-read.ts';
import { ExitCode } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import {
  filtersOf,
  type OutputFlags,
  parseBy,
  periodOf,
  positiveInteger,
  type SelectionFlags,
  spanOf,
  withLedger,
  withOutput,
  withSelection,
} from './flags.ts';
import { attributedLedger, type RuleFlags, withRules } from './attributed-ledger.ts';
import { type CostFlags, withCost } from './cost-flag.ts';
import { printAnswer } from './print-answer.ts';
import { openSession, type Session } from './session.ts';

interface ReportFlags extends SelectionFlags, OutputFlags, CostFlags, RuleFlags {
  readonly by: { readonly by: readonly Dimension[]; readonly grain?: Grain };
  readonly top?: number;
  readonly sort: SpendSort;
  readonly compare?: string;
  readonly strict?: boolean;
}

const NO_CARDS = { asOf: '', digest: '' };
const SOURCE: Dimension = { kind: 'tag', name: SOURCE_DIMENSION };

/** `aicost report`: spend by any dimensions, from the ledger or straight from files. */
export function reportCommand(runtime: Runtime, finish: (code: ExitCode) => void): Command {
  const command = new Command('report')
    .description(
      'What was spent, by any tag, model or step of time. With PATHs it reads those\nfiles in memory and leaves no ledger behind.',
    )
    .argument('[paths...]')
    .optionsGroup('What:')
    .addOption(
      new Option(
        '--by <names>',
        'any tag, provider, model, status, ... and one of hour, day, week, month',
      )
        .argParser(parseBy)
        .default(parseBy('model'), 'model'),
    )
    .option('--top <n>', 'only the first n rows; the rest is summed into one', positiveInteger)
    .addOption(new Option('--sort <by>', 'order of rows').choices([...SPEND_SORTS]).default('cost'))
    .option('--compare <period>', 'beside "previous" or an earlier period, like with like')
    .option('--strict', 'exit 3 when some usage has no price');
  return withOutput(withLedger(withSelection(withRules(withCost(command)))))
    .addHelpText(
      'after',
      `
Examples:
  $ aicost report --by feature --since 7d
  $ aicost report --by day,team --period last-month --timezone Europe/Berlin
  $ aicost report logs/*.jsonl --by model --compare previous --format json`,
    )
    .action((paths: readonly string[], flags: ReportFlags) =>
      runReport(paths, flags, runtime, finish),
    );
}

async function runReport(
  paths: readonly string[],
  flags: ReportFlags,
  runtime: Runtime,
  finish: (code: ExitCode) => void,
): Promise<void> {
  const session = await openSession(runtime, flags);
  // Every flag is understood before a file is opened: a typo must not cost a long read.
  const question = questionOf(flags, session.timeZone, runtime.now());
  const logged =
    paths.length === 0
      ? await session.openForReading({ sumsOnly: true })
      : await readIntoMemory(paths, session, runtime);
  const ledger = await attributedLedger(logged, session.tagRules, {
    ...flags,
    cwd: runtime.cwd,
  });
  try {
    const [{ spendReport }, { inferredApart }] = await Promise.all([
      import('../reports/spend-report.ts'),
      import('../reports/inferred-spend.ts'),
    ]);
    const { query, comparison } = question;
    const { openCostView } = await import('./cost-view.ts');
    const view = await openCostView(flags.cost, session, ledger, runtime.now());
    const inferring = ledger.infers(query.by);
    const by = inferring ? [...query.by, SOURCE] : query.by;
    const ask = (span: Span): SpendAnswer => {
      const answer = view.answer({ ...query, by, span });
      return inferring ? inferredApart(answer) : answer;
    };
    const answer = ask(comparison?.current ?? query.span);
    const base = comparison === undefined ? undefined : ask(comparison.base);
    const options = {
      ...query,
      sort: flags.sort,
      cost: flags.cost,
      inferring,
      today: dayText(localDay(session.timeZone, runtime.now())),
      ...(flags.top === undefined ? {} : { top: flags.top }),
      ...(comparison === undefined ? {} : { comparison }),
    };
    const capacity = view.capacity(comparison?.current ?? query.span);
    await printAnswer(
      spendReport(answer, options, ledger.ratedCards() ?? NO_CARDS, base, capacity),
      flags,
      runtime,
    );
    if (flags.strict === true && answer.unratedReasons.length > 0) finish(ExitCode.undecided);
  } finally {
    ledger.close();
  }
}

/** What the flags ask. Throws UserError. */
function questionOf(
  flags: ReportFlags,
  timeZone: string,
  now: number,
): { readonly query: SpendQuery; readonly comparison: Comparison | undefined } {
  const span = spanOf(flags, now, timeZone);
  const { by, grain } = flags.by;
  const where = filtersOf(flags.where);
  const query = { span, by, timeZone, where, ...(grain === undefined ? {} : { grain }) };
  if (flags.compare === undefined) return { query, comparison: undefined };
  const against =
    flags.compare === 'previous' ? undefined : periodOf('--compare', flags.compare, now, timeZone);
  const current = boundedSpan(span, now, timeZone);
  return { query, comparison: comparable(current, against, { now, timeZone }) };
}

/** A comparison needs both ends: without an end it goes until now, without a beginning from the month's first day. */
function boundedSpan({ start, end }: Span, now: number, timeZone: string): Required<Span> {
  if (start === undefined && end === undefined)
    return periodOf('--period', 'this-month', now, timeZone);
  const last = end ?? now;
  if (start !== undefined) return { start, end: last };
  return { start: periodOf('--period', 'this-month', last - 1, timeZone).start, end: last };
}

async function readIntoMemory(
  paths: readonly string[],
  session: Session,
  runtime: Runtime,
): Promise<LedgerToRead> {
  const { ingest } = await import('../ingest/ingest.ts');
  const { ingestNotes } = await import('../reports/ingest-report.ts');
  const ledger = await session.openForWriting(':memory:');
  const counts = await ingest(
    { paths, cwd: runtime.cwd, stdin: runtime.stdin, additions: { tags: {} } },
    ledger,
  );
  for (const note of ingestNotes(counts)) session.say(`note: ${note.message}`);
  return ledger;
}
