/** The same day and time a number of months later, UTC; the last day of a shorter month. */
export function addMonths(time: number, months: number): number {
  const date = new Date(time);
  const day = date.getUTCDate();
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
  const next = new Date(first);
  const last = new Date(Date.UTC(next.getUTCFullYear(), next.getUTCMonth() + 1, 0)).getUTCDate();
  return first + (Math.min(day, last) - 1) * 86_400_000 + (time - startOfDay(time));
}

const startOfDay = (time: number): number => Math.floor(time / 86_400_000) * 86_400_000;

/** The stretch of `months` months, counted from `anchor`, that an instant falls into. Half-open. */
export function stretchOfMonths(
  anchor: number,
  months: number,
  time: number,
): { readonly start: number; readonly end: number } {
  const [from, to] = [new Date(anchor), new Date(time)];
  const passed =
    (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  let index = Math.floor(passed / months);
  if (addMonths(anchor, index * months) > time) index -= 1;
  return { start: addMonths(anchor, index * months), end: addMonths(anchor, (index + 1) * months) };
}
