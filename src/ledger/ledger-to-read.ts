import type { CallSums, CallSumsQuery } from '../domain/call-signals.ts';
import type { ReplayLedger } from '../domain/replay-question.ts';
import type { CountCalls, Span, SpendAnswer, SpendQuery } from '../domain/spend.ts';
import { type BillSpan, readBillLines, type StoredBillLine } from './bill-lines.ts';
import { countCalls } from './call-counts.ts';
import { sumCalls } from './call-sums.ts';
import { closedMonths } from './closed-months.ts';
import { type Database, openDatabase } from './database.ts';
import { settleForQuestions, type SettlingListener } from './event-blocks.ts';
import { type EventSelection, selectEvents } from './event-selection.ts';
import { extentOf } from './extent.ts';
import { type IdentifierTag, identifierTags } from './identifier-tags.ts';
import { type CardsInForce, ratedCards } from './rated-cards.ts';
import { openRollups } from './rollups.ts';
import { answerSpend } from './spend.ts';
import type { StoredEvent } from './stored-event.ts';
import { tagKeys, tagValues } from './tag-values.ts';

/** The ledger for those who only ask, which is most commands: what changes it takes longer to load than to be asked. */
export interface LedgerToRead {
  readonly path: string;
  readonly spend: (query: SpendQuery) => SpendAnswer;
  /** Time and retries of calls. */
  readonly callSums: (query: CallSumsQuery) => readonly CallSums[];
  /** How many calls there are; may be asked while events are being read. */
  readonly countCalls: CountCalls;
  readonly events: (selection: EventSelection) => Iterable<StoredEvent>;
  /** Tags that are kept with each call, because hardly two calls share a value. */
  readonly identifiers: () => readonly IdentifierTag[];
  /** First and last instant of what is dated, to the hour; `undefined` while there is nothing. */
  readonly extent: () => Required<Span> | undefined;
  /** Keys of the tags that calls carry, identifiers apart. */
  readonly tagKeys: () => readonly string[];
  /** Every value of a tag, as the logs have it; of users and sessions too. */
  readonly tagValues: (key: string) => Iterable<string>;
  /** Questions about single requests, answered by sums; loaded when somebody has one. */
  readonly replaying: () => Promise<ReplayLedger>;
  readonly billLines: (span: BillSpan) => Iterable<StoredBillLine>;
  /** The cards that its rates come from; `undefined` before the first ingest. */
  readonly ratedCards: () => CardsInForce | undefined;
  readonly close: () => void;
}

interface ReadingOptions {
  readonly sumsOnly?: boolean;
  readonly onSettling?: SettlingListener;
}

/**
 * Opens a ledger file that has to be there. Throws UserError when it is not, or is no ledger. `sumsOnly` is for
 * those whose questions the cube mostly answers: events that are still in blocks stay there until a question needs them.
 * `onSettling` is called before others wait for that.
 */
export function openLedgerToRead(
  path: string,
  { sumsOnly = false, onSettling }: ReadingOptions = {},
): LedgerToRead {
  const database = openDatabase(path, true);
  if (!sumsOnly) settleForQuestions(database, onSettling);
  return readingOf(database, path);
}

/** What can be asked of an open ledger; `fewCells` as openRollups has it. */
export function readingOf(database: Database, path: string, fewCells?: number): LedgerToRead {
  const rollups = openRollups(database, fewCells);
  /** For questions that read rows of events whatever the cube knows. */
  const withAllRows = (): Database => {
    settleForQuestions(database);
    return database;
  };
  return {
    path,
    spend: (query) => answerSpend(database, query, rollups),
    countCalls: (query) => countCalls(withAllRows(), query),
    callSums: (query) => sumCalls(withAllRows(), query),
    events: (selection) => selectEvents(database, selection),
    identifiers: () => identifierTags(database),
    extent() {
      const bounds = extentOf(database, closedMonths(database));
      return bounds === undefined ? undefined : { start: bounds.first, end: bounds.last };
    },
    tagKeys: () => tagKeys(database),
    tagValues: (key) => tagValues(withAllRows(), key),
    replaying: async () => (await import('./replay.ts')).openReplayLedger(database),
    billLines: (span) => readBillLines(database, span),
    ratedCards: () => ratedCards(database),
    close: () => void database.close(),
  };
}
