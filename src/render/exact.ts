import { decimalText, divideHalfEven, moneyText } from '../domain/money.ts';
import { amountText } from '../domain/bill.ts';
import type { Cell } from '../reports/answer.ts';

/** Digits after the point of a ratio in JSON and CSV. */
const RATIO_DECIMALS = 6;

/**
 * A cell as a program reads it: money as exact decimal text, counts as numbers (as text beyond 2^53,
 * where a JSON number would round), shares and changes as ratios, `null` for what is absent or unknown.
 */
export function exact(cell: Cell): string | number | null {
  switch (cell.kind) {
    case 'text':
      return cell.value;
    case 'money':
    case 'exact-money':
      return moneyText(cell.value);
    case 'amount':
      return amountText(cell.value);
    case 'time':
      return new Date(cell.value).toISOString();
    case 'count':
    case 'estimate':
      return countValue(cell.value);
    case 'share':
      return ratio(cell.part, cell.whole);
    case 'change':
      return ratio(cell.to - cell.from, cell.from < 0n ? -cell.from : cell.from);
    case 'milliseconds':
      return Number.isFinite(cell.value) ? cell.value : null;
    case 'absent':
    case 'unknown':
      return null;
  }
}

function countValue(count: bigint): number | string {
  const value = Number(count);
  return Number.isSafeInteger(value) ? value : count.toString();
}

/** The quotient rounded half to even; `null` when there is nothing to divide by. */
function ratio(part: bigint, whole: bigint): number | null {
  if (whole === 0n) return null;
  const scaled = (whole < 0n ? -part : part) * 10n ** BigInt(RATIO_DECIMALS);
  return Number(decimalText(divideHalfEven(scaled, whole < 0n ? -whole : whole), RATIO_DECIMALS));
}
