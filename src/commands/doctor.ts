import { counted } from '../domain/words.ts';
import { Command } from 'commander';
import { ExitCode } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { type OutputFlags, withLedger, withOutput } from './flags.ts';
import { shownPath } from './places.ts';
import { printAnswer } from './print-answer.ts';
import { openSession } from './session.ts';

interface DoctorFlags extends OutputFlags {
  readonly rebuild?: boolean;
}

/** `aicost doctor`: proves that the ledger's sums equal its events, and that nothing is silently free. */
export function doctorCommand(runtime: Runtime, finish: (code: ExitCode) => void): Command {
  const command = new Command('doctor')
    .description(
      'Proves that the sums reports read equal the events, that every event has a price\nor says why not, and that the file is sound. Exits 1 when a check does not hold.',
    )
    .optionsGroup('How:')
    .option('--rebuild', 'first drop everything derived and build it again from the events');
  return withOutput(withLedger(command))
    .addHelpText(
      'after',
      `
Examples:
  $ aicost doctor
  $ aicost doctor --rebuild
  $ aicost doctor --format json --ledger team.db`,
    )
    .action(async (flags: DoctorFlags) => {
      const [session, { doctorReport }, { correctionNotes }] = await Promise.all([
        openSession(runtime, flags),
        import('../reports/doctor-report.ts'),
        import('../reports/books-notes.ts'),
      ]);
      const ledger = await session.openToChange();
      try {
        if (flags.rebuild === true) {
          const { book, cards } = await session.rateBook();
          const { events, corrections } = ledger.rerate(book, cards, true);
          session.say(`rebuilt rates and sums of ${counted(events, 'event')}`);
          for (const { message } of correctionNotes(corrections)) session.say(message);
        }
        const findings = ledger.prove();
        const priced = findings.every(({ check, holds }) => holds || check !== 'rates');
        const whole = { span: {}, by: [], timeZone: 'UTC', where: [] };
        const unratedReasons = priced ? ledger.spend(whole).unratedReasons : [];
        await printAnswer(
          doctorReport(findings, unratedReasons, shownPath(ledger.path, runtime.cwd)),
          flags,
          runtime,
        );
        if (findings.some(({ holds }) => !holds)) finish(ExitCode.checkFailed);
      } finally {
        ledger.close();
      }
    });
}
