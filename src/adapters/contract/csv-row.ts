import { hasKeys, lowerKeys } from './columns.ts';
import { isFields } from './fields.ts';

/** Whether a record has all of these columns, given in lower case, whatever their case and order. */
export const hasColumns = (record: unknown, ...names: readonly string[]): boolean =>
  // Nearly every record is of another format: it is not copied to find that out.
  isFields(record) &&
  Object.keys(record).length >= names.length &&
  hasKeys(lowerKeys(record), ...names);
