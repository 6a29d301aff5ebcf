import type { RateBook } from '../domain/rate-book.ts';
import type { RunTags } from '../domain/run-tags.ts';
import { type Append, type IncomingEvents, openAppend } from './append.ts';
import type { Appended } from './appended.ts';
import { type BillLinesAppended, type IncomingBillLine, openBillLines } from './bill-lines.ts';
import type { Clock } from './corrections.ts';
import type { Database } from './database.ts';
import { whileNobodyWrites } from './derived-change.ts';
import type { IdentifierWishes } from './identifier-finding.ts';
import { type CardsInForce, ratedCards } from './rated-cards.ts';
import { rerate } from './rebuild.ts';
import type { Checkpoint, SourceFiles } from './source-files.ts';

/** What became of what was added. */
export type AddedToLedger = Appended & { readonly bills?: BillLinesAppended };

/** A transaction that is open, and keeps other writers out; nothing of it stays when an error is thrown. */
export interface Writing {
  readonly add: (
    events: IncomingEvents,
    billLines?: readonly IncomingBillLine[],
    tags?: readonly RunTags[],
  ) => AddedToLedger;
  /** Moves the checkpoints of files and ends the transaction. */
  readonly commit: (checkpoints: readonly Checkpoint[]) => void;
}

interface RatedBy {
  readonly book: RateBook;
  readonly cards: CardsInForce;
}

/** Begins transactions that add to the ledger. */
export interface Writer {
  /** Throws when the ledger was opened without rate cards. */
  readonly begin: () => Writing;
  /** Tells which cards the ledger's rates come from now. */
  readonly ratedBy: (rated: RatedBy) => void;
  /** Leaves little to do for the next process that appends, unless somebody is writing now. */
  readonly close: () => void;
}

interface WriterOptions {
  readonly book: RateBook | undefined;
  /** Dates corrections of closed months. */
  readonly now: Clock;
  /** Which tags are identifiers, as the user says. */
  readonly wishes: IdentifierWishes;
  /** How many keys wait to be settled; as openEventKeys has it when absent. */
  readonly fewKeys: number | undefined;
}

/** Opens the ledger for writing. */
export function openWriter(
  database: Database,
  files: SourceFiles,
  { book, now, wishes, fewKeys }: WriterOptions,
): Writer {
  const appendBillLines = openBillLines(database);
  // IMMEDIATE takes the write lock at once, so that two ingests wait for each other instead of failing.
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const rollback = database.prepare('ROLLBACK');
  let rated: RatedBy | undefined;
  let append: Append | undefined;

  /** Does all of it or ends the transaction with nothing done. */
  const whole = <Done>(work: () => Done): Done => {
    try {
      return work();
    } catch (error) {
      if (database.inTransaction) rollback.run();
      append = undefined;
      throw error;
    }
  };

  const openForAppending = (): Append => {
    const rates = rated?.book ?? book;
    if (rates === undefined) throw new Error('the ledger was opened without rate cards');
    // Another process may have re-rated under other cards since, and dropped rates this one remembers.
    if (rated !== undefined && ratedCards(database)?.digest !== rated.cards.digest) {
      rerate(database, rated.book, rated.cards, now);
      append = undefined;
    }
    append ??= openAppend(database, { book: rates, now, wishes, fewKeys });
    append.begin();
    return append;
  };

  return {
    ratedBy(cards) {
      rated = cards;
      append = undefined;
    },
    close() {
      if (append !== undefined) whileNobodyWrites(database, append.settle);
    },
    begin() {
      begin.run();
      const opened = whole(openForAppending);
      return {
        add: (events, billLines = [], tags = []) =>
          whole(() => ({
            ...opened.add(events, tags),
            ...(billLines.length === 0 ? {} : { bills: appendBillLines(billLines) }),
          })),
        commit: (checkpoints) =>
          whole(() => {
            opened.finish();
            for (const checkpoint of checkpoints) files.move(checkpoint);
            commit.run();
          }),
      };
    },
  };
}
