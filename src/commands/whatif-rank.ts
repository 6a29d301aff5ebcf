import { Command, Option } from 'commander';
import { leastIntrusive } from '../domain/combined-savings.ts';
import { divideHalfEven, type Money, money, sum } from '../domain/money.ts';
import { MONTH_MS, type MonthScale, monthScale, perMonth } from '../domain/month-scale.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { WantedGap } from '../reports/rank-cells.ts';
import type { Runtime } from '../runtime.ts';
import type { LeverWorld } from '../whatif/lever-contract/lever.ts';
import { dollarsFlag } from './amount-flags.ts';
import {
  type OutputFlags,
  positiveInteger,
  type SelectionFlags,
  withLedger,
  withOutput,
  withSelection,
} from './flags.ts';
import { printAnswer } from './print-answer.ts';
import { openSelection } from './whatif-selection.ts';

interface RankFlags extends SelectionFlags, OutputFlags {
  readonly top?: number;
  readonly floor?: Money;
  readonly gap?: Money;
}

/** Line items looked at: the three largest; more where a gap is to be closed. */
const TOP = 3;
const TOP_FOR_A_GAP = 20;

/** `aicost whatif rank`: all levers on the dearest line items, by dollars a month. */
export function rankCommand(runtime: Runtime, finish: (code: ExitCode) => void): Command {
  const command = new Command('rank')
    .description(
      'Every lever that the ledger has the facts for, on the dearest line items (a\nfeature and a model), by dollars a month.',
    )
    .optionsGroup('What:')
    .addOption(
      new Option('--top <n>', 'line items (default: 3, with --gap 20)').argParser(positiveInteger),
    )
    .option('--floor <usd>', 'leave out line items below it a month (default: 5%)', dollarsFlag)
    .option(
      '--gap <usd>',
      'to save a month: the least intrusive way; exits 1 if none',
      dollarsFlag,
    );
  return withOutput(withLedger(withSelection(command)))
    .addHelpText(
      'after',
      `
Examples:
  $ aicost whatif rank --period last-month
  $ aicost whatif rank --top 10 --floor 100 --where team=search
  $ aicost whatif rank --gap 500 --since 30d`,
    )
    .action((flags: RankFlags) => ranked(flags, runtime, finish));
}

async function ranked(
  flags: RankFlags,
  runtime: Runtime,
  finish: (code: ExitCode) => void,
): Promise<void> {
  const [{ leverWorld, lengthOf }, { leverNames, loadLever }, rank, { rankReport }] =
    await Promise.all([
      import('./whatif-run.ts'),
      import('../whatif/lever-folder.ts'),
      import('../whatif/rank.ts'),
      import('../reports/rank-report.ts'),
    ]);
  const { session, span, where, ledger } = await openSelection(flags, runtime);
  const { timeZone } = session;
  try {
    const world: LeverWorld = await leverWorld(
      { span, where },
      { flags, session, ledger, runtime },
    );
    const extent = world.ledger.extent();
    const month = extent && monthScale(lengthOf(span, extent, timeZone, runtime.now()));
    if (month === undefined)
      throw new UserError(
        'less than a day of calls is in this selection, so that no month can be told',
        {
          hint: 'Choose a longer --period; aicost report --by day shows what there is.',
          exitCode: ExitCode.undecided,
        },
      );
    const { rows } = ledger.spend({ span, where, by: rank.LINE_ITEM, timeZone });
    const floor = flags.floor ?? usualFloor(sum(rows.map(({ cost }) => cost)), month);
    const top = flags.top ?? (flags.gap === undefined ? TOP : TOP_FOR_A_GAP);
    const levers = await Promise.all((await leverNames()).map(loadLever));
    const tags = new Set([...ledger.tagKeys(), ...ledger.identifiers().map(({ key }) => key)]);
    const knows = (tag: string): boolean => tags.has(tag);
    const options = { top, floor: inSpan(floor, month), knows };
    const ranking = await rank.rankLevers(levers, rows, world, options);
    const costs = rank.costsOf(ranking.items);
    const chosenFor = (wanted: Money) => leastIntrusive(ranking.savings, costs, wanted);
    const gap: WantedGap | undefined =
      flags.gap === undefined
        ? undefined
        : { perMonth: flags.gap, choice: chosenFor(inSpan(flags.gap, month)) };
    const answer = rankReport(ranking, {
      span,
      timeZone,
      month,
      cards: ledger.ratedCards() ?? { asOf: '', digest: '' },
      floorPerMonth: floor,
      floorGiven: flags.floor !== undefined,
      everything: chosenFor(rank.EVERYTHING(ranking.items)),
      ...(gap === undefined ? {} : { gap }),
    });
    await printAnswer(answer, flags, runtime);
    if (gap !== undefined && perMonth(gap.choice.saving, month) < gap.perMonth)
      finish(ExitCode.checkFailed);
  } finally {
    ledger.close();
  }
}

/** An amount a month as one of the span, rounded up, so that what reaches it reaches the month's. */
const inSpan = (amount: Money, { milliseconds }: MonthScale): Money =>
  money((amount * milliseconds + MONTH_MS - 1n) / MONTH_MS);

/** A twentieth of what is spent a month, and $500 at most: small ledgers have small line items. */
function usualFloor(spent: Money, month: MonthScale): Money {
  const twentieth = divideHalfEven(perMonth(spent, month), 20n);
  const most = 500n * 10n ** 18n;
  return money(twentieth < most ? twentieth : most);
}
