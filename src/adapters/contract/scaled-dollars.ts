import {
  divideHalfEven,
  money,
  type Money,
  parseMoney,
  toPicodollars,
} from '../../domain/money.ts';
import { textAt } from './fields.ts';

/** US dollars from an amount in a smaller unit, of which `perDollar` make a dollar; `undefined` when there is no number. */
export function scaledDollarsAt(
  perDollar: bigint,
  value: unknown,
  ...path: readonly string[]
): Money | undefined {
  const text = textAt(value, ...path);
  const amount = text === undefined ? undefined : parseMoney(text);
  return amount === undefined ? undefined : toPicodollars(money(divideHalfEven(amount, perDollar)));
}
