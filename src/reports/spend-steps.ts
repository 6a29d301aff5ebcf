import type { SpendRow } from '../domain/spend.ts';
import { dayText, localDay, offsetAt, startOfLocalDay } from '../domain/time-zone.ts';
import type { Cell } from './answer.ts';
import type { SpendOptions } from './spend-options.ts';

/** A step of time as people and programs read it. */
export function stepCell(step: number | null | undefined, { grain, timeZone }: SpendOptions): Cell {
  if (step === null || step === undefined) return { kind: 'absent', label: '(no time)' };
  const day = dayText(localDay(timeZone, step));
  if (grain === 'month') return { kind: 'text', value: day.slice(0, 7) };
  if (grain !== 'hour') return { kind: 'text', value: day };
  // The offset tells the two hours apart that have one name when clocks go back.
  const offset = offsetAt(timeZone, step);
  const local = new Date(step + offset).toISOString().slice(0, 16);
  return { kind: 'text', value: `${local}${offsetText(offset)}` };
}

function offsetText(offset: number): string {
  if (offset === 0) return 'Z';
  const minutes = Math.abs(Math.round(offset / 60_000));
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Names a row by its key and by how many steps its time lies after the beginning of its span. */
export const placeName = (
  row: SpendRow,
  start: number | undefined,
  options: SpendOptions,
): string => JSON.stringify([row.key, stepsAfter(row.step, start, options)]);

function stepsAfter(
  step: number | null | undefined,
  start: number | undefined,
  { grain, timeZone }: SpendOptions,
): number | null {
  if (step === null || step === undefined || start === undefined || grain === undefined)
    return null;
  if (grain === 'hour') return Math.floor((step - start) / HOUR_MS);
  const days = [step, start].map((time) => localDay(timeZone, time));
  const [day = 0, first = 0] = days;
  if (grain !== 'month') return day - first;
  const [month = 0, firstMonth = 0] = days.map(
    (each) => Number(dayText(each).slice(0, 4)) * 12 + Number(dayText(each).slice(5, 7)),
  );
  return month - firstMonth;
}

/** Where a step of the earlier span would stand in the current one. */
export function movedStep(row: SpendRow, options: SpendOptions): { readonly step?: number | null } {
  const { comparison, timeZone, grain } = options;
  if (row.step === undefined) return {};
  const after = stepsAfter(row.step, comparison?.base.start, options);
  if (after === null || comparison === undefined) return { step: row.step };
  const { start } = comparison.current;
  if (grain === 'hour') return { step: start + after * HOUR_MS };
  if (grain !== 'month')
    return { step: startOfLocalDay(timeZone, localDay(timeZone, start) + after) };
  const first = new Date(localDay(timeZone, start) * 24 * HOUR_MS);
  return {
    step: startOfLocalDay(
      timeZone,
      Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + after, 1) / (24 * HOUR_MS),
    ),
  };
}

const HOUR_MS = 3_600_000;
