import { divideHalfEven, type Money, money, moneyText } from '../domain/money.ts';
import { grouped } from '../domain/words.ts';

const MICRODOLLAR = 10n ** 12n;

/** Money as sentences say it: `$1.23`; to a millionth of a dollar, or exact below that. */
export function dollarsText(amount: Money): string {
  const rounded = money(divideHalfEven(amount, MICRODOLLAR) * MICRODOLLAR);
  const shown = rounded === 0n ? amount : rounded;
  const text = moneyText(money(shown < 0n ? 0n - shown : shown));
  const cents = text.includes('.') ? text.padEnd(text.indexOf('.') + 3, '0') : `${text}.00`;
  return `${shown < 0n ? '-' : ''}$${cents}`;
}

/** Money to its last digit and never without cents, in sentences whose amounts have to add up: `$1,234.50`. */
export function wholeDollars(amount: Money): string {
  const [whole = '0', cents = ''] = moneyText(money(amount < 0n ? 0n - amount : amount)).split('.');
  return `${amount < 0n ? '-' : ''}$${grouped(BigInt(whole))}.${cents.padEnd(2, '0')}`;
}
