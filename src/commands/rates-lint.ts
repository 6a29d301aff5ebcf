import { Command } from 'commander';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CardFile } from '../config/card-files.ts';
import { ExitCode, showOrigin } from '../errors.ts';
import type { LedgerUsage } from '../reports/rates-lint-report.ts';
import type { Runtime } from '../runtime.ts';
import { type OutputFlags, withOutput } from './flags.ts';
import { shownPath } from './places.ts';
import { printAnswer } from './print-answer.ts';
import { ownRates, type RatesFlags, withRates } from './rates-cards.ts';
import { openSession } from './session.ts';

// Commander hands --no-ledger over as `ledger: false`.
interface LintFlags extends Omit<OutputFlags & RatesFlags, 'ledger'> {
  readonly ledger?: string | boolean;
}

/** `aicost rates lint`: whether cards are sound, and how much usage rests on weak prices or none. */
export function lintCommand(runtime: Runtime, finish: (code: ExitCode) => void): Command {
  const command = new Command('lint')
    .description(
      'Checks rate cards: shape, sources, dates, names, examples, and what looks like a\nslip of the unit. Without FILES also what the ledger has no price for, and how\nmuch of its spend rests on weak prices. Exits 1 when there is an error; warnings\nalone exit 0.',
    )
    .argument('[files...]', 'cards or folders (default: the shipped ones and those of --rates)')
    .optionsGroup('Usage:')
    .option('--ledger <file>', 'ledger to look at (default: the nearest)')
    .option('--no-ledger', 'only the cards');
  return withOutput(withRates(command))
    .addHelpText(
      'after',
      `
Examples:
  $ aicost rates lint
  $ aicost rates lint my-rates/openai.yaml
  $ aicost rates lint --no-ledger --format json`,
    )
    .action(async (paths: readonly string[], flags: LintFlags) => {
      const [{ lintCardFile }, { lintOverlayFile }, { ratesLintReport }] = await Promise.all([
        import('../config/card-lint.ts'),
        import('../config/overlay-lint.ts'),
        import('../reports/rates-lint-report.ts'),
      ]);
      const named = typeof flags.ledger === 'string' ? flags.ledger : undefined;
      const { ledger: _, ...rest } = flags;
      const shared: OutputFlags & RatesFlags =
        named === undefined ? rest : { ...rest, ledger: named };
      const { files, overlays } = await filesToLint(runtime, paths, shared);
      const cards = files.map((file) => lintCardFile(file, runtime.now()));
      const problems = [
        ...cards.flatMap((card) => card.problems),
        ...overlays.flatMap(lintOverlayFile),
      ].map(({ severity, origin, message }) => ({ severity, place: showOrigin(origin), message }));
      const models = cards.reduce((sum, card) => sum + card.models, 0);
      const failed = problems.some(({ severity }) => severity === 'error');
      // Cards with errors cannot price the ledger, and cards that are named need not be in force.
      const asksLedger = flags.ledger !== false && paths.length === 0 && !failed;
      const usage = asksLedger ? await ledgerUsage(runtime, shared) : undefined;
      await printAnswer(
        ratesLintReport(
          problems,
          { files: files.length, overlays: overlays.length, models },
          usage,
        ),
        shared,
        runtime,
      );
      if (failed) finish(ExitCode.checkFailed);
    });
}

/** The cards to check, and the contracts and hardware among the user's paths. */
async function filesToLint(
  runtime: Runtime,
  paths: readonly string[],
  flags: RatesFlags,
): Promise<{ readonly files: readonly CardFile[]; readonly overlays: readonly string[] }> {
  const [{ cardFiles, ownCardFiles }, { ownFiles }] = await Promise.all([
    import('../config/card-files.ts'),
    import('../config/overlay-files.ts'),
  ]);
  const named = paths.map((path) => resolve(runtime.cwd, path));
  const { cards, overlays } = ownFiles(named.length > 0 ? named : await ownRates(runtime, flags));
  return { files: named.length > 0 ? ownCardFiles(cards) : cardFiles(cards), overlays };
}

/** All usage of the ledger by provider and model; `undefined` where there is no ledger and none was asked for. */
async function ledgerUsage(runtime: Runtime, flags: RatesFlags): Promise<LedgerUsage | undefined> {
  const session = await openSession(runtime, flags);
  if (flags.ledger === undefined && !existsSync(session.ledgerPath)) return undefined;
  const ledger = await session.openForReading();
  try {
    const { rows } = ledger.spend({
      span: {},
      by: [
        { kind: 'fact', name: 'provider' },
        { kind: 'fact', name: 'model' },
      ],
      timeZone: session.timeZone,
      where: [],
    });
    return { ledger: shownPath(session.ledgerPath, runtime.cwd), rows };
  } finally {
    ledger.close();
  }
}
