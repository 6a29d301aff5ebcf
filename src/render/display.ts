import {
  type Decimal,
  money,
  type Money,
  MONEY_DECIMALS,
  exactDollars,
  rescale,
} from '../domain/money.ts';
import type { Cell } from '../reports/answer.ts';
import { cleanText } from './clean-text.ts';
import { grouped } from '../domain/words.ts';
import { compactCount } from './count-display.ts';
import { durationDisplay } from './duration-display.ts';
import { moneyDecimals, moneyDisplay } from './money-display.ts';
import { changeDisplay, shareDisplay } from './ratio-display.ts';

/** How cells are shown to people. */
export interface DisplayStyle {
  readonly unicode: boolean;
  /** Writes large counts as `1.23M`. */
  readonly compactCounts?: boolean;
}

/**
 * The cells of one column as people read them, totals included: one text each, safe for a terminal.
 * A column and not a cell, because money lines up on the point only when all of it has the same decimals.
 */
export function displayColumn(cells: readonly Cell[], style: DisplayStyle): readonly string[] {
  const decimals = moneyDecimals(
    cells.flatMap((cell) =>
      cell.kind === 'money' ? [cell.value] : cell.kind === 'amount' ? [inMoney(cell.value)] : [],
    ),
  );
  const texts = cells.map((cell) => display(cell, decimals, style));
  // Digits stay below each other whether or not a star follows them.
  const starred = cells.some(isAssumed);
  return starred ? texts.map((text, row) => `${text}${starAt(cells[row])}`) : texts;
}

const isAssumed = (cell: Cell | undefined): boolean =>
  (cell?.kind === 'money' || cell?.kind === 'estimate') && cell.assumed === true;

const starAt = (cell: Cell | undefined): string =>
  cell === undefined || !isNumber(cell) ? '' : isAssumed(cell) ? '*' : ' ';

/** An amount of any currency in the digits that money is shown with. */
const inMoney = (amount: Decimal): Money => money(rescale(amount, MONEY_DECIMALS));

/** True for a cell that is a number or stands for one: aligned right, and never cut. */
export const isNumber = (cell: Cell): boolean => cell.kind !== 'text' && cell.kind !== 'absent';

/** True for a column of numbers: at least one, or nothing but dashes. */
export const isNumeric = (cells: readonly Cell[]): boolean =>
  cells.every((cell) => cell.kind !== 'time') &&
  (cells.some((cell) => isNumber(cell) && cell.kind !== 'unknown') || cells.every(isNumber));

function display(cell: Cell, decimals: number, style: DisplayStyle): string {
  const dash = style.unicode ? '—' : '-';
  switch (cell.kind) {
    case 'text':
      return cleanText(cell.value);
    case 'absent':
      return cleanText(cell.label);
    case 'money':
      return `${boundMark(cell, style)}${moneyDisplay(cell.value, decimals)}`;
    case 'amount':
      return moneyDisplay(inMoney(cell.value), decimals).replace('$', '');
    case 'exact-money':
      return exactDollars(cell.value);
    case 'time': {
      const iso = new Date(cell.value).toISOString();
      return cell.show === 'clock' ? iso.slice(11, 23) : iso.slice(0, 19).replace('T', ' ');
    }
    case 'count':
      return style.compactCounts === true ? compactCount(cell.value) : grouped(cell.value);
    case 'estimate':
      return estimateDisplay(cell, style);
    case 'share':
      return shareDisplay(cell.part, cell.whole) ?? dash;
    case 'change':
      return changeDisplay(cell.from, cell.to);
    case 'milliseconds':
      return durationDisplay(cell.value) ?? dash;
    case 'unknown':
      return cell.asks === true ? '?' : dash;
  }
}

function boundMark(
  { partial, bound }: Extract<Cell, { kind: 'money' }>,
  { unicode }: DisplayStyle,
): string {
  if (bound === 'at-least') return unicode ? '≥ ' : '>= ';
  return bound === 'about' || partial === true ? '~' : '';
}

/** Both ends of a band with the word that it is one; the number alone where it is sure. */
function estimateDisplay(
  { value, low, high }: Extract<Cell, { kind: 'estimate' }>,
  { unicode, compactCounts }: DisplayStyle,
): string {
  const count = compactCounts === true ? compactCount : grouped;
  return low === high ? count(value) : `est. ${count(low)}${unicode ? '–' : '-'}${count(high)}`;
}
