import Grid from 'cli-table3';
import type { Cell } from '../reports/answer.ts';
import { bar } from './bars.ts';
import type { Fit } from './fit-columns.ts';
import type { RenderOptions } from './render.ts';
import { paint } from './paint.ts';
import type { Paint } from './paint.ts';
import type { ScreenColumn, ScreenTable } from './screen-table.ts';
import { standIns } from './stand-ins.ts';
import { textWidth, truncateText, wrapWords } from './text-width.ts';

/** Space between two columns. */
export const GAP = 2;

/** cli-table3 takes 0.2 ms a row and compares each with all others: rows beyond these are put together here. */
const ROWS_BY_LIBRARY = 32;

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' '.repeat(GAP),
};

/** A column with the room it was given, its bar apart. */
interface FittedColumn extends ScreenColumn {
  readonly texts: readonly string[];
  readonly width: number;
  readonly bar: number;
}

/** What stands in one cell: text that may be painted, and a bar beside it. */
interface GridCell {
  readonly text: string;
  readonly paint: (text: string) => string;
  readonly bar: string | undefined;
}

/** The lines of a table that has been fitted: titles, a rule, rows, and the totals under a rule. */
export function terminalGrid(
  table: ScreenTable,
  fit: Fit,
  options: RenderOptions,
): readonly string[] {
  const style = paint(options.color);
  const columns = fittedColumns(table, fit);
  const titles = columns.map((column) => ({
    text: aligned(column, column.title, options),
    paint: style.strong,
    bar: column.bar === 0 ? undefined : '',
  }));
  const row = (index: number): readonly (readonly GridCell[])[] => {
    const lines = columns.map((column) => linesOf(column, column.texts[index] ?? '', options));
    const height = Math.max(...lines.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) =>
      columns.map((column, at) => {
        const cell = column.cells[index] ?? { kind: 'unknown' };
        const totals = index >= table.rowCount;
        const barText = totals || line > 0 ? '' : bar(cell, options.unicode);
        return {
          text: lines[at]?.[line] ?? '',
          paint: painter(cell, totals, style),
          bar: column.bar === 0 ? undefined : barText,
        };
      }),
    );
  };
  const width = columns.reduce((total, column) => total + column.width + column.bar + GAP, -GAP);
  const rule = style.faint((options.unicode ? '─' : '-').repeat(width));
  const rows = Array.from({ length: table.rowCount }, (_, index) => row(index)).flat();
  return [
    ...drawn([titles], columns),
    rule,
    ...drawn(rows, columns),
    ...(table.hasTotals ? [rule, ...drawn(row(table.rowCount), columns)] : []),
  ];
}

const fittedColumns = (table: ScreenTable, fit: Fit): readonly FittedColumn[] =>
  fit.kept.flatMap((index, at) => {
    const column = table.columns[index];
    if (column === undefined) return [];
    const texts = fit.compact.has(index) ? column.compact : column.full;
    return [
      { ...column, texts, width: fit.widths[at] ?? 0, bar: fit.bars ? column.widths.bar : 0 },
    ];
  });

/** The lines of a cell: one, cut to its column, unless the column wraps. */
const linesOf = (column: FittedColumn, text: string, options: RenderOptions): readonly string[] =>
  column.wraps && textWidth(text) > column.width
    ? wrapWords(text, column.width)
    : [aligned(column, text, options)];

/** The text cut to its column and, for a number, moved to the right of it. */
function aligned(column: FittedColumn, text: string, { unicode }: RenderOptions): string {
  const cut = truncateText(text, column.width, unicode ? '…' : '...');
  return column.right ? `${' '.repeat(Math.max(0, column.width - textWidth(cut)))}${cut}` : cut;
}

function painter(cell: Cell, totals: boolean, style: Paint): (text: string) => string {
  const doubtful =
    cell.kind === 'unknown' ||
    (cell.kind === 'money' && (cell.partial === true || cell.bound !== undefined));
  if (doubtful) return totals ? (text) => style.strong(style.doubtful(text)) : style.doubtful;
  return totals ? style.strong : (text) => text;
}

/** Lines of rows whose cells are cut and aligned: all that is left is to fill them up to their columns. */
const drawn = (
  rows: readonly (readonly GridCell[])[],
  columns: readonly FittedColumn[],
): readonly string[] => [
  ...drawnByLibrary(rows.slice(0, ROWS_BY_LIBRARY), columns),
  ...rows.slice(ROWS_BY_LIBRARY).map((row) => drawnRow(row, columns)),
];

function drawnByLibrary(
  rows: readonly (readonly GridCell[])[],
  columns: readonly FittedColumn[],
): readonly string[] {
  if (rows.length === 0) return [];
  const { put, restore } = standIns();
  const grid = new Grid({
    chars: NO_BORDERS,
    colWidths: columns.map((column) => column.width + column.bar),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) {
    grid.push(
      row.map((cell) => {
        const text = cell.paint(put(cell.text));
        return cell.bar === undefined ? text : `${text} ${put(cell.bar)}`;
      }),
    );
  }
  return restore(grid.toString())
    .split('\n')
    .map((line) => line.trimEnd());
}

/** A line as cli-table3 draws it without borders. */
function drawnRow(row: readonly GridCell[], columns: readonly FittedColumn[]): string {
  let line = '';
  let missing = 0;
  for (const [index, { text, paint: painted, bar: barText }] of row.entries()) {
    const column = columns[index];
    line += ' '.repeat(missing) + painted(text) + (barText === undefined ? '' : ` ${barText}`);
    const used = textWidth(text) + (barText === undefined ? 0 : 1 + textWidth(barText));
    missing = (column === undefined ? 0 : column.width + column.bar) - used + GAP;
  }
  return line.trimEnd();
}
