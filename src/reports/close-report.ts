import type { Spend } from '../domain/spend.ts';
import { counted, grouped } from '../domain/words.ts';
import type { Answer, Cell, Column, Note, Table } from './answer.ts';

/** A closed month as it is shown. */
export interface MonthShown {
  readonly month: string;
  readonly timeZone: string;
  /** Milliseconds UTC. */
  readonly closedAt: number;
  readonly cardsDigest: string;
  readonly cardsAsOf: string;
  /** As it was closed, and what has been booked as corrections of it since. */
  readonly frozen: Spend;
  readonly corrected: Spend;
}

/** What became of a month: `already` when it had been closed before. */
export type CloseOutcome = 'closed' | 'already' | 'reopened';

const COLUMNS: readonly Column[] = [
  { key: 'month', title: 'Month', yields: 0 },
  { key: 'timezone', title: 'Zone', yields: 3 },
  { key: 'closed_at', title: 'Closed (UTC)', yields: 2 },
  { key: 'requests', title: 'Requests', yields: 4 },
  { key: 'unrated_requests', title: 'Unpriced', yields: 8 },
  { key: 'cost_usd', title: 'Cost', yields: 0 },
  { key: 'correction_requests', title: 'Late', yields: 5 },
  { key: 'correction_cost_usd', title: 'Corrections', yields: 0 },
  { key: 'cards_as_of', title: 'Prices as of', yields: 7 },
  { key: 'cards_digest', title: 'Cards', yields: 9 },
];

const count = (value: bigint): Cell => ({ kind: 'count', value });
const text = (value: string): Cell => ({ kind: 'text', value });

function row({ frozen, corrected, ...month }: MonthShown): readonly Cell[] {
  const known = frozen.unrated === 0n || frozen.rated > 0n;
  return [
    text(month.month),
    text(month.timeZone),
    { kind: 'time', value: month.closedAt, show: 'date' },
    count(frozen.requests),
    count(frozen.unrated),
    known
      ? {
          kind: 'money',
          value: frozen.cost,
          partial: frozen.unrated > 0n || frozen.lowerBound > 0n,
        }
      : { kind: 'unknown' },
    count(corrected.requests),
    { kind: 'money', value: corrected.cost },
    text(month.cardsAsOf),
    text(month.cardsDigest),
  ];
}

const table = (months: readonly MonthShown[]): Table => ({
  name: 'rows',
  columns: COLUMNS,
  rows: months.map(row),
  empty: 'No month is closed; aicost close 2026-10 closes one.',
});

/** All closed months: when each was closed, under which cards, what was frozen and what corrected since. */
export const closedMonthsReport = (months: readonly MonthShown[]): Answer => ({
  schema: 'aicost.close/1',
  headline: 'Closed months',
  facts: {},
  tables: [table(months)],
  notes: [],
});

/** What became of one month that was closed, was closed already, or was reopened. */
export function closeReport(month: MonthShown, outcome: CloseOutcome): Answer {
  return {
    schema: 'aicost.close/1',
    headline: headline(month, outcome),
    facts: { month: month.month, outcome },
    tables: [table([month])],
    notes: notes(month, outcome),
  };
}

function headline({ month, timeZone, closedAt }: MonthShown, outcome: CloseOutcome): string {
  const name = `${month} (${timeZone})`;
  if (outcome === 'closed') return `Closed ${name}: what changes in it from now on is a correction`;
  if (outcome === 'reopened') return `Reopened ${name}: its numbers are live again`;
  const since = new Date(closedAt).toISOString().slice(0, 16).replace('T', ' ');
  return `${name} is closed already, since ${since} UTC; nothing changed`;
}

function notes({ frozen, corrected }: MonthShown, outcome: CloseOutcome): readonly Note[] {
  if (outcome === 'reopened')
    return [
      {
        code: 'reopened',
        message:
          'dropped: the numbers it was closed with and every correction of it, shown above for the last time',
      },
    ];
  if (outcome === 'already') return [];
  const found: Note[] = [];
  if (frozen.unrated > 0n)
    found.push({
      code: 'unrated',
      message: `${grouped(frozen.unrated)} of ${counted(frozen.requests, 'request')} without a price, closed without one; pricing them later will be a correction`,
    });
  if (frozen.requests === 0n && corrected.requests === 0n)
    found.push({ code: 'no-usage', message: 'closed without any usage in it' });
  return found;
}
