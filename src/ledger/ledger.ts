import type { RateBook } from '../domain/rate-book.ts';
import type { RunTags } from '../domain/run-tags.ts';
import type { IncomingBillLine } from './bill-lines.ts';
import { settleForQuestions, type SettlingListener } from './event-blocks.ts';
import type { IncomingEvent } from './event-placement.ts';
import type { Clock } from './corrections.ts';
import { openDatabase } from './database.ts';
import type { IdentifierWishes } from './identifier-finding.ts';
import { type LedgerToRead, readingOf } from './ledger-to-read.ts';
import { type MonthBooks, openMonthBooks } from './month-closing.ts';
import { type Finding, proveLedger } from './proof.ts';
import type { CardsInForce } from './rated-cards.ts';
import { rerate, type Rerated } from './rebuild.ts';
import { type Checkpoint, openSourceFiles, type SourceFile } from './source-files.ts';
import { type AddedToLedger, openWriter, type Writing } from './writing.ts';

/** The only door to the ledger: events in, questions answered. Callers never see SQL. */
export interface Ledger extends LedgerToRead {
  /** Adds events, lines of bills and tags of runs and moves the checkpoints of files, all or nothing. */
  readonly append: (
    events: readonly IncomingEvent[],
    checkpoints?: readonly Checkpoint[],
    billLines?: readonly IncomingBillLine[],
    tags?: readonly RunTags[],
  ) => AddedToLedger;
  /** As append, for what is added bit by bit. */
  readonly writing: () => Writing;
  /** What is known of a file by its absolute path. */
  readonly sourceFile: (path: string) => SourceFile | undefined;
  /** The id under which a file's events are kept, made when the file is new. */
  readonly sourceFileId: (path: string) => number;
  /** Brings rates up to date with the cards, touching only events whose card entry changed. */
  readonly rerate: (book: RateBook, cards: CardsInForce, everything?: boolean) => Rerated;
  /** Closed months, whose numbers stay; what changes in them is booked as corrections. */
  readonly months: MonthBooks;
  readonly prove: () => readonly Finding[];
}

/**
 * Opens a ledger file, or memory for `:memory:`. With `mustExist` a missing file is a UserError instead of
 * a new ledger. Events can be appended once `book` is given; `now` has to be given to close a month, and to
 * change anything in a closed one.
 */
export function openLedger(
  path: string,
  {
    mustExist = false,
    book,
    now = noClock,
    fewCells,
    fewKeys,
    identifiers = NO_WISHES,
    onSettling,
  }: Opening = {},
): Ledger {
  const database = openDatabase(path, mustExist);
  // Who needs a ledger that is there already asks it something.
  if (mustExist) settleForQuestions(database, onSettling);
  const files = openSourceFiles(database);
  const writer = openWriter(database, files, { book, now, wishes: identifiers, fewKeys });
  return {
    ...readingOf(database, path, fewCells),
    writing: writer.begin,
    append(events, checkpoints = [], billLines = [], tags = []) {
      const { add, commit: commitAll } = writer.begin();
      const added = add(events, billLines, tags);
      commitAll(checkpoints);
      return added;
    },
    sourceFile: files.find,
    sourceFileId: files.idOf,
    rerate: (rates, cards, everything) => {
      writer.ratedBy({ book: rates, cards });
      return rerate(database, rates, cards, now, everything);
    },
    months: openMonthBooks(database, now),
    prove: () => proveLedger(database),
    close() {
      if (path !== ':memory:' && database.open) writer.close();
      database.close();
    },
  };
}

interface Opening {
  readonly mustExist?: boolean;
  readonly book?: RateBook;
  readonly now?: Clock;
  /** Which tags are identifiers whatever their values, and which are not; as they look when absent. */
  readonly identifiers?: IdentifierWishes;
  /** How many cells of its cube are read without a roll-up; as openRollups has it when absent. */
  readonly fewCells?: number;
  /** How many ids are listed rather than settled when it is closed; as openEventKeys has it when absent. */
  readonly fewKeys?: number;
  /** Called before whoever opens a ledger that is there waits for events to become rows. */
  readonly onSettling?: SettlingListener;
}

const NO_WISHES: IdentifierWishes = { always: [], never: [] };

const noClock: Clock = () => {
  throw new Error('the ledger was opened without a clock');
};
