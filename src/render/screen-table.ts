import type { Cell, Column, Table } from '../reports/answer.ts';
import { columnCells, forAudience } from './audience.ts';
import { BAR_WIDTH } from './bars.ts';
import { cleanText } from './clean-text.ts';
import { displayColumn, isNumber, isNumeric } from './display.ts';
import type { ColumnWidths } from './fit-columns.ts';
import type { RenderOptions } from './render.ts';
import { textWidth } from './text-width.ts';

/** A column with its cells in both forms that a screen may show; the totals are the last cell. */
export interface ScreenColumn {
  readonly title: string;
  readonly cells: readonly Cell[];
  readonly full: readonly string[];
  /** As `full`, with counts in short. */
  readonly compact: readonly string[];
  readonly right: boolean;
  /** Text too long for the column goes on below instead of being cut. */
  readonly wraps: boolean;
  readonly widths: ColumnWidths;
}

/** A table as texts by column, before it is known how much of it fits. */
export interface ScreenTable {
  readonly columns: readonly ScreenColumn[];
  /** Rows without the totals. */
  readonly rowCount: number;
  readonly hasTotals: boolean;
}

/** Writes out every cell that people read, and measures it. */
export function screenTable(table: Table, options: RenderOptions): ScreenTable {
  const shown = forAudience(table, 'people');
  return {
    columns: shown.columns.map((column, index) =>
      screenColumn(column, columnCells(shown, index), options),
    ),
    rowCount: shown.rows.length,
    hasTotals: shown.totals !== undefined,
  };
}

function screenColumn(
  column: Column,
  cells: readonly Cell[],
  options: RenderOptions,
): ScreenColumn {
  const title = cleanText(column.title);
  const full = displayColumn(cells, { unicode: options.unicode });
  const compact = displayColumn(cells, { unicode: options.unicode, compactCounts: true });
  const isWhole = (row: number): boolean => column.whole === true || isNumberAt(cells, row);
  const hasBar = options.bars && column.bar === true && cells.some(({ kind }) => kind === 'share');
  return {
    title,
    cells,
    full,
    compact,
    right: isNumeric(cells),
    wraps: column.wraps === true,
    widths: {
      yields: column.yields,
      title: textWidth(title),
      text: widest(full.filter((_, row) => !isWhole(row))),
      number: widest(full.filter((_, row) => isWhole(row))),
      compactNumber: widest(compact.filter((_, row) => isWhole(row))),
      bar: hasBar ? BAR_WIDTH + 1 : 0,
    },
  };
}

const isNumberAt = (cells: readonly Cell[], row: number): boolean => {
  const cell = cells[row];
  return cell !== undefined && isNumber(cell);
};

// Not Math.max(...texts): a long table has more rows than a call may have arguments.
const widest = (texts: readonly string[]): number =>
  texts.reduce((width, text) => Math.max(width, textWidth(text)), 0);
