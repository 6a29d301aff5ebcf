import { type Inner, isList, isMap, kindOf, textOf, type Work } from './jinja-values.ts';

/** How a language writes JSON. */
interface JsonStyle {
  /** Blanks of one level; 0 writes all in one line. */
  readonly indent: number;
  /** As Python's json.dumps: blanks after commas, names sorted, everything beyond ASCII escaped, and what HTML minds. */
  readonly python: boolean;
}

/** A value as JSON. Undefined names are null. */
export function jsonOf(value: Inner, style: JsonStyle, work: Work): string {
  const text = write(value, style, '', work);
  return style.python ? escapedForHtml(text) : text;
}

function write(value: Inner, style: JsonStyle, indent: string, work: Work): string {
  work.spend();
  if (value === null || typeof value === 'boolean' || typeof value === 'number')
    return JSON.stringify(value);
  if (typeof value === 'string') {
    work.spend(value.length);
    return JSON.stringify(value);
  }
  const kind = kindOf(value);
  if (kind === 'sized' || kind === 'printed') return JSON.stringify(textOf(value, work));
  const inner = indent + ' '.repeat(style.indent);
  if (isList(value))
    return between(
      '[',
      value.map((item) => write(item, style, inner, work)),
      ']',
      style,
      indent,
      work,
    );
  if (!isMap(value)) return 'null';
  const names = [...value.keys()];
  if (style.python) names.sort();
  const colon = style.python || style.indent > 0 ? ': ' : ':';
  const entries = names.map(
    (name) => JSON.stringify(name) + colon + write(value.get(name) ?? null, style, inner, work),
  );
  return between('{', entries, '}', style, indent, work);
}

function between(
  open: string,
  parts: readonly string[],
  close: string,
  style: JsonStyle,
  indent: string,
  work: Work,
): string {
  const inner = indent + ' '.repeat(style.indent);
  work.fits(parts.reduce((sum, { length }) => sum + length + inner.length + 2, 0));
  if (parts.length === 0) return open + close;
  if (style.indent === 0) return open + parts.join(style.python ? ', ' : ',') + close;
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`;
}

/** Jinja's tojson is made for HTML: `<`, `>`, `&`, `'` and all beyond ASCII become escapes. */
const escapedForHtml = (json: string): string =>
  json.replace(
    /[<>&'\u007F-\uFFFF]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
