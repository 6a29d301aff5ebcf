import { Command, Option } from 'commander';
import type { BillLine } from '../domain/bill.ts';
import { dimensionNamed } from '../domain/filter-text.ts';
import type { TagRules } from '../domain/tag-rules.ts';
import type { Runtime } from '../runtime.ts';
import { type RuleFlags, withRuledTags } from './attributed-ledger.ts';
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

interface BillFlags extends SelectionFlags, OutputFlags, RuleFlags {
  readonly limit: number;
  readonly by?: string;
}

const MOST_LINES = 100;

/** `aicost bills`: what the bills say that were read, apart from usage. */
export function billsCommand(runtime: Runtime): Command {
  const list = new Command('list')
    .optionsGroup('What:')
    .option('--by <name>', 'sums by a tag or a fact of the lines instead of by file');
  withOutput(withLedger(withRuledTags(withSelection(list))))
    .summary('sums of every bill by file, currency and month')
    .description(
      'Sums of every bill by file, currency and month: what was billed, how much of\nit is AI and how much is not.',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ aicost bills list --where provider=aws
  $ aicost bills list --by cost_center --period last-month`,
    )
    .action((flags: BillFlags) => runBills('list', flags, runtime));
  const show = new Command('show')
    .summary('lines of bills with their exact amounts')
    .description('Lines of bills, oldest first, with the digits the bill was written with.')
    .optionsGroup('What:')
    .addOption(
      new Option('--limit <n>', 'how many lines').argParser(positiveInteger).default(MOST_LINES),
    );
  withOutput(withLedger(withRuledTags(withSelection(show))))
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
  const align = await alignmentOf(session.tagRules, flags);
  const ledger = await session.openForReading();
  try {
    const matching = function* () {
      for (const logged of ledger.billLines(span)) {
        const line = { ...logged, line: align(logged.line) };
        if (matchesBill(line, filters)) yield line;
      }
    };
    if (what === 'list') {
      await printAnswer(billsReport(matching(), shown, byOf(flags)), flags, runtime);
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

/** What is grouped by, under its usual name. */
const byOf = ({ by }: BillFlags): string | undefined =>
  by === undefined ? undefined : dimensionNamed(by).name;

/** Puts the tags of calls on lines of bills, where aicost.yaml says which these are. */
export async function alignmentOf(
  rules: TagRules | undefined,
  { virtual = true }: RuleFlags,
): Promise<(line: BillLine) => BillLine> {
  if (rules === undefined || !virtual) return (line) => line;
  const [{ openAttribution }, { alignedBill }] = await Promise.all([
    import('../attribution/attribution.ts'),
    import('../attribution/bill-alignment.ts'),
  ]);
  const attribution = openAttribution({ ...rules, infer: [] });
  return (line) => alignedBill(line, attribution);
}
