import type { Span } from './spend.ts';
import { parseUtcTime } from './utc-time.ts';
import { dayText, firstDayOf, localDay, parseDay, startOfLocalDay } from './time-zone.ts';

const DAY = 86_400_000;
const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, d: DAY, w: 7 * DAY };

/** The world that words like "yesterday" depend on. */
export interface Clock {
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
  readonly timeZone: string;
}

/** A named or written stretch of time with both its ends; `undefined` when the text means none. */
export function parsePeriod(text: string, clock: Clock): Required<Span> | undefined {
  const [first, last] = text.split('..');
  if (first !== undefined && last !== undefined) {
    const [start, end] = [parseInstant(first, clock), parseInstant(last, clock)];
    return start === undefined || end === undefined || end < start ? undefined : { start, end };
  }
  const { now, timeZone } = clock;
  const today = localDay(timeZone, now);
  const days = (from: number, to: number): Required<Span> => ({
    start: startOfLocalDay(timeZone, from),
    end: startOfLocalDay(timeZone, to),
  });
  const month = (day: number): Required<Span> => days(day, nextMonth(day));
  const [week, thisMonth] = [firstDayOf('week', today), firstDayOf('month', today)];
  switch (text) {
    case 'today':
      return days(today, today + 1);
    case 'yesterday':
      return days(today - 1, today);
    case 'this-week':
      return days(week, week + 7);
    case 'last-week':
      return days(week - 7, week);
    case 'this-month':
      return month(thisMonth);
    case 'last-month':
      return month(firstDayOf('month', thisMonth - 1));
  }
  const written = /^[1-9]\d{3}-\d{2}$/.test(text) ? parseDay(`${text}-01`) : undefined;
  if (written !== undefined) return month(written);
  const day = parseDay(text);
  if (day !== undefined) return days(day, day + 1);
  const back = ago(text, now);
  return back === undefined ? undefined : { start: back, end: now };
}

/** An instant: a day (its beginning), a time, `7d` ago, or the beginning of a named period. */
export function parseInstant(text: string, clock: Clock): number | undefined {
  const day = parseDay(text);
  if (day !== undefined) return startOfLocalDay(clock.timeZone, day);
  if (/T.*(Z|[+-]\d{2}:\d{2})$/.test(text)) return parseUtcTime(text);
  if (text === 'now') return clock.now;
  return text.includes('..') ? undefined : parsePeriod(text, clock)?.start;
}

/** Whether a text names a stretch that has an end of its own when used as a beginning alone. */
export const isClosedPeriod = (text: string): boolean =>
  ['today', 'yesterday', 'this-week', 'last-week', 'this-month', 'last-month'].includes(text);

function ago(text: string, now: number): number | undefined {
  const match = /^(\d{1,4})([hdw])$/.exec(text);
  const unit = UNITS[match?.[2] ?? ''];
  return match === null || unit === undefined ? undefined : now - Number(match[1]) * unit;
}

function nextMonth(day: number): number {
  const date = new Date(day * DAY);
  return Math.floor(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / DAY);
}

/** Two spans that may be compared, and what has to be said about it. */
export interface Comparison {
  readonly current: Required<Span>;
  readonly base: Required<Span>;
  /** Why the two are not of equal length; `undefined` when they are. */
  readonly caution?: string;
}

/**
 * Sets a span beside an earlier one, like with like: a span that is not over is cut at now, and its base
 * is cut at the same place of its own calendar (21 days and a half of November beside 21 and a half of October).
 * `against` is an earlier period, or `undefined` for the one just before.
 */
export function comparable(
  span: Required<Span>,
  against: Required<Span> | undefined,
  clock: Clock,
): Comparison {
  const { timeZone, now } = clock;
  const current = { start: span.start, end: Math.max(span.start, Math.min(span.end, now)) };
  const base = against ?? previousOf(span, timeZone);
  const cut = current.end < span.end;
  const reached = cut ? samePlace(current, base.start, timeZone) : base.end;
  const end = Math.max(base.start, Math.min(base.end, reached));
  const comparison = { current, base: { start: base.start, end } };
  const [days, baseDays] = [
    lengthInDays(current, timeZone),
    lengthInDays(comparison.base, timeZone),
  ];
  return Math.abs(days - baseDays) < 0.01 || (!cut && against === undefined)
    ? comparison
    : { ...comparison, caution: `${show(days)} days are compared with ${show(baseDays)} days` };
}

const show = (days: number): string => String(Math.round(days * 10) / 10);

/** Days in the zone's own calendar, so that a day of 25 hours is one day. */
const lengthInDays = ({ start, end }: Required<Span>, timeZone: string): number =>
  place(end, timeZone) - place(start, timeZone);

/** Days since 1970 of the zone's clocks, with the part of the day that is over. */
function place(time: number, timeZone: string): number {
  const day = localDay(timeZone, time);
  return day + Math.min((time - startOfLocalDay(timeZone, day)) / DAY, 1);
}

/** The instant as far into another span as the current one has come, by calendar day and time of day. */
function samePlace(current: Required<Span>, start: number, timeZone: string): number {
  const first = localDay(timeZone, current.start);
  // A span that begins within a day is as long a time, not as many days.
  if (startOfLocalDay(timeZone, first) !== current.start)
    return start + (current.end - current.start);
  const day = localDay(timeZone, current.end);
  const passed = day - first;
  const target = localDay(timeZone, start) + passed;
  return startOfLocalDay(timeZone, target) + (current.end - startOfLocalDay(timeZone, day));
}

/** The calendar month before a month, otherwise as many days, or as long a time, just before. */
function previousOf(span: Required<Span>, timeZone: string): Required<Span> {
  const [first, last] = [localDay(timeZone, span.start), localDay(timeZone, span.end)];
  const onDays =
    startOfLocalDay(timeZone, first) === span.start && startOfLocalDay(timeZone, last) === span.end;
  if (!onDays) return { start: span.start - (span.end - span.start), end: span.start };
  const isMonth = firstDayOf('month', first) === first && nextMonth(first) === last;
  const start = isMonth ? firstDayOf('month', first - 1) : first - (last - first);
  return { start: startOfLocalDay(timeZone, start), end: span.start };
}

/** A span as people read it: `2026-11-01 to 2026-11-20`, both days included; times where it is not made of days. */
export function spanText({ start, end }: Span, timeZone: string): string {
  if (start === undefined && end === undefined) return 'all time';
  const from = start === undefined ? 'the beginning' : edgeText(start, timeZone, false);
  const to = end === undefined ? 'now' : edgeText(end, timeZone, true);
  return from === to ? from : `${from} to ${to}`;
}

function edgeText(time: number, timeZone: string, isEnd: boolean): string {
  const day = localDay(timeZone, time);
  if (startOfLocalDay(timeZone, day) === time) return dayText(isEnd ? day - 1 : day);
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(time);
  return `${dayText(day)} ${clock}`;
}
