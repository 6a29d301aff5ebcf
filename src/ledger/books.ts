import type { Books, SpendQuery } from '../domain/spend.ts';
import type { Database } from './database.ts';
import type { ClosedMonth } from './closed-months.ts';
import type { Source, Stretch } from './spend-sql.ts';
import type { Segment, Trimmed } from './trimmed-hours.ts';

const HOUR_MS = 3_600_000;

/** One stretch of a question and the table that answers it. */
export interface BookPart {
  readonly stretch: Stretch;
  readonly source: Source;
}

/**
 * Where the books answer whole hours from: live sums of open hours, what was frozen of closed ones, and
 * corrections at the hour they were booked. Only the live sums while no month is closed.
 */
export function bookParts(
  database: Database,
  stretches: readonly Stretch[],
  months: readonly ClosedMonth[],
): readonly BookPart[] {
  const corrected = months.length === 0 ? [] : correctedMonths(database);
  return stretches.flatMap((stretch): readonly BookPart[] => {
    if (stretch.kind === 'undated') return [{ stretch, source: { kind: 'cube' } }];
    const touched = months.filter((month) => overlaps(stretch, month));
    return [
      ...openStretches(stretch, touched).map((open): BookPart => ({
        stretch: open,
        source: { kind: 'cube' },
      })),
      ...touched.map(({ month }): BookPart => ({
        stretch,
        source: { kind: 'closed_cell', month },
      })),
      ...corrected.map((month): BookPart => ({
        stretch,
        source: { kind: 'correction_cell', month },
      })),
    ];
  });
}

/** Whether a stretch holds hours of a closed month. */
const overlaps = ({ segment }: Segment, { startHour, endHour }: ClosedMonth): boolean =>
  segment.start < endHour * HOUR_MS && segment.end > startHour * HOUR_MS;

/** What is left of a stretch without the hours of closed months, which come in order. */
function openStretches(
  { kind, segment }: Segment,
  closed: readonly ClosedMonth[],
): readonly Segment[] {
  const open: Segment[] = [];
  let from = segment.start;
  for (const { startHour, endHour } of closed) {
    if (from < startHour * HOUR_MS)
      open.push({ kind, segment: { ...segment, start: from, end: startHour * HOUR_MS } });
    from = endHour * HOUR_MS;
  }
  if (from < segment.end) open.push({ kind, segment: { ...segment, start: from } });
  return open;
}

const correctedMonths = (database: Database): readonly string[] =>
  database
    .prepare<[], { month: string }>('SELECT DISTINCT month FROM correction_cell ORDER BY month')
    .all()
    .map(({ month }) => month);

/** What an answer from the events passes over: closed months of its span, and those corrected within it. */
export function liveBooks(
  database: Database,
  { span }: SpendQuery,
  months: readonly ClosedMonth[],
): Books {
  const start = (span.start ?? Number.NEGATIVE_INFINITY) / HOUR_MS;
  const end = (span.end ?? Number.POSITIVE_INFINITY) / HOUR_MS;
  const within = ({ startHour, endHour }: ClosedMonth): boolean =>
    startHour < end && endHour > start;
  const corrected = database.prepare<[string, number, number], { readonly found: number }>(
    'SELECT 1 AS found FROM correction_cell WHERE month = ? AND hour >= ? AND hour < ? LIMIT 1',
  );
  const unfrozen = months.filter(
    (closed) => within(closed) || corrected.get(closed.month, start, end) !== undefined,
  );
  return { closed: [], corrections: [], shared: [], unfrozen: unfrozen.map(({ month }) => month) };
}

/** As bookParts for whole hours; the minutes before and after them are answered from the events. */
export function trimmedParts(
  database: Database,
  { hours, rests, last }: Trimmed,
  months: readonly ClosedMonth[],
): readonly BookPart[] {
  const corrected = correctedMonths(database);
  return [
    ...bookParts(database, hours, months),
    ...rests.map((stretch): BookPart => ({ stretch, source: { kind: 'event' } })),
    ...last.flatMap((stretch) =>
      corrected.map((month): BookPart => ({ stretch, source: { kind: 'correction_cell', month } })),
    ),
  ];
}

/** The closed months that stretches reach into, oldest first. */
export const monthsOf = (
  stretches: readonly Segment[],
  months: readonly ClosedMonth[],
): readonly string[] =>
  months
    .filter((closed) => stretches.some((stretch) => overlaps(stretch, closed)))
    .map(({ month }) => month);
