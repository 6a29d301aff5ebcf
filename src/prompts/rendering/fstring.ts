import { quote } from '../../errors.ts';
import { blockEngine, type ParseBlock } from './block-engine.ts';
import type { TemplateEngine } from './engine.ts';
import type { Expression, Statement } from './jinja-syntax.ts';
import { TemplateSyntaxError } from './template-error.ts';

const NAME = /^[\p{ID_Start}_][\p{ID_Continue}]*/u;
const PART = /^(?:\.([\p{ID_Start}_][\p{ID_Continue}]*)|\[([^\]{}]+)\])/u;

/** Most parts of one name: `a.b[0].c` has three. */
const MOST_PARTS = 50;

/**
 * The replacement fields of Python's `str.format` (https://docs.python.org/3/library/string.html#formatstrings,
 * read 2026-11-22): `{x}`, `{x.y}`, `{x[0]}`, with `{{` and `}}` for braces. Conversions and format
 * specifications are noticed and not followed.
 */
export const fstringEngine = (): TemplateEngine => blockEngine(parseFields);

const parseFields: ParseBlock = (text) => {
  const block: Statement[] = [];
  const notices: { readonly at: number; readonly code: string; readonly message: string }[] = [];
  let from = 0;
  const addText = (end: number): void => {
    if (end > from) block.push({ kind: 'text', at: from, text: text.slice(from, end) });
  };
  const brace = /[{}]/g;
  for (let found = brace.exec(text); found !== null; found = brace.exec(text)) {
    const { index } = found;
    if (text[index + 1] === found[0]) {
      addText(index + 1);
      from = index + 2;
    } else if (found[0] === '}') {
      throw new TemplateSyntaxError('a } without a {; write }} for a brace', index);
    } else {
      addText(index);
      const end = fieldEnd(text, index);
      const { value, rest } = readField(text.slice(index + 1, end), index + 1);
      block.push({ kind: 'print', at: index, value });
      if (rest !== '')
        notices.push({
          at: index,
          code: 'unfollowed-format',
          message: `the format ${quote(rest)} is not followed, so the value is counted as it is`,
        });
      from = end + 1;
    }
    brace.lastIndex = from;
  }
  addText(text.length);
  return { block, notices };
};

/** Index of the brace that closes a field; a format specification may hold fields of its own. */
function fieldEnd(text: string, start: number): number {
  let depth = 0;
  const brace = /[{}]/g;
  brace.lastIndex = start;
  for (let found = brace.exec(text); found !== null; found = brace.exec(text)) {
    depth += found[0] === '{' ? 1 : -1;
    if (depth === 0) return found.index;
    if (depth > 2) break;
  }
  throw new TemplateSyntaxError('a { without its }; write {{ for a brace', start);
}

/** The name of a field as an expression, and the conversion or format that follows it. */
function readField(
  field: string,
  at: number,
): { readonly value: Expression; readonly rest: string } {
  const [name] = NAME.exec(field) ?? [];
  if (name === undefined)
    throw new TemplateSyntaxError(
      `${quote(field)} is no name of a variable; write {{ and }} for braces`,
      at,
    );
  let value: Expression = { kind: 'name', at, name };
  let rest = field.slice(name.length);
  for (let parts = 0; rest !== '' && !/^[!:]/.test(rest); parts += 1) {
    const part = PART.exec(rest);
    if (part === null || parts >= MOST_PARTS)
      throw new TemplateSyntaxError(
        `${quote(field)} is no name of a variable; write {{ and }} for braces`,
        at,
      );
    const key = part[1] ?? part[2] ?? '';
    value = {
      kind: 'member',
      at,
      object: value,
      key: {
        kind: 'literal',
        at,
        value: part[1] === undefined && /^\d{1,9}$/.test(key) ? Number(key) : key,
      },
    };
    rest = rest.slice(part[0].length);
  }
  return { value, rest };
}
