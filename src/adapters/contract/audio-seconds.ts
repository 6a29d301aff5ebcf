import { parseDecimal, rescale } from '../../domain/money.ts';
import { DecodeError } from './decode-error.ts';
import { textAt } from './fields.ts';

/** Seconds, whole or with a fraction, as whole milliseconds. Throws DecodeError for anything else. */
export function secondsAsMilliseconds(
  value: unknown,
  ...path: readonly string[]
): number | undefined {
  const text = textAt(value, ...path);
  if (text === undefined || text.trim() === '') return undefined;
  const seconds = parseDecimal(text);
  const milliseconds = seconds === undefined ? undefined : Number(rescale(seconds, 3));
  if (milliseconds === undefined || milliseconds < 0 || !Number.isSafeInteger(milliseconds))
    throw new DecodeError(path.join('.'), 'seconds, 0 or more', text);
  return milliseconds;
}
