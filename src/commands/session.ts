import { counted } from '../domain/words.ts';
import type { Settings } from '../config/settings.ts';
import type { Overlays } from '../domain/overlays.ts';
import type { RateBook } from '../domain/rate-book.ts';
import { isTimeZone } from '../domain/time-zone.ts';
import { UserError } from '../errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { CardsInForce } from '../ledger/rated-cards.ts';
import type { Rerated } from '../ledger/rebuild.ts';
import { printable } from '../printable.ts';
import type { Runtime } from '../runtime.ts';
import { findUpward, ledgerPath } from './places.ts';
import { ratesInForce } from './rates-in-force.ts';
import { resolve } from 'node:path';

/** Flags that every command with a ledger takes, as commander hands them over. */
export interface CommonFlags {
  readonly ledger?: string;
  readonly config?: string;
  readonly rates?: readonly string[];
  readonly timezone?: string;
  readonly quiet?: boolean;
  readonly color?: boolean;
}

/** One command's view of the user's choices; loads config, cards and ledger only when asked. */
export interface Session {
  readonly timeZone: string;
  readonly ledgerPath: string;
  /** The ledger for reading: it has to exist, and its rates are those of the cards in force. */
  openForReading(): Promise<Ledger>;
  /** The ledger for reading files into it, which may turn out to need no rates: they are loaded by `ready`. */
  openForIngest(): Promise<{ readonly ledger: Ledger; readonly ready: () => Promise<void> }>;
  /** The ledger for appending; made when it is new. `path` overrides, `:memory:` leaves nothing behind. */
  openForWriting(path?: string): Promise<Ledger>;
  rateBook(): Promise<{ readonly book: RateBook; readonly cards: CardsInForce }>;
  /** Contracts and own hardware in force. */
  overlays(): Promise<Overlays>;
  /** A line for people on stderr, unless --quiet. */
  say(line: string): void;
}

/** Gathers flags, environment and aicost.yaml. Throws UserError for what does not fit. */
export async function openSession(runtime: Runtime, flags: CommonFlags): Promise<Session> {
  const settings = await settingsFor(runtime, flags);
  const timeZone = flags.timezone ?? settings.timezone ?? runtime.timeZone;
  if (!isTimeZone(timeZone))
    throw new UserError(`--timezone: no such zone "${timeZone}"`, {
      hint: 'Write one like UTC, Europe/Berlin or Asia/Kathmandu.',
    });
  const own = [...settings.rates, ...(flags.rates ?? []).map((path) => resolve(runtime.cwd, path))];
  const path = ledgerPath(runtime, flags.ledger, settings.ledger);
  const say = (line: string): void => {
    if (flags.quiet !== true) runtime.err(printable(`${line}\n`));
  };
  const identifiers = {
    always: settings.identifiers ?? [],
    never: settings.notIdentifiers ?? [],
  };
  const rates = ratesInForce(own, runtime, settings.deployments);
  const sayCorrections = async ({ corrections }: Rerated): Promise<void> => {
    if (corrections.length === 0) return;
    const { correctionNotes } = await import('../reports/books-notes.ts');
    for (const { message } of correctionNotes(corrections)) say(message);
  };
  return {
    timeZone,
    ledgerPath: path,
    say,
    rateBook: () => rates.book(),
    overlays: rates.overlays,
    async openForReading() {
      const [{ openLedger }, digest] = await Promise.all([
        import('../ledger/ledger.ts'),
        rates.digest(),
      ]);
      const ledger = openLedger(path, { mustExist: true, now: runtime.now });
      if (ledger.ratedCards()?.digest !== digest) {
        const { book, cards } = await rates.book();
        const rerated = ledger.rerate(book, cards);
        const { skus, events } = rerated;
        if (skus > 0)
          say(
            `rate cards changed: ${counted(events, 'event')} of ${counted(skus, 'sku')} re-rated`,
          );
        await sayCorrections(rerated);
      }
      return ledger;
    },
    async openForIngest() {
      const [{ openLedger }, digest] = await Promise.all([
        import('../ledger/ledger.ts'),
        rates.digest(),
      ]);
      const ledger = openLedger(path, { now: runtime.now, identifiers });
      const ready = async (): Promise<void> => {
        const { book, cards } = await rates.book({ keepCompiled: path !== ':memory:' });
        await sayCorrections(ledger.rerate(book, cards));
      };
      if (ledger.ratedCards()?.digest !== digest) await ready();
      return { ledger, ready };
    },
    async openForWriting(other) {
      const [{ openLedger }, { book, cards }] = await Promise.all([
        import('../ledger/ledger.ts'),
        // What leaves no ledger behind leaves nothing else behind either.
        rates.book({ keepCompiled: (other ?? path) !== ':memory:' }),
      ]);
      const ledger = openLedger(other ?? path, { book, now: runtime.now, identifiers });
      await sayCorrections(ledger.rerate(book, cards));
      return ledger;
    },
  };
}

async function settingsFor(runtime: Runtime, flags: CommonFlags): Promise<Settings> {
  const file =
    flags.config === undefined
      ? findUpward(runtime.cwd, 'aicost.yaml')
      : resolve(runtime.cwd, flags.config);
  if (file === undefined) return { rates: [] };
  const { readSettings } = await import('../config/settings.ts');
  return readSettings(file);
}
