import { InvalidArgumentError } from 'commander';
import {
  type Decimal,
  type Money,
  money,
  MONEY_DECIMALS,
  parseDecimal,
  rescale,
} from '../domain/money.ts';

const PLAIN = /^\d{1,15}(\.\d{1,12})?$/;

/** A number without sign or exponent as an exact decimal; `undefined` when the text is none. */
const plainDecimal = (text: string): Decimal | undefined =>
  PLAIN.test(text) ? parseDecimal(text) : undefined;

/** Dollars, 0 or more, for flags of amounts: `2.50`, `$2.50`. Throws InvalidArgumentError. */
export function dollarsFlag(text: string): Money {
  const decimal = plainDecimal(text.trim().replace(/^\$/, ''));
  if (decimal === undefined)
    throw new InvalidArgumentError('expected an amount in dollars like 2.50.');
  return money(rescale(decimal, MONEY_DECIMALS));
}

/** A number above 0, for flags of rates: `700`, `350.5`. Throws InvalidArgumentError. */
export function positiveDecimal(text: string): Decimal {
  const decimal = plainDecimal(text.trim());
  if (decimal === undefined || decimal.digits === 0n)
    throw new InvalidArgumentError('expected a number above 0, like 700.');
  return decimal;
}

/** A share above 0 and up to 1, for flags: `60%` or `0.6`. Throws InvalidArgumentError. */
export function shareFlag(text: string): Decimal {
  const plain = text.trim();
  const percent = plain.endsWith('%');
  const decimal = plainDecimal(percent ? plain.slice(0, -1).trim() : plain);
  const share =
    decimal === undefined || !percent ? decimal : { ...decimal, scale: decimal.scale + 2 };
  if (share === undefined || share.digits === 0n || share.digits > 10n ** BigInt(share.scale))
    throw new InvalidArgumentError(
      'expected a share above 0 and up to all of it, like 60% or 0.6.',
    );
  return share;
}
