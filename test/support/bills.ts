import {
  addAmounts,
  amountText,
  NO_AMOUNT,
  parseAmount,
  trimmedAmount,
} from '../../src/domain/bill.ts';
import type { Decimal } from '../../src/domain/money.ts';
import type { Desk } from './fake-runtime.ts';

/** What tests read of `aicost bills list`. */
export interface ListedBill {
  readonly format: string;
  readonly currency: string;
  readonly month: string;
  readonly rows: number;
  readonly billed: string;
  readonly effective: string | null;
  readonly list: string | null;
  readonly kept: string;
  readonly excluded: string;
  readonly flagged_rows: number;
}

/** The rows of `aicost bills list`. */
export const listedBills = async (here: Desk, ...argv: string[]): Promise<readonly ListedBill[]> =>
  JSON.parse(await here.must('bills', 'list', '--format', 'json', ...argv)).rows;

/** The rows of `aicost bills show`, as it prints them for programs. */
export const linesOfBill = async (
  here: Desk,
  ...argv: string[]
): Promise<readonly Readonly<Record<string, unknown>>[]> =>
  JSON.parse(await here.must('bills', 'show', '--limit', '5000', '--format', 'json', ...argv)).rows;

/** An amount without zeros at its end, so that 4.80 and 4.8 compare equal. */
export function plain(value: unknown): string {
  const amount = parseAmount(String(value));
  return amount === undefined ? String(value) : amountText(trimmedAmount(amount));
}

/** The exact sum of amounts in decimal text. */
export const amountsOf = (texts: readonly string[]): Decimal =>
  texts.reduce((sum, text) => addAmounts(sum, parseAmount(text) ?? NO_AMOUNT), NO_AMOUNT);
