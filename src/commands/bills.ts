import { Command, Option } from 'commander';
import type { Runtime } from '../runtime.ts';
import {
  filtersOf,
  type OutputFlags,
  positiveInteger,
  type SelectionFlags,
  spanOf,
  withLedger,
  withOutput,
  withSelection,
} from './flags.ts';
import { shownPath } from './places.ts';
import { printAnswer } from './print-answer.ts';
import { openSession } from './session.ts';

interface BillFlags extends SelectionFlags, OutputFlags {
  readonly limit: number;
}

const MOST_LINES = 100;

/** `aicost bills`: what the bills say that were read, apart from usage. */
export function billsCommand(runtime: Runtime): Command {
  const list = withOutput(withLedger(withSelection(new Command('list'))))
    .summary('sums of every bill by file, currency and month')
    .description(
      'Sums of every bill by file, currency and month: what was billed, how much of\nit is AI and how much is not.',
    )
    .addHelpText('after', '\nExample:\n  $ aicost bills list --where provider=aws')
    .action((flags: BillFlags) => runBills('list', flags, runtime));
  const show = new Command('show')
    .summary('lines of bills with their exact amounts')
    .description('Lines of bills, oldest first, with the digits the bill was written with.')
    .optionsGroup('What:')
    .addOption(
      new Option('--limit <n>', 'how many lines').argParser(positiveInteger).default(MOST_LINES),
    );
  withOutput(withLedger(withSelection(show)))
    .addHelpText(
      'after',
      `
--where knows format, file, provider, account, service, description, sku,
meter, resource, category, currency, model, token_type, month, ai (kept or
excluded), flag, label, and any tag.

Examples:
  $ aicost bills show --where ai=excluded --limit 20
  $ aicost bills show --where category=Tax --period 2026-11 --format json`,
    )
    .action((flags: BillFlags) => runBills('show', flags, runtime));
  return new Command('bills')
    .description('Bills are read by aicost ingest and kept apart from usage.')
    .addCommand(list)
    .addCommand(show)
    .addHelpText('after', '\nExample:\n  $ aicost bills list --period last-month');
}

async function runBills(what: 'list' | 'show', flags: BillFlags, runtime: Runtime): Promise<void> {
  const [session, { billLinesReport, billsReport, matchesBill }] = await Promise.all([
    openSession(runtime, flags),
    import('../reports/bills-report.ts'),
  ]);
  const span = spanOf(flags, runtime.now(), session.timeZone);
  const filters = filtersOf(flags.where).map(({ dimension, negated, pattern }) => ({
    name: dimension.name,
    negated,
    pattern,
  }));
  const shown = (file: string): string => shownPath(file, runtime.cwd);
  const ledger = await session.openForReading();
  try {
    const matching = function* () {
      for (const line of ledger.billLines(span)) if (matchesBill(line, filters)) yield line;
    };
    if (what === 'list') {
      await printAnswer(billsReport(matching(), shown), flags, runtime);
      return;
    }
    const lines = [];
    let matched = 0;
    for (const line of matching()) {
      matched += 1;
      if (lines.length < flags.limit) lines.push(line);
    }
    await printAnswer(billLinesReport(lines, matched, shown), flags, runtime);
  } finally {
    ledger.close();
  }
}
