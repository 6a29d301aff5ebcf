import type { RateBook } from '../domain/rate-book.ts';
import type { RunTags } from '../domain/run-tags.ts';
import type { SpendAnswer, SpendQuery } from '../domain/spend.ts';
import { type Append, type Appended, openAppend } from './append.ts';
import {
  type BillLinesAppended,
  type BillSpan,
  type IncomingBillLine,
  openBillLines,
  readBillLines,
  type StoredBillLine,
} from './bill-lines.ts';
import type { IncomingEvent } from './event-placement.ts';
import type { Clock } from './corrections.ts';
import { type Database, openDatabase } from './database.ts';
import { type EventSelection, selectEvents } from './event-selection.ts';
import { type MonthBooks, openMonthBooks } from './month-closing.ts';
import { type Finding, proveLedger } from './proof.ts';
import { type CardsInForce, ratedCards } from './rated-cards.ts';
import { rerate, type Rerated } from './rebuild.ts';
import { type Checkpoint, openSourceFiles, type SourceFile } from './source-files.ts';
import { answerSpend } from './spend.ts';
import type { StoredEvent } from './stored-event.ts';

/** The only door to the ledger: events in, questions answered. Callers never see SQL. */
export interface Ledger {
  readonly path: string;
  /** Adds events, lines of bills and tags of runs and moves the checkpoints of files, all or nothing. */
  readonly append: Commit;
  /** What is known of a file by its absolute path. */
  readonly sourceFile: (path: string) => SourceFile | undefined;
  /** The id under which a file's events are kept, made when the file is new. */
  readonly sourceFileId: (path: string) => number;
  readonly spend: (query: SpendQuery) => SpendAnswer;
  readonly events: (selection: EventSelection) => Iterable<StoredEvent>;
  readonly billLines: (span: BillSpan) => Iterable<StoredBillLine>;
  /** The cards that its rates come from; `undefined` before the first ingest. */
  readonly ratedCards: () => CardsInForce | undefined;
  /** Brings rates up to date with the cards, touching only events whose card entry changed. */
  readonly rerate: (book: RateBook, cards: CardsInForce, everything?: boolean) => Rerated;
  /** Closed months, whose numbers stay; what changes in them is booked as corrections. */
  readonly months: MonthBooks;
  readonly prove: () => readonly Finding[];
  readonly close: () => void;
}

/**
 * Opens a ledger file, or memory for `:memory:`. With `mustExist` a missing file is a UserError instead of
 * a new ledger. Events can be appended once `book` is given; `now` has to be given to close a month, and to
 * change anything in a closed one.
 */
export function openLedger(
  path: string,
  { mustExist = false, book, now = noClock }: Opening = {},
): Ledger {
  const database = openDatabase(path, mustExist);
  const files = openSourceFiles(database);
  const appendBillLines = openBillLines(database);
  let append: Append | undefined;
  let rated: { readonly book: RateBook; readonly cards: CardsInForce } | undefined;
  const inTransaction = transactionOf(
    database,
    (events, checkpoints, billLines = [], tags = []) => {
      if (book === undefined) throw new Error('the ledger was opened without rate cards');
      // Another process may have re-rated under other cards since, and dropped rates this one remembers.
      if (rated !== undefined && ratedCards(database)?.digest !== rated.cards.digest) {
        rerate(database, rated.book, rated.cards, now);
        append = undefined;
      }
      append ??= openAppend(database, book, now);
      const appended = append(events, tags);
      const bills = billLines.length === 0 ? {} : { bills: appendBillLines(billLines) };
      for (const checkpoint of checkpoints ?? []) files.move(checkpoint);
      return { ...appended, ...bills };
    },
  );
  return {
    path,
    append: inTransaction,
    sourceFile: files.find,
    sourceFileId: files.idOf,
    spend: (query) => answerSpend(database, query),
    events: (selection) => selectEvents(database, selection),
    billLines: (span) => readBillLines(database, span),
    ratedCards: () => ratedCards(database),
    rerate: (rates, cards, everything) => {
      rated = { book: rates, cards };
      append = undefined;
      return rerate(database, rates, cards, now, everything);
    },
    months: openMonthBooks(database, now),
    prove: () => proveLedger(database),
    close: () => void database.close(),
  };
}

interface Opening {
  readonly mustExist?: boolean;
  readonly book?: RateBook;
  readonly now?: Clock;
}

const noClock: Clock = () => {
  throw new Error('the ledger was opened without a clock');
};

type Commit = (
  events: readonly IncomingEvent[],
  checkpoints: readonly Checkpoint[] | undefined,
  billLines?: readonly IncomingBillLine[],
  tags?: readonly RunTags[],
) => Appended & { readonly bills?: BillLinesAppended };

// IMMEDIATE takes the write lock at once, so that two ingests wait for each other instead of failing.
const transactionOf = (database: Database, commit: Commit): Commit => {
  const transaction = database.transaction(commit);
  return (...written) => transaction.immediate(...written);
};
