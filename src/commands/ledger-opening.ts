import { counted } from '../domain/words.ts';
import type { IdentifierWishes } from '../ledger/identifier-finding.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LedgerToRead } from '../ledger/ledger-to-read.ts';
import type { Rerated } from '../ledger/rebuild.ts';
import type { RatesInForce } from './rates-in-force.ts';

/** The ways in which commands open the ledger; each loads what it needs, and no more. */
export interface LedgerOpening {
  /** The ledger for reading: it has to exist, and its rates are those of the cards in force. `sumsOnly` as openLedgerToRead has it. */
  openForReading(options?: { readonly sumsOnly: boolean }): Promise<LedgerToRead>;
  /** The same, for those who close months or prove and rebuild it. */
  openToChange(): Promise<Ledger>;
  /** The ledger for reading files into it, which may turn out to need no rates: they are loaded by `ready`. */
  openForIngest(): Promise<{ readonly ledger: Ledger; readonly ready: () => Promise<void> }>;
  /** The ledger for appending; made when it is new. `path` overrides, `:memory:` leaves nothing behind. */
  openForWriting(path?: string): Promise<Ledger>;
}

interface OpeningOptions {
  readonly now: () => number;
  /** Which tags are identifiers, as aicost.yaml says. */
  readonly identifiers: IdentifierWishes;
  /** Tells people what was done on the way. */
  readonly say: (line: string) => void;
}

/** Calls that take long enough to become rows for people to be told: half a second. */
const MANY_EVENTS = 100_000;

/** The ways in which the ledger of a path is opened, priced by the cards in force. */
export function ledgerOpening(
  path: string,
  rates: RatesInForce,
  { now, identifiers, say }: OpeningOptions,
): LedgerOpening {
  const sayCorrections = async ({ corrections }: Rerated): Promise<void> => {
    if (corrections.length === 0) return;
    const { correctionNotes } = await import('../reports/books-notes.ts');
    for (const { message } of correctionNotes(corrections)) say(message);
  };
  const onSettling = (events: number): void => {
    if (events >= MANY_EVENTS)
      say(`making rows of ${counted(events, 'call')}, which questions about single ones need`);
  };
  const openUpToDate = async (): Promise<Ledger> => {
    const [{ openLedger }, digest] = await Promise.all([
      import('../ledger/ledger.ts'),
      rates.digest(),
    ]);
    const ledger = openLedger(path, { mustExist: true, now, onSettling });
    if (ledger.ratedCards()?.digest === digest) return ledger;
    const { book, cards } = await rates.book();
    const rerated = ledger.rerate(book, cards);
    const { skus, events } = rerated;
    if (skus > 0)
      say(`rate cards changed: ${counted(events, 'event')} of ${counted(skus, 'sku')} re-rated`);
    await sayCorrections(rerated);
    return ledger;
  };
  return {
    async openForReading(options) {
      const [{ openLedgerToRead }, digest] = await Promise.all([
        import('../ledger/ledger-to-read.ts'),
        rates.digest(),
      ]);
      const ledger = openLedgerToRead(path, { ...options, onSettling });
      if (ledger.ratedCards()?.digest === digest) return ledger;
      ledger.close();
      return openUpToDate();
    },
    openToChange: openUpToDate,
    async openForIngest() {
      const [{ openLedger }, digest] = await Promise.all([
        import('../ledger/ledger.ts'),
        rates.digest(),
      ]);
      const ledger = openLedger(path, { now, identifiers });
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
      const ledger = openLedger(other ?? path, { book, now, identifiers });
      await sayCorrections(ledger.rerate(book, cards));
      return ledger;
    },
  };
}
