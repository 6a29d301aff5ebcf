import type { SpendAnswer, SpendQuery } from '../domain/spend.ts';
import { type BillSpan, readBillLines, type StoredBillLine } from './bill-lines.ts';
import { type Database, openDatabase } from './database.ts';
import { settleForQuestions } from './event-blocks.ts';
import { type EventSelection, selectEvents } from './event-selection.ts';
import { type IdentifierTag, identifierTags } from './identifier-tags.ts';
import { type CardsInForce, ratedCards } from './rated-cards.ts';
import { openRollups } from './rollups.ts';
import { answerSpend } from './spend.ts';
import type { StoredEvent } from './stored-event.ts';

/** The ledger for those who only ask, which is most commands: what changes it takes longer to load than to be asked. */
export interface LedgerToRead {
  readonly path: string;
  readonly spend: (query: SpendQuery) => SpendAnswer;
  readonly events: (selection: EventSelection) => Iterable<StoredEvent>;
  /** Tags that are kept with each call, because hardly two calls share a value. */
  readonly identifiers: () => readonly IdentifierTag[];
  readonly billLines: (span: BillSpan) => Iterable<StoredBillLine>;
  /** The cards that its rates come from; `undefined` before the first ingest. */
  readonly ratedCards: () => CardsInForce | undefined;
  readonly close: () => void;
}

/**
 * Opens a ledger file that has to be there. Throws UserError when it is not, or is no ledger. `sumsOnly` is for
 * those whose questions the cube mostly answers: events that are still in blocks stay there until a question needs them.
 */
export function openLedgerToRead(path: string, { sumsOnly = false } = {}): LedgerToRead {
  const database = openDatabase(path, true);
  if (!sumsOnly) settleForQuestions(database);
  return readingOf(database, path);
}

/** What can be asked of an open ledger; `fewCells` as openRollups has it. */
export function readingOf(database: Database, path: string, fewCells?: number): LedgerToRead {
  const rollups = openRollups(database, fewCells);
  return {
    path,
    spend: (query) => answerSpend(database, query, rollups),
    events: (selection) => selectEvents(database, selection),
    identifiers: () => identifierTags(database),
    billLines: (span) => readBillLines(database, span),
    ratedCards: () => ratedCards(database),
    close: () => void database.close(),
  };
}
