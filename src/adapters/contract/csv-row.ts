import { isFields } from './fields.ts';

/**
 * Whether a record has all of these columns, given in lower case, whatever their case, their order and blanks around
 * them. Nearly every record is of another format: nothing is copied to find that out.
 */
export function hasColumns(record: unknown, ...names: readonly string[]): boolean {
  if (!isFields(record)) return false;
  const columns = Object.keys(record);
  return names.every((name) => columns.some((column) => isColumn(column, name)));
}

const isColumn = (column: string, name: string): boolean =>
  column.length >= name.length && column.trim().toLowerCase() === name;
