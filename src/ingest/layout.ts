import { blanksEnd, OPEN, valueEnd } from './plain-json.ts';

/** How a text is laid out. */
export type Layout =
  | { readonly kind: 'lines' }
  | { readonly kind: 'document' }
  | { readonly kind: 'csv'; readonly delimiter: string };

const LINES_LOOKED_AT = 50;
const NEWLINE = 10;

/** Tells from the first bytes how a text is laid out: JSON a line, one JSON document, or CSV. */
export function layoutOf(head: string): Layout {
  // Logs rotated in place begin with NUL bytes.
  const text = head.replace(/^[\uFEFF\0\s]+/, '');
  // A list with one element a line: its last element alone would pass for a line.
  if (/^\[\s*(\n|\{|\])/.test(text)) return { kind: 'document' };
  // A banner or a broken line in front must not turn a file of lines into something else.
  const lines = text.split('\n', LINES_LOOKED_AT);
  if (lines.some(isWholeObject)) return { kind: 'lines' };
  if (text.startsWith('[')) return { kind: 'document' };
  if (text.startsWith('{')) return { kind: lines.length === 1 ? 'lines' : 'document' };
  return { kind: 'csv', delimiter: delimiterOf(lines[0] ?? '') };
}

/** Whether the first line of a text is certainly one JSON object, as in a file that has a record a line. */
export function beginsWithRecord(head: Buffer): boolean {
  const end = head[0] === OPEN ? valueEnd(head, 0) : -1;
  const lineEnd = head.indexOf(NEWLINE);
  return end > 0 && end <= lineEnd && blanksEnd(head, end) > lineEnd;
}

/** As beginsWithRecord, for any line. */
function isWholeObject(line: string): boolean {
  const text = line.trim();
  if (!text.startsWith('{') || !text.endsWith('}')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Of the usual delimiters, the one that the header uses most. */
function delimiterOf(header: string): string {
  const count = (delimiter: string): number => header.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, delimiter) =>
    count(delimiter) > count(best) ? delimiter : best,
  );
}
