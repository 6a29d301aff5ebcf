import { Command } from 'commander';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CardFile } from '../config/card-files.ts';
import type { Deployments } from '../domain/deployments.ts';
import type { RateCard } from '../domain/rate-card.ts';
import type { Span } from '../domain/spend.ts';
import { counted } from '../domain/words.ts';
import { UserError } from '../errors.ts';
import type { ReplayOf } from '../reports/rates-diff-report.ts';
import type { Runtime } from '../runtime.ts';
import { type OutputFlags, periodOf, withOutput } from './flags.ts';
import { printAnswer } from './print-answer.ts';
import { openProgress } from './progress.ts';
import { compiledCards, ownRates, type RatesFlags, settingsOf, withRates } from './rates-cards.ts';
import { openSession } from './session.ts';

interface DiffFlags extends OutputFlags, RatesFlags {
  readonly replay?: string;
}

type Cards = ReadonlyMap<string, RateCard>;

/** `aicost rates diff`: which prices differ between two sets of cards, and what usage would cost by each. */
export function diffCommand(runtime: Runtime): Command {
  const command = new Command('diff')
    .description(
      'Which models and prices differ between two sets of cards. With --replay also\nwhat the usage of a period in the ledger costs by each; the ledger stays as it\nis.',
    )
    .argument('<before>', 'a card, a folder of them, or a word: shipped, own')
    .argument('<after>', 'the same; own is the cards in force, yours over the shipped')
    .optionsGroup('Usage:')
    .option('--replay <period>', 'price its usage by both: last-month, 2026-10, 7d, A..B')
    .option('--ledger <file>', 'ledger to take usage from (default: the nearest)')
    .option('--timezone <zone>', 'zone of the period, such as Europe/Berlin');
  return withOutput(withRates(command))
    .addHelpText(
      'after',
      `
Examples:
  $ aicost rates diff shipped own --rates offer.yaml --replay last-month
  $ aicost rates diff old-rates/openai.yaml new-rates/openai.yaml`,
    )
    .action(async (before: string, after: string, flags: DiffFlags) => {
      const [{ diffCards }, { ratesDiffReport }] = await Promise.all([
        import('../domain/rate-diff.ts'),
        import('../reports/rates-diff-report.ts'),
      ]);
      const session = await openSession(runtime, flags);
      const span =
        flags.replay === undefined
          ? undefined
          : periodOf('--replay', flags.replay, runtime.now(), session.timeZone);
      const [was, is] = [
        await cardsNamed(before, runtime, flags),
        await cardsNamed(after, runtime, flags),
      ];
      const diff = diffCards(was, is);
      if (diff.compared.length === 0)
        throw new UserError(`${before} and ${after} have no provider in common`, {
          hint: `${before}: ${[...was.keys()].join(', ')}; ${after}: ${[...is.keys()].join(', ')}.`,
        });
      const replay =
        span === undefined
          ? undefined
          : await replayed(was, is, {
              span,
              compared: new Set(diff.compared),
              deployments: (await settingsOf(runtime, flags)).deployments,
              path: session.ledgerPath,
              runtime,
              quiet: flags.quiet === true,
            });
      await printAnswer(ratesDiffReport({ before, after }, diff, replay), flags, runtime);
    });
}

/** The cards behind a word or a path. Throws UserError. */
async function cardsNamed(name: string, runtime: Runtime, flags: RatesFlags): Promise<Cards> {
  const [{ openCards }, compiled] = await Promise.all([
    import('../config/rate-cards.ts'),
    compiledCards(runtime, { write: true }),
  ]);
  return openCards(await filesNamed(name, runtime, flags), runtime.now(), compiled).cards;
}

async function filesNamed(
  name: string,
  runtime: Runtime,
  flags: RatesFlags,
): Promise<readonly CardFile[]> {
  const [{ cardFiles, ownCardFiles }, { ownFiles }] = await Promise.all([
    import('../config/card-files.ts'),
    import('../config/overlay-files.ts'),
  ]);
  const path = resolve(runtime.cwd, name);
  if (name === 'shipped') return cardFiles([]);
  if (name === 'own') return cardFiles(ownFiles(await ownRates(runtime, flags)).cards);
  if (existsSync(path)) return ownCardFiles([path]);
  throw new UserError(`no rate card at ${name}`, {
    hint: 'Name a card, a folder of them, or one of the words shipped and own.',
  });
}

/** Events between two looks at the progress line. */
const STEP = 1_000;

interface ReplayTask {
  readonly span: Required<Span>;
  readonly compared: ReadonlySet<string>;
  readonly deployments: Deployments | undefined;
  /** Path of the ledger. */
  readonly path: string;
  readonly runtime: Runtime;
  readonly quiet: boolean;
}

async function replayed(was: Cards, is: Cards, task: ReplayTask): Promise<ReplayOf> {
  const { span, compared, deployments, path, runtime, quiet } = task;
  const [{ openLedgerToRead }, { createRateBook }, { openReplay }] = await Promise.all([
    import('../ledger/ledger-to-read.ts'),
    import('../domain/rate-book.ts'),
    import('../domain/replay.ts'),
  ]);
  const replay = openReplay(
    createRateBook(was, undefined, deployments),
    createRateBook(is, undefined, deployments),
    compared,
  );
  const progress = openProgress(runtime, quiet);
  const ledger = openLedgerToRead(path);
  let events = 0;
  try {
    for (const { event } of ledger.events({ span, where: [], order: 'time' })) {
      replay.add(event);
      events += 1;
      if (events % STEP === 0) progress.show(`replayed ${counted(events, 'event')}`);
    }
  } finally {
    progress.clear();
    ledger.close();
  }
  return { replayed: replay.result(), start: span.start, end: span.end };
}
