import { TemplateSyntaxError } from './template-error.ts';

/** Deepest nesting of sections. */
const DEEPEST = 200;

/** A part of a Mustache template. `at` is the index of its first character. */
export type MustacheNode = { readonly at: number } & (
  | { readonly kind: 'text'; readonly text: string }
  /** A line that is not empty begins: where a partial is indented, this is. */
  | { readonly kind: 'line' }
  | { readonly kind: 'print'; readonly name: string }
  | {
      readonly kind: 'section';
      readonly name: string;
      /** Printed where the value is empty, instead of where it is not. */
      readonly inverted: boolean;
      readonly body: readonly MustacheNode[];
    }
  | { readonly kind: 'partial'; readonly name: string; readonly indentation: string }
);

/** A tag as it stands, before sections are closed. */
type Mark =
  | Exclude<MustacheNode, { readonly kind: 'section' }>
  | { readonly kind: 'open' | 'inverted' | 'close'; readonly name: string; readonly at: number }
  | { readonly kind: 'nothing'; readonly at: number };

/**
 * Parses Mustache (https://mustache.github.io/mustache.5.html, read 2026-11-22) in one pass over the text. Tags
 * alone in their line take the line with them. Throws TemplateSyntaxError.
 */
export function parseMustache(text: string): readonly MustacheNode[] {
  return nest(withoutOwnLines(marksOf(text)));
}

/** Texts, one for each line, and tags. */
function marksOf(text: string): readonly Mark[] {
  const marks: Mark[] = [];
  let [open, close] = ['{{', '}}'];
  let at = 0;
  while (at < text.length) {
    const start = text.indexOf(open, at);
    addLines(marks, text, at, start < 0 ? text.length : start);
    if (start < 0) break;
    if (beginsLine(marks)) marks.push({ kind: 'line', at: start });
    const inside = afterBlanks(text, start + open.length);
    const sign = text.charAt(inside);
    const end = sign === '{' ? `}${close}` : sign === '=' ? `=${close}` : close;
    const stop = text.indexOf(end, inside + ('{=&#^/>!'.includes(sign) && sign !== '' ? 1 : 0));
    if (stop < 0) throw new TemplateSyntaxError(`${open} has no ${end}`, start);
    const content = text.slice(inside, stop);
    at = stop + end.length;
    if (sign === '=') {
      [open, close] = delimiters(content.slice(1), start);
      marks.push({ kind: 'nothing', at: start });
    } else marks.push(markOf(sign, content, start));
  }
  return marks;
}

function afterBlanks(text: string, at: number): number {
  const blanks = /\s*/y;
  blanks.lastIndex = at;
  return at + (blanks.exec(text)?.[0].length ?? 0);
}

function addLines(marks: Mark[], text: string, from: number, to: number): void {
  for (let at = from; at < to;) {
    const end = text.indexOf('\n', at);
    const next = end < 0 || end >= to ? to : end + 1;
    const line = text.slice(at, next);
    if (beginsLine(marks) && line !== '\n' && line !== '\r\n') marks.push({ kind: 'line', at });
    marks.push({ kind: 'text', text: line, at });
    at = next;
  }
}

function beginsLine(marks: readonly Mark[]): boolean {
  const last = marks.at(-1);
  return last === undefined || (last.kind === 'text' && last.text.endsWith('\n'));
}

function delimiters(content: string, at: number): [string, string] {
  const [open, close, ...more] = content.trim().split(/\s+/);
  if (open === undefined || open === '' || close === undefined || more.length > 0)
    throw new TemplateSyntaxError('new delimiters are two, with a blank between them', at);
  return [open, close];
}

function markOf(sign: string, content: string, at: number): Mark {
  const name = content.slice(1).trim();
  switch (sign) {
    case '#':
      return { kind: 'open', name, at };
    case '^':
      return { kind: 'inverted', name, at };
    case '/':
      return { kind: 'close', name, at };
    case '>':
      return { kind: 'partial', name, indentation: '', at };
    case '!':
      return { kind: 'nothing', at };
    case '{':
    case '&':
      return { kind: 'print', name, at };
    default:
      return { kind: 'print', name: content.trim(), at };
  }
}

/** Lines that hold tags and blanks only, and print no value, lose their blanks and their line break. */
function withoutOwnLines(marks: readonly Mark[]): readonly Mark[] {
  const kept: Mark[] = [];
  let line: Mark[] = [];
  const flush = (): void => {
    const isBlank = (mark: Mark): boolean => mark.kind === 'text' && mark.text.trim() === '';
    const isTag = (mark: Mark): boolean => mark.kind !== 'text' && mark.kind !== 'line';
    const ownLine =
      line.some(isTag) &&
      line.every((mark) => mark.kind !== 'print' && (mark.kind !== 'text' || isBlank(mark)));
    if (!ownLine) for (const mark of line) kept.push(mark);
    else {
      const [, first] = line;
      const indentation = first?.kind === 'text' ? first.text.replace(/[\r\n]+$/, '') : '';
      for (const mark of line)
        if (isTag(mark)) kept.push(mark.kind === 'partial' ? { ...mark, indentation } : mark);
    }
    line = [];
  };
  for (const mark of marks) {
    line.push(mark);
    if (mark.kind === 'text' && mark.text.endsWith('\n')) flush();
  }
  flush();
  return kept;
}

/** Sections with what stands between their tags. */
function nest(marks: readonly Mark[]): readonly MustacheNode[] {
  const top: MustacheNode[] = [];
  const open: {
    readonly name: string;
    readonly at: number;
    readonly inverted: boolean;
    readonly body: MustacheNode[];
  }[] = [];
  for (const mark of marks) {
    const into = open.at(-1)?.body ?? top;
    switch (mark.kind) {
      case 'open':
      case 'inverted':
        if (open.length >= DEEPEST)
          throw new TemplateSyntaxError(`nests deeper than ${DEEPEST} levels`, mark.at);
        open.push({ name: mark.name, at: mark.at, inverted: mark.kind === 'inverted', body: [] });
        break;
      case 'close': {
        const section = open.pop();
        if (section?.name !== mark.name)
          throw new TemplateSyntaxError(
            section === undefined
              ? `{{/${mark.name}}} closes nothing that is open`
              : `{{#${section.name}}} is closed by {{/${mark.name}}}`,
            mark.at,
          );
        (open.at(-1)?.body ?? top).push({ kind: 'section', ...section });
        break;
      }
      case 'nothing':
        break;
      case 'text':
      case 'line':
      case 'print':
      case 'partial':
        into.push(mark);
    }
  }
  const left = open.at(-1);
  if (left !== undefined)
    throw new TemplateSyntaxError(`{{#${left.name}}} has no {{/${left.name}}}`, left.at);
  return top;
}
