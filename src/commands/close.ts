import { Command } from 'commander';
import { parsePeriod } from '../domain/period.ts';
import { dayText, localDay } from '../domain/time-zone.ts';
import { counted, grouped } from '../domain/words.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Closing, MonthInBooks } from '../ledger/month-closing.ts';
import type { Answer } from '../reports/answer.ts';
import type { CloseOutcome } from '../reports/close-report.ts';
import type { Runtime } from '../runtime.ts';
import { type OutputFlags, withLedger, withOutput } from './flags.ts';
import { printAnswer } from './print-answer.ts';
import { openSession } from './session.ts';

interface CloseFlags extends OutputFlags {
  readonly list?: boolean;
  readonly reopen?: boolean;
  readonly strict?: boolean;
}

/** `aicost close`: fixes the numbers of a month; what changes later is booked as corrections. */
export function closeCommand(runtime: Runtime): Command {
  const command = new Command('close')
    .description(
      'Fixes the numbers of a month that is over. Late calls, completed records and new\nprices no longer change it: the difference is booked as a correction when it\nbecomes known, and stands in the reports of that day.',
    )
    .argument('[month]', '2026-10, or last-month')
    .optionsGroup('How:')
    .option('--list', 'list the closed months with their corrections')
    .option('--reopen', "drop the month's fixed numbers and its corrections")
    .option('--strict', 'exit 3 and close nothing when some usage has no price')
    .option('--timezone <zone>', 'zone of the month, such as Europe/Berlin');
  return withOutput(withLedger(command))
    .addHelpText(
      'after',
      `
Examples:
  $ aicost close 2026-10 --timezone UTC
  $ aicost close last-month --strict
  $ aicost close --list --format json`,
    )
    .action(async (month: string | undefined, flags: CloseFlags) => {
      const session = await openSession(runtime, flags);
      // What is asked is understood before the ledger is opened.
      const asked = askedOf(month, flags, { now: runtime.now(), timeZone: session.timeZone });
      const ledger = await session.openToChange();
      try {
        await printAnswer(await answerOf(asked, flags, ledger), flags, runtime);
      } finally {
        ledger.close();
      }
    });
}

/** A month of the calendar; `undefined` asks for the list of closed ones. Throws UserError. */
function askedOf(
  text: string | undefined,
  flags: CloseFlags,
  clock: { readonly now: number; readonly timeZone: string },
): Closing | undefined {
  if (flags.list === true) {
    if (text === undefined && flags.reopen !== true) return undefined;
    throw new UserError('--list lists all closed months', {
      hint: 'Leave the month and --reopen away: aicost close --list',
    });
  }
  const isMonth = text !== undefined && /^(\d{4}-\d{2}|last-month)$/.test(text);
  const span = isMonth ? parsePeriod(text, clock) : undefined;
  if (span === undefined)
    throw new UserError(
      `expected a month, found ${text === undefined ? 'none' : JSON.stringify(text)}`,
      { hint: 'For example aicost close 2026-10, or aicost close --list.' },
    );
  const { timeZone, now } = clock;
  const month = dayText(localDay(timeZone, span.start)).slice(0, 7);
  const asked = { ...span, month, timeZone, strict: flags.strict === true };
  if (flags.reopen !== true) mustBeOverInWholeHours(asked, now);
  return asked;
}

/** Throws UserError for a month that cannot be closed whatever the ledger holds. */
function mustBeOverInWholeHours(span: Closing, now: number): void {
  const { month, timeZone } = span;
  if (span.end > now)
    throw new UserError(`${month} is not over: it ends ${instant(span.end)} (${timeZone})`, {
      hint: `Close it after that. Until then: aicost report --period ${month}`,
    });
  const broken = [span.start, span.end].find((edge) => edge % HOUR_MS !== 0);
  if (broken !== undefined)
    throw new UserError(
      `months of ${timeZone} cannot be closed: ${month} has an edge at ${instant(broken)}, which is no whole hour UTC`,
      {
        hint: `Close it in a zone of whole hours: aicost close ${month} --timezone UTC`,
      },
    );
}

const HOUR_MS = 3_600_000;
const instant = (time: number): string => `${new Date(time).toISOString().slice(0, 16)}Z`;

async function answerOf(
  asked: Closing | undefined,
  flags: CloseFlags,
  ledger: Ledger,
): Promise<Answer> {
  const { closedMonthsReport, closeReport } = await import('../reports/close-report.ts');
  if (asked === undefined) return closedMonthsReport(ledger.months.list());
  const { month, outcome } = flags.reopen === true ? reopen(asked, ledger) : close(asked, ledger);
  return closeReport(month, outcome);
}

interface Done {
  readonly month: MonthInBooks;
  readonly outcome: CloseOutcome;
}

/** Throws UserError when the month cannot be closed. */
function close(asked: Closing, ledger: Ledger): Done {
  const result = ledger.months.close(asked);
  switch (result.kind) {
    case 'closed':
    case 'already':
      return { month: result.month, outcome: result.kind };
    case 'unpriced':
      throw new UserError(
        `${asked.month} is not closed: ${grouped(result.unrated)} of ${counted(result.requests, 'request')} without a price`,
        {
          exitCode: ExitCode.undecided,
          hint: 'aicost doctor lists the reasons. Without --strict it is closed as it is, and prices found later are corrections.',
        },
      );
    case 'overlaps':
      throw new UserError(
        `${asked.month} in ${asked.timeZone} has hours of ${result.other.month}, which is closed in ${result.other.timeZone}`,
        { hint: `Close it in the same zone: --timezone ${result.other.timeZone}` },
      );
  }
}

/** Throws UserError when the month is not closed, or a later closed one holds corrections of it. */
function reopen({ month }: Closing, ledger: Ledger): Done {
  const result = ledger.months.reopen(month);
  switch (result.kind) {
    case 'reopened':
      return { month: result.month, outcome: 'reopened' };
    case 'not-closed':
      throw new UserError(`${month} is not closed`, { hint: 'aicost close --list shows what is.' });
    case 'corrected-in':
      throw new UserError(
        `${month} has corrections booked in ${result.later.join(', ')}, closed since, whose numbers would change`,
        { hint: `Reopen first: aicost close ${result.later.at(-1) ?? ''} --reopen` },
      );
  }
}
