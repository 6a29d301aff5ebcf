import type { Table } from '../reports/answer.ts';
import { cleanText } from './clean-text.ts';
import { fitColumns } from './fit-columns.ts';
import type { RenderOptions, Render } from './render.ts';
import { paint } from './paint.ts';
import { screenTable } from './screen-table.ts';
import { GAP, terminalGrid } from './terminal-grid.ts';
import { terminalRecords } from './terminal-records.ts';
import { wrapWords } from './text-width.ts';

/** The answer for a screen: headline, tables fitted to its width, notes. No line is wider than it. */
export const renderTerminal: Render = (answer, options) => {
  const style = paint(options.color);
  const blocks = [
    wrapped(answer.headline ?? '', options).map(style.strong),
    ...answer.tables.map((table) => tableLines(table, options)),
    answer.notes.flatMap(({ message }) => wrapped(`note: ${message}`, options)),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
};

const wrapped = (text: string, { columns }: RenderOptions): readonly string[] =>
  wrapWords(cleanText(text), columns);

function tableLines(table: Table, options: RenderOptions): readonly string[] {
  const style = paint(options.color);
  const heading = wrapped(table.title ?? '', options).map(style.strong);
  if (table.rows.length === 0)
    return [...heading, ...wrapped(table.empty ?? 'Nothing to show.', options)];
  const screen = screenTable(table, options);
  if (screen.columns.length === 0) return heading;
  const fit = fitColumns(
    screen.columns.map(({ widths }) => widths),
    { width: options.columns, gap: GAP },
  );
  if (fit === undefined) return [...heading, ...terminalRecords(screen, options)];
  const hidden = screen.columns
    .filter((_, index) => !fit.kept.includes(index))
    .map(({ title }) => title);
  const grid = terminalGrid(screen, fit, options);
  return [...heading, ...grid, ...wrapped(hiddenText(hidden), options).map(style.faint)];
}

/** Says what a narrow screen left out, since a missing column is not seen to be missing. */
function hiddenText(titles: readonly string[]): string {
  if (titles.length === 0) return '';
  const columns = titles.length === 1 ? '1 column' : `${titles.length} columns`;
  return `${columns} hidden at this width: ${titles.join(', ')}; use --format json or csv for all.`;
}
