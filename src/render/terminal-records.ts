import { isNumber } from './display.ts';
import type { RenderOptions } from './render.ts';
import { paint } from './paint.ts';
import type { ScreenTable } from './screen-table.ts';
import { textWidth, truncateText } from './text-width.ts';

/**
 * The lines of a table that no screen this narrow can hold side by side: a block a row, a line a cell
 * (`Requests: 1,234`), no column left out.
 */
export function terminalRecords(table: ScreenTable, options: RenderOptions): readonly string[] {
  const style = paint(options.color);
  const mark = options.unicode ? '…' : '...';
  const labelWidth = widthOfLabels(table, options.columns);
  const record = (row: number): readonly string[] =>
    table.columns.flatMap(({ title, cells, full }) => {
      const cell = cells[row];
      const text = full[row] ?? '';
      // Totals have no value in most key columns.
      if (cell === undefined || text === '') return [];
      const label = truncateText(title, labelWidth, mark);
      const space = ' '.repeat(labelWidth - textWidth(label) + 1);
      const room = Math.max(1, options.columns - labelWidth - 2);
      const value = isNumber(cell) ? text : truncateText(text, room, mark);
      return [
        `${style.faint(`${label}:`)}${space}${row < table.rowCount ? value : style.strong(value)}`,
      ];
    });
  const count = table.rowCount + (table.hasTotals ? 1 : 0);
  return Array.from({ length: count }, (_, row) => [
    ...(row === 0 ? [] : ['']),
    ...record(row),
  ]).flat();
}

/** As wide as the longest title, as long as every number beside it stays whole and names keep a half. */
function widthOfLabels(table: ScreenTable, columns: number): number {
  const titles = Math.max(1, ...table.columns.map(({ widths }) => widths.title));
  const numbers = Math.max(0, ...table.columns.map(({ widths }) => widths.number));
  return Math.max(1, Math.min(titles, columns - numbers - 2, Math.floor(columns / 2)));
}
