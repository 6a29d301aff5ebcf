import type { Fraction } from '../../domain/fraction.ts';
import { parseDecimal } from '../../domain/money.ts';
import { UserError } from '../../errors.ts';
import type { LeverAsked } from './lever.ts';

/** A part of a whole, from nothing to all of it, with the text that says it: `30%`. */
export interface Percent extends Fraction {
  readonly text: string;
}

/** Reads a flag in percent, with or without its sign; `undefined` where it was not given. Throws UserError. */
export function percentAsked(asked: LeverAsked, flag: string): Percent | undefined {
  const text = asked.value(flag);
  if (text === undefined) return undefined;
  const number = text.trim().replace(/\s*%$/, '');
  const decimal = parseDecimal(number);
  const over = decimal === undefined ? 1n : 100n * 10n ** BigInt(decimal.scale);
  if (decimal === undefined || decimal.digits < 0n || decimal.digits > over)
    throw new UserError(`--${flag}: expected a percentage from 0% to 100%, found "${text}"`);
  return { part: decimal.digits, over, text: `${number}%` };
}

/** Reads a flag that counts something, 0 or more; `undefined` where it was not given. Throws UserError. */
export function countAsked(asked: LeverAsked, flag: string): number | undefined {
  const text = asked.value(flag);
  return text === undefined ? undefined : countOf(text, `--${flag}`);
}

/** A whole number, 0 or more, with or without separators of thousands; `name` is who asked for it. Throws UserError. */
export function countOf(text: string, name: string): number {
  const plain = text.trim().replaceAll(/[,_]/g, '');
  const count = /^\d{1,15}$/.test(plain) ? Number(plain) : undefined;
  if (count !== undefined) return count;
  throw new UserError(`${name}: expected a whole number, 0 or more, found "${text}"`);
}
