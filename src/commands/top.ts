import { Command, Option } from 'commander';
import { spanText } from '../domain/period.ts';
import type { EventSelection } from '../ledger/event-selection.ts';
import { TOP_RANKS, type TopRank } from '../reports/top-ranks.ts';
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
import { attributedLedger, type RuleFlags, withRules } from './attributed-ledger.ts';
import { type CostFlags, withCost } from './cost-flag.ts';
import { printAnswer } from './print-answer.ts';
import { openSession } from './session.ts';

interface TopFlags extends SelectionFlags, OutputFlags, CostFlags, RuleFlags {
  readonly by: TopRank;
  readonly limit: number;
}

const ORDERS: Readonly<Record<TopRank, EventSelection['order']>> = {
  cost: 'dearest',
  latency: 'slowest',
  retries: 'most-retried',
};

/** `aicost top`: dearest, slowest, most retried calls. */
export function topCommand(runtime: Runtime): Command {
  const command = new Command('top')
    .description('The calls at the head of a ranking: dearest, slowest or most retried.')
    .optionsGroup('What:')
    .addOption(new Option('--by <rank>', 'what to rank by').choices([...TOP_RANKS]).default('cost'))
    .addOption(new Option('--limit <n>', 'how many calls').argParser(positiveInteger).default(10));
  return withOutput(withLedger(withSelection(withRules(withCost(command)))))
    .addHelpText(
      'after',
      `
Examples:
  $ aicost top --since 7d
  $ aicost top --by latency --where feature=search
  $ aicost top --by retries --limit 20 --format csv`,
    )
    .action(async (flags: TopFlags) => {
      const [session, { topReport }, { costWords }] = await Promise.all([
        openSession(runtime, flags),
        import('../reports/top-report.ts'),
        import('../reports/call-cells.ts'),
      ]);
      const { timeZone } = session;
      const span = spanOf(flags, runtime.now(), timeZone);
      const where = filtersOf(flags.where);
      const logged = await session.openForReading();
      const ledger = await attributedLedger(logged, session.tagRules, {
        ...flags,
        cwd: runtime.cwd,
      });
      try {
        const { openCostView, settledEvent } = await import('./cost-view.ts');
        const view = await openCostView(flags.cost, session, ledger, runtime.now());
        const selection = { span, where, order: ORDERS[flags.by], limit: flags.limit };
        const own = flags.cost === 'list' ? {} : { costOf: view.costOf };
        const events = [...ledger.events({ ...selection, ...own })].map((stored) =>
          settledEvent(view, ledger.tagged(stored)),
        );
        const unpriced =
          flags.by === 'cost'
            ? (view.spend({ span, by: [], timeZone, where }).rows[0]?.unrated ?? 0n)
            : 0n;
        await printAnswer(
          topReport(
            events,
            flags.by,
            `${spanText(span, timeZone)} (${timeZone})${costWords(flags.cost)}`,
            unpriced,
          ),
          flags,
          runtime,
        );
      } finally {
        ledger.close();
      }
    });
}
