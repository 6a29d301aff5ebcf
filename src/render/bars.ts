import type { Cell } from '../reports/answer.ts';

/** Columns that a bar takes, besides the space before it. */
export const BAR_WIDTH = 10;

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/** The share of a cell as a bar padded to BAR_WIDTH; blank for a cell that has no share. */
export const bar = (cell: Cell, unicode: boolean): string => drawn(cell, unicode).padEnd(BAR_WIDTH);

function drawn(cell: Cell, unicode: boolean): string {
  if (cell.kind !== 'share' || cell.whole <= 0n || cell.part <= 0n) return '';
  const part = cell.part < cell.whole ? cell.part : cell.whole;
  // At least one eighth: what is not zero is seen.
  const eighths = Math.max(1, Number((part * BigInt(BAR_WIDTH * 8)) / cell.whole));
  if (!unicode) return '#'.repeat(Math.ceil(eighths / 8));
  return `${'█'.repeat(Math.floor(eighths / 8))}${EIGHTHS[eighths % 8] ?? ''}`;
}
