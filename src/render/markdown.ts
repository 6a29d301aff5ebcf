import type { Table } from '../reports/answer.ts';
import { columnCells, forAudience } from './audience.ts';
import { cleanText } from './clean-text.ts';
import { displayColumn, isNumeric } from './display.ts';
import type { RenderOptions, Render } from './render.ts';

/** GitHub Markdown for a comment or a page: tables with totals in bold, notes as a list. */
export const renderMarkdown: Render = (answer, options) => {
  const blocks = [
    ...(answer.headline === undefined ? [] : [plain(answer.headline)]),
    ...answer.tables.flatMap((table) => tableBlocks(forAudience(table, 'people'), options)),
    answer.notes.map(({ message }) => `- ${plain(message)}`).join('\n'),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
};

function tableBlocks(table: Table, { unicode }: RenderOptions): readonly string[] {
  const heading = table.title === undefined ? [] : [`### ${plain(table.title)}`];
  if (table.rows.length === 0) return [...heading, plain(table.empty ?? 'Nothing to show.')];
  const columns = table.columns.map(({ title }, index) => {
    const cells = columnCells(table, index);
    return {
      title: plain(title),
      rule: isNumeric(cells) ? '---:' : '---',
      texts: displayColumn(cells, { unicode }).map(escaped),
    };
  });
  const rows = table.rows.map((_, row) => columns.map(({ texts }) => texts[row] ?? ''));
  const totals = columns.map(({ texts }) => bold(texts[table.rows.length] ?? ''));
  return [
    ...heading,
    [
      columns.map(({ title }) => title),
      columns.map(({ rule }) => rule),
      ...rows,
      ...(table.totals === undefined ? [] : [totals]),
    ]
      .map((cells) => `| ${cells.join(' | ')} |`)
      .join('\n'),
  ];
}

const bold = (text: string): string => (text === '' ? '' : `**${text}**`);

const plain = (text: string): string => escaped(cleanText(text));

/**
 * Text that Markdown would read as a table border, code, emphasis, a link, an image or HTML, made plain.
 * An underscore inside a word is left alone: GitHub does so too, and `customer_id` stays readable.
 */
const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`|*[\]]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|~(?=~)|(?<=~)~/g, String.raw`\$&`);
