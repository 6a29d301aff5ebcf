const formatters = new Map<string, Intl.DateTimeFormat>();

const HOUR = 3_600_000;
const DAY = 86_400_000;

/** Whether the runtime knows an IANA zone by this name. */
export function isTimeZone(name: string): boolean {
  // Asking takes as long as the start of a whole command.
  if (name === 'UTC') return true;
  try {
    formatterOf(name);
    return true;
  } catch {
    return false;
  }
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  const present = formatters.get(zone);
  if (present !== undefined) return present;
  const formatter = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    timeZoneName: 'longOffset',
  });
  formatters.set(zone, formatter);
  return formatter;
}

/** How far the zone's clocks are ahead of UTC at an instant, in milliseconds. */
export function offsetAt(zone: string, time: number): number {
  if (zone === 'UTC') return 0;
  const name =
    formatterOf(zone)
      .formatToParts(time)
      .find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const match = /^GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(name);
  if (match === null) return 0;
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = match;
  return (
    (sign === '-' ? -1 : 1) *
    (Number(hours) * HOUR + Number(minutes) * 60_000 + Number(seconds) * 1000)
  );
}

/** A stretch of time in which the zone's clocks do not change. Half-open, milliseconds UTC. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly offset: number;
}

/** Cuts a span into stretches of one offset each, in order and without gap. */
export function segments(zone: string, start: number, end: number): readonly Segment[] {
  const found: Segment[] = [];
  let from = start;
  let offset = offsetAt(zone, start);
  for (let at = start; at < end;) {
    const next = Math.min(at + DAY, end);
    const after = offsetAt(zone, next);
    if (after !== offset) {
      const change = firstChange(zone, at, next, offset);
      found.push({ start: from, end: change, offset });
      from = change;
      offset = after;
    }
    at = next;
  }
  if (from < end) found.push({ start: from, end, offset });
  return found.filter((segment) => segment.start < segment.end);
}

/** The first instant after `low`, up to `high`, whose offset is not `offset`. */
function firstChange(zone: string, low: number, high: number, offset: number): number {
  let [before, after] = [low, high];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(zone, middle) === offset) before = middle;
    else after = middle;
  }
  return after;
}

/** The local date at an instant, as days since 1970-01-01. */
export const localDay = (zone: string, time: number): number =>
  Math.floor((time + offsetAt(zone, time)) / DAY);

/** The first instant of a local date given as days since 1970-01-01. */
export function startOfLocalDay(zone: string, day: number): number {
  if (zone === 'UTC') return day * DAY;
  const midnight = day * DAY - offsetAt(zone, day * DAY);
  const offsets = [-DAY, 0, DAY].map((apart) => offsetAt(zone, midnight + apart));
  // Where clocks do not change around it, midnight is there, once. Asking a zone is slow.
  if (offsets.every((offset) => offset === day * DAY - midnight)) return midnight;
  // No zone is more than 26 hours off UTC (14 ahead, 12 behind); midnight may not exist where clocks jump.
  let [before, after] = [(day - 2) * DAY, (day + 2) * DAY];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (localDay(zone, middle) >= day) after = middle;
    else before = middle;
  }
  return after;
}

/** Days since 1970-01-01 of the first day of the week (Monday, ISO 8601) or month that a day lies in. */
export function firstDayOf(grain: 'day' | 'week' | 'month', day: number): number {
  if (grain === 'day') return day;
  if (grain === 'week') return day - ((((day + 3) % 7) + 7) % 7);
  const date = new Date(day * DAY);
  return Math.floor(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / DAY);
}

/** A local date as `2026-11-21`. */
export const dayText = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);

/** A date `2026-11-21` as days since 1970-01-01; `undefined` when there is no such date. */
export function parseDay(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text
    ? undefined
    : time / DAY;
}
