import { Command, Option } from 'commander';
import { comparable } from '../domain/period.ts';
import type { Dimension, Grain, Span } from '../domain/spend.ts';
import { SPEND_SORTS, type SpendSort } from '../reports/spend-sorts.ts';
import type { Ledger } from '../ledger/ledger.ts';
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
import { printAnswer } from './print-answer.ts';
import { openSession, type Session } from './session.ts';

interface ReportFlags extends SelectionFlags, OutputFlags {
  readonly by: { readonly by: readonly Dimension[]; readonly grain?: Grain };
  readonly top?: number;
  readonly sort: SpendSort;
  readonly compare?: string;
}

/** `aicost report`: spend by any dimensions, from the ledger or straight from files. */
export function reportCommand(runtime: Runtime): Command {
  const command = new Command('report')
    .summary('what was spent, by any tag, model or step of time')
    .description(
      'What was spent, by any tag, model or step of time. With PATHs it reads those\nfiles in memory and leaves no ledger behind.',
    )
    .argument('[paths...]', 'logs to report on instead of the ledger')
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
    .option('--compare <period>', 'beside "previous" or an earlier period, like with like');
  return withOutput(withLedger(withSelection(command)))
    .addHelpText(
      'after',
      `
Examples:
  $ aicost report --by feature --since 7d
  $ aicost report --by day,team --period last-month --timezone Europe/Berlin
  $ aicost report logs/*.jsonl --by model --compare previous --format json`,
    )
    .action(async (paths: readonly string[], flags: ReportFlags) => {
      const session = await openSession(runtime, flags);
      const ledger =
        paths.length === 0
          ? await session.openForReading()
          : await readIntoMemory(paths, session, runtime);
      try {
        await report(ledger, session, flags, runtime);
      } finally {
        ledger.close();
      }
    });
}

async function report(
  ledger: Ledger,
  { timeZone }: Session,
  flags: ReportFlags,
  runtime: Runtime,
): Promise<void> {
  const { spendReport } = await import('../reports/spend-report.ts');
  const now = runtime.now();
  const span = spanOf(flags, now, timeZone);
  const { by, grain } = flags.by;
  const question = {
    by,
    timeZone,
    where: filtersOf(flags.where),
    ...(grain === undefined ? {} : { grain }),
  };
  const comparison =
    flags.compare === undefined
      ? undefined
      : comparable(boundedSpan(span, now, timeZone), compareWith(flags.compare, now, timeZone), {
          now,
          timeZone,
        });
  const answer = ledger.spend({ ...question, span: comparison?.current ?? span });
  const base =
    comparison === undefined ? undefined : ledger.spend({ ...question, span: comparison.base });
  const cards = ledger.ratedCards() ?? { asOf: '', digest: '' };
  const options = {
    by,
    span,
    timeZone,
    sort: flags.sort,
    ...(grain === undefined ? {} : { grain }),
    ...(flags.top === undefined ? {} : { top: flags.top }),
    ...(comparison === undefined ? {} : { comparison }),
  };
  await printAnswer(spendReport(answer, options, cards, base), flags, runtime);
}

const compareWith = (text: string, now: number, timeZone: string): Required<Span> | undefined =>
  text === 'previous' ? undefined : periodOf('--compare', text, now, timeZone);

/** A comparison needs both ends: without any, it is this month; without an end, until now. */
function boundedSpan({ start, end }: Span, now: number, timeZone: string): Required<Span> {
  if (start !== undefined) return { start, end: end ?? now };
  return periodOf('--period', 'this-month', now, timeZone);
}

async function readIntoMemory(
  paths: readonly string[],
  session: Session,
  runtime: Runtime,
): Promise<Ledger> {
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
