import { ZERO } from '../domain/money.ts';
import {
  type Correction,
  NO_SPEND,
  type Spend,
  type SpendAnswer,
  type SpendQuery,
} from '../domain/spend.ts';
import type { BookPart } from './books.ts';
import { type ClosedMonth, closedMonths, freezeMonth, thawMonth } from './closed-months.ts';
import type { Clock } from './corrections.ts';
import type { Database } from './database.ts';
import { ratedCards } from './rated-cards.ts';
import { answerParts } from './spend.ts';
import type { Source } from './spend-sql.ts';

const HOUR_MS = 3_600_000;

/** A month to close: what of the calendar it is, in milliseconds UTC, on whole hours. */
export interface Closing {
  readonly month: string;
  readonly timeZone: string;
  readonly start: number;
  readonly end: number;
  /** Closes nothing while some of its usage has no price. */
  readonly strict: boolean;
}

/** A closed month with its numbers. */
export interface MonthInBooks extends ClosedMonth {
  /** As it was closed. */
  readonly frozen: Spend;
  /** What has been booked as corrections of it since. */
  readonly corrected: Spend;
}

/** What became of a month that was to be closed. */
export type ClosingOutcome =
  | { readonly kind: 'closed' | 'already'; readonly month: MonthInBooks }
  /** With `strict`: nothing was closed. */
  | { readonly kind: 'unpriced'; readonly unrated: bigint; readonly requests: bigint }
  /** It shares hours with a month that was closed in another zone; nothing was closed. */
  | { readonly kind: 'overlaps'; readonly other: ClosedMonth };

/** What became of a month that was to be reopened. */
export type ReopeningOutcome =
  | { readonly kind: 'reopened'; readonly month: MonthInBooks }
  | { readonly kind: 'not-closed' }
  /** Corrections of it are part of a month that was closed later, whose numbers must not change. */
  | { readonly kind: 'corrected-in'; readonly later: readonly string[] };

/** The closed months of a ledger. */
export interface MonthBooks {
  readonly close: (closing: Closing) => ClosingOutcome;
  /** Drops what was frozen of a month, with its corrections: its numbers are live again. */
  readonly reopen: (month: string) => ReopeningOutcome;
  /** Oldest first. */
  readonly list: () => readonly MonthInBooks[];
  /** What has been booked in all, a closed month each, oldest first; to be compared before and after. */
  readonly corrections: () => readonly Correction[];
}

/** Opens the closed months of a ledger. */
export function openMonthBooks(database: Database, now: Clock): MonthBooks {
  const find = (month: string): ClosedMonth | undefined =>
    closedMonths(database).find((closed) => closed.month === month);
  const close = (closing: Closing): ClosingOutcome => {
    const present = find(closing.month);
    if (present !== undefined) return { kind: 'already', month: inBooks(database, present) };
    const [startHour, endHour] = [closing.start / HOUR_MS, closing.end / HOUR_MS];
    const other = closedMonths(database).find(
      (closed) => closed.startHour < endHour && closed.endHour > startHour,
    );
    if (other !== undefined) return { kind: 'overlaps', other };
    const { unrated, requests } = sumOf(database, { kind: 'cube' }, closing);
    if (closing.strict && unrated > 0n) return { kind: 'unpriced', unrated, requests };
    const cards = ratedCards(database);
    const { month, timeZone } = closing;
    const closed: ClosedMonth = {
      month,
      timeZone,
      startHour,
      endHour,
      closedAt: now(),
      cardsDigest: cards?.digest ?? '',
      cardsAsOf: cards?.asOf ?? '',
    };
    freezeMonth(database, closed);
    return { kind: 'closed', month: inBooks(database, closed) };
  };
  const reopen = (name: string): ReopeningOutcome => {
    const closed = find(name);
    if (closed === undefined) return { kind: 'not-closed' };
    const later = closedMonthsWithCorrectionsOf(database, name);
    if (later.length > 0) return { kind: 'corrected-in', later };
    const month = inBooks(database, closed);
    thawMonth(database, name);
    return { kind: 'reopened', month };
  };
  return {
    close: (closing) => database.transaction(close).immediate(closing),
    reopen: (month) => database.transaction(reopen).immediate(month),
    list: () =>
      database.transaction(() => closedMonths(database).map((month) => inBooks(database, month)))(),
    corrections: () => bookedCorrections(database),
  };
}

/** What has been booked in all, a closed month each; months without a correction too. */
export const bookedCorrections = (database: Database): readonly Correction[] =>
  closedMonths(database).map(({ month }) => {
    const { books } = answerPart(database, { kind: 'correction_cell', month });
    const [correction] = books.corrections;
    return correction ?? { month, requests: 0n, cost: ZERO, contracted: ZERO };
  });

const inBooks = (database: Database, closed: ClosedMonth): MonthInBooks => ({
  ...closed,
  frozen: sumOf(database, { kind: 'closed_cell', month: closed.month }),
  corrected: sumOf(database, { kind: 'correction_cell', month: closed.month }),
});

const WHOLE: SpendQuery = { span: {}, by: [], timeZone: 'UTC', where: [] };
/** Every instant that a date can hold. */
const ALWAYS = { start: -8.64e15, end: 8.64e15 };

const sumOf = (database: Database, source: Source, span?: Pick<Closing, 'start' | 'end'>): Spend =>
  answerPart(database, source, span).rows[0] ?? NO_SPEND;

function answerPart(
  database: Database,
  source: Source,
  { start, end }: Pick<Closing, 'start' | 'end'> = ALWAYS,
): SpendAnswer {
  const part: BookPart = {
    stretch: { kind: 'segment', segment: { start, end, offset: 0 } },
    source,
  };
  return answerParts(database, WHOLE, [part]);
}

const closedMonthsWithCorrectionsOf = (database: Database, month: string): readonly string[] =>
  database
    .prepare<[string], { month: string }>(
      `SELECT DISTINCT m.month FROM closed_month m
       JOIN correction_cell c ON c.month = ? AND c.hour >= m.start_hour AND c.hour < m.end_hour ORDER BY m.start_hour`,
    )
    .all(month)
    .map((closed) => closed.month);
