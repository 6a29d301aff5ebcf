import { parseAmount } from '../../domain/bill.ts';
import type { Decimal } from '../../domain/money.ts';
import { DecodeError } from '../contract/decode-error.ts';
import { at, isFields, parseIsoTime, textAt } from '../contract/fields.ts';
import { isDate } from '../../domain/utc-time.ts';

const DAY_MS = 86_400_000;

/** A row of a CSV by lower-case column name, without blanks and without the text NULL. */
export type Row = ReadonlyMap<string, string>;

/** Reads a row whatever the case of its column names; blank and `NULL` cells are left out. */
export function rowOf(record: unknown): Row {
  const cells = new Map<string, string>();
  for (const [name, value] of Object.entries(isFields(record) ? record : {})) {
    const text = textAt(value)?.trim();
    if (text !== undefined && text !== '' && text !== 'NULL')
      cells.set(name.trim().toLowerCase(), text);
  }
  return cells;
}

/** The first of several columns that has text. */
export const cellOf = (row: Row, ...columns: readonly string[]): string | undefined =>
  columns.map((column) => row.get(column)).find((text) => text !== undefined);

/** The decimal in the first of several columns that is filled. Throws DecodeError. */
export function amountOf(row: Row, ...columns: readonly string[]): Decimal | undefined {
  const column = columns.find((name) => row.has(name));
  return column === undefined ? undefined : decimalFrom(row.get(column), column);
}

/** As amountOf, for an amount that must be there. Throws DecodeError. */
export function requiredAmount(row: Row, ...columns: readonly string[]): Decimal {
  const found = amountOf(row, ...columns);
  if (found === undefined) throw new DecodeError(columns.join(' or '), 'an amount', undefined);
  return found;
}

/**
 * The decimal behind a path of a JSON record. A JSON number has been through a double: past 17 digits
 * its own text is gone, and what JavaScript prints of it is the closest there is.
 */
export function amountAt(value: unknown, ...path: readonly string[]): Decimal | undefined {
  const text = textAt(value, ...path)?.trim();
  return text === undefined || text === '' ? undefined : decimalFrom(text, path.join('.'));
}

function decimalFrom(text: string | undefined, name: string): Decimal {
  const amount = text === undefined ? undefined : parseAmount(text);
  if (amount === undefined) throw new DecodeError(name, 'a decimal number', text);
  return amount;
}

/** A charge period, milliseconds UTC, half-open. */
export interface ChargePeriod {
  readonly start: number;
  readonly end: number;
}

/** The UTC day of a date: `2026-11-18`, `11/18/2026`, `4/1/25`. Throws DecodeError. */
export function dayOf(text: string | undefined, column: string): ChargePeriod {
  const start = text === undefined ? undefined : timeFrom(text);
  if (start === undefined) throw new DecodeError(column, 'a date', text);
  return { start, end: start + DAY_MS };
}

/** From a start and an end column; without an end, the day of the start. Throws DecodeError. */
export function periodOf(row: Row, startColumn: string, endColumn: string): ChargePeriod {
  const { start, end } = dayOf(row.get(startColumn), startColumn);
  const endText = row.get(endColumn);
  if (endText === undefined) return { start, end };
  return { start, end: dayOf(endText, endColumn).start };
}

/** A time of a bill, read as UTC where it names no zone; American dates too; `undefined` when it is none. */
export function timeFrom(text: string): number | undefined {
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{2}|\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(
    text,
  );
  if (american === null) return parseIsoTime(text.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'));
  const [, month, day, year = '', hour = '0', minute = '0', second = '0'] = american;
  const whole = year.length === 2 ? 2000 + Number(year) : Number(year);
  if (!isDate(whole, Number(month), Number(day))) return undefined;
  const parts = [hour, minute, second].map(Number);
  return Date.UTC(whole, Number(month) - 1, Number(day), parts[0], parts[1], parts[2]);
}

/** The period of a JSON bucket by the paths of its ends, each ISO text. Throws DecodeError. */
export function isoPeriodAt(value: unknown, startKey: string, endKey: string): ChargePeriod {
  const [start, end] = [startKey, endKey].map((key) => {
    const text = textAt(value, key);
    const time = text === undefined ? undefined : timeFrom(text);
    if (time === undefined) throw new DecodeError(key, 'a time', at(value, key));
    return time;
  });
  if (start === undefined || end === undefined) throw new DecodeError(startKey, 'a time', value);
  return { start, end };
}
