const TIME =
  /^([1-9]\d{3})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * A day or a time as milliseconds UTC: `2026-11-01`, `2026-11-01T09:00:00Z`, with an offset, or without a
 * zone, which is read as UTC. `undefined` when it is none, or names a day that does not exist.
 */
export function parseUtcTime(text: string): number | undefined {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', , , , , zone] = match;
  if (!isDate(Number(year), Number(month), Number(day))) return undefined;
  const time = Date.parse(text.length === 10 || zone !== undefined ? text : `${text}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** Whether a calendar has this day; JavaScript would read 30 February as 2 March. */
export const isDate = (year: number, month: number, day: number): boolean =>
  month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();

/** An instant as a card writes it: a day when it is midnight UTC, else a full UTC time. */
export const utcText = (time: number): string =>
  new Date(time).toISOString().replace('T00:00:00.000Z', '').replace('.000Z', 'Z');
