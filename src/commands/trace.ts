import { Command } from 'commander';
import { UserError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { type OutputFlags, withLedger, withOutput } from './flags.ts';
import { attributedLedger, type RuleFlags, withRules } from './attributed-ledger.ts';
import { type CostFlags, withCost } from './cost-flag.ts';
import { printAnswer } from './print-answer.ts';
import { openSession } from './session.ts';

/** `aicost trace`: one run's calls as a tree with cost per step. */
export function traceCommand(runtime: Runtime): Command {
  const command = new Command('trace')
    .description(
      "One run's calls as a tree: agents, steps and calls in order, with the cost of\neach. A session works as well as a run.",
    )
    .argument('<run>', 'value of the run tag, or of the session tag');
  return withOutput(withLedger(withRules(withCost(command))))
    .addHelpText(
      'after',
      `
Examples:
  $ aicost trace r-1842
  $ aicost report --by run --top 10          find the dearest runs first
  $ aicost trace r-1842 --format json`,
    )
    .action(async (run: string, flags: OutputFlags & CostFlags & RuleFlags) => {
      const [session, { traceReport }] = await Promise.all([
        openSession(runtime, flags),
        import('../reports/trace-report.ts'),
      ]);
      const logged = await session.openForReading();
      const ledger = await attributedLedger(logged, session.tagRules, {
        ...flags,
        cwd: runtime.cwd,
      });
      try {
        const all = { span: {}, where: [], order: 'time' } as const;
        const ofRun = [...ledger.events({ ...all, run })];
        const events = ofRun.length > 0 ? ofRun : [...ledger.events({ ...all, session: run })];
        if (events.length === 0)
          throw new UserError(`no calls with run or session "${run}"`, {
            hint: 'aicost report --by run lists the runs.',
          });
        const { openCostView, settledEvent } = await import('./cost-view.ts');
        const view = await openCostView(flags.cost, session, ledger, runtime.now());
        const settled = events.map((stored) => settledEvent(view, ledger.tagged(stored)));
        await printAnswer(traceReport(run, settled, flags.cost), flags, runtime);
      } finally {
        ledger.close();
      }
    });
}
