import type { Cell, Table } from '../reports/answer.ts';
import { forAudience } from './audience.ts';
import { cleanText } from './clean-text.ts';
import { exact } from './exact.ts';
import type { Render } from './render.ts';

/**
 * Comma-separated values after RFC 4180, lines ending in `\n`: a header of column keys, exact values,
 * an empty field for null. No totals, so that a column can be summed; tables are apart by an empty line.
 */
export const renderCsv: Render = ({ tables }) => tables.map(tableLines).join('\n');

// A line with nothing on it stands between tables, so one empty field is written as `""`.
function tableLines(table: Table): string {
  const { columns, rows } = forAudience(table, 'programs');
  return [columns.map(({ key }) => textField(key)), ...rows.map((row) => row.map(field))]
    .map((fields) => `${fields.join(',') || '""'}\n`)
    .join('');
}

function field(cell: Cell): string {
  if (cell.kind === 'text') return textField(cell.value);
  // A number is never a formula: quoting -1 would turn it into text.
  return String(exact(cell) ?? '');
}

// https://owasp.org/www-community/attacks/CSV_Injection (2026-08-01): also the full width forms.
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

function textField(text: string): string {
  const safe = `${FORMULA.test(text) ? "'" : ''}${cleanText(text)}`;
  return /[",]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
