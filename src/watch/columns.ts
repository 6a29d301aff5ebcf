import { textWidth } from '../render/text-width.ts';
import { left, type Line, piece, type Piece, right } from './lines.ts';

/** A column of a list: a text for each row, and how early it is given up. */
export interface ListColumn {
  readonly cells: readonly Piece[];
  /** What stands above it. */
  readonly head?: string;
  readonly align: 'left' | 'right';
  /** 0 is never given up, then 9 first. */
  readonly yields: number;
  /** A column that takes what is left, and is cut there, at least this wide. */
  readonly least?: number;
}

const GAP = 1;

/**
 * Rows of columns in at most `width`: numbers are whole or their column is left out, the column with `least` takes the
 * rest. Every column has as many cells as there are rows; where one has a head, heads are the first line.
 */
export function listLines(columns: readonly ListColumn[], width: number): readonly Line[] {
  const headed = columns.some(({ head }) => head !== undefined);
  let kept = headed ? columns.map(withHead) : columns;
  while (widthOf(kept) > width && kept.some(({ yields }) => yields > 0)) {
    const most = Math.max(...kept.map(({ yields }) => yields));
    const at = kept.findLastIndex(({ yields }) => yields === most);
    kept = kept.filter((_, index) => index !== at);
  }
  const spare = Math.max(0, width - widthOf(kept));
  const rows = Math.max(0, ...kept.map(({ cells }) => cells.length));
  return Array.from({ length: rows }, (_, row) =>
    kept.flatMap((column, index): Piece[] => {
      const cell = column.cells[row] ?? piece('');
      const columns = leastOf(column) + (column.least === undefined ? 0 : spare);
      const text = column.align === 'left' ? left(cell.text, columns) : right(cell.text, columns);
      const shown = { ...cell, text };
      return index === 0 ? [shown] : [piece(' '.repeat(GAP)), shown];
    }),
  );
}

const withHead = (column: ListColumn): ListColumn => ({
  ...column,
  cells: [piece(column.head ?? '', 'faint'), ...column.cells],
});

const leastOf = ({ cells, least }: ListColumn): number => {
  const widest = Math.max(0, ...cells.map(({ text }) => textWidth(text)));
  return least === undefined ? widest : Math.min(widest, least);
};

const widthOf = (columns: readonly ListColumn[]): number =>
  columns.reduce((width, column) => width + leastOf(column) + GAP, -GAP);
