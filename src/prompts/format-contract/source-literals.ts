import { holeEnd, nameInHole } from './source-holes.ts';
import type { LiteralStyle, SourceLanguage } from './source-languages.ts';
import { unescapedAt } from './source-escapes.ts';

/** A part of a literal: text as the program has it, or the source of an expression. */
export type LiteralPart =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly at: number;
      /** Its line breaks are not those of the file. */
      readonly escaped: boolean;
    }
  | { readonly kind: 'expression'; readonly source: string; readonly at: number };

/** A literal, or several that are one text; `end` is the index behind it. */
export interface Literal {
  readonly parts: readonly LiteralPart[];
  readonly at: number;
  readonly end: number;
}

/** How far behind a mark its literal may begin. */
const FARTHEST = 3000;
/** Most literals that one text is put together of. */
const MOST_PARTS = 5000;

const BLANKS = /(?:\s|\\\r?\n)*/y;
const NAME = /[\p{ID_Start}_$][\p{ID_Continue}$]*/uy;
const OPERAND = /[\p{ID_Start}_$][\p{ID_Continue}$.]{0,200}(?![\p{ID_Continue}$.([])/uy;

const matchAt = (pattern: RegExp, source: string, at: number): string => {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? '';
};

/** The first literal that begins between two places; `undefined` where none begins soon, `'unclosed'` where it has no end. */
export function literalAfter(
  source: string,
  { from, until }: { readonly from: number; readonly until: number },
  language: SourceLanguage,
): Literal | 'unclosed' | undefined {
  for (let at = from; at < Math.min(until, from + FARTHEST);) {
    const found = literalAt(source, at, language);
    if (found === 'unclosed') return found;
    if (found !== undefined) return withFollowing(source, found, language);
    at = afterComment(source, at, language) ?? at + Math.max(1, matchAt(NAME, source, at).length);
  }
  return undefined;
}

/** The index behind a comment that begins here. */
function afterComment(source: string, at: number, { comment }: SourceLanguage): number | undefined {
  if (source.startsWith('/*', at) && comment === '//') {
    const end = source.indexOf('*/', at);
    return end < 0 ? source.length : end + 2;
  }
  if (!source.startsWith(comment, at)) return undefined;
  const end = source.indexOf('\n', at);
  return end < 0 ? source.length : end;
}

/** A literal with what is added to it by `+`, or stands beside it in languages where that makes one text. */
function withFollowing(
  source: string,
  first: Literal,
  language: SourceLanguage,
): Literal | 'unclosed' {
  const parts = [...first.parts];
  let { end } = first;
  for (let count = 0; count < MOST_PARTS; count += 1) {
    let at = skipBlanks(source, end, language);
    const isSum = source[at] === '+' && source[at + 1] !== '+';
    if (isSum) at = skipBlanks(source, at + 1, language);
    else if (!language.adjacent) break;
    const next = literalAt(source, at, language);
    if (next === 'unclosed') return next;
    if (next !== undefined) {
      for (const part of next.parts) parts.push(part);
      ({ end } = next);
      continue;
    }
    const operand = isSum ? matchAt(OPERAND, source, at) : '';
    if (operand === '') break;
    parts.push({ kind: 'expression', source: operand, at });
    end = at + operand.length;
  }
  return { parts, at: first.at, end };
}

function skipBlanks(source: string, from: number, language: SourceLanguage): number {
  let at = from + matchAt(BLANKS, source, from).length;
  for (;;) {
    const behind = afterComment(source, at, language);
    if (behind === undefined) return at;
    at = behind + matchAt(BLANKS, source, behind).length;
  }
}

/** The literal that begins exactly here. */
function literalAt(
  source: string,
  at: number,
  language: SourceLanguage,
): Literal | 'unclosed' | undefined {
  for (const { open, style } of language.openings) {
    open.lastIndex = at;
    const match = open.exec(source);
    if (match === null) continue;
    const written = style(match);
    return written.fromNextLine === true
      ? heredoc(source, at, at + match[0].length, written)
      : quoted(source, at, at + match[0].length, written);
  }
  return undefined;
}

function quoted(
  source: string,
  at: number,
  start: number,
  style: LiteralStyle,
): Literal | 'unclosed' {
  const isOneLine = style.close.length === 1 && style.close !== '`' && style.escapes !== 'doubled';
  const read = readParts(source, start, style, (index) => {
    if (source.startsWith(style.close, index)) {
      if (style.escapes !== 'doubled' || source[index + 1] !== style.close) return 'end';
    }
    return isOneLine && source[index] === '\n' ? 'broken' : 'on';
  });
  if (read === undefined) return 'unclosed';
  const parts = style.dedented === true ? dedent(read.parts, 'closing line') : read.parts;
  return { parts, at, end: read.end + style.close.length };
}

/** A heredoc: its text begins in the next line and ends before the line that is its word. */
function heredoc(
  source: string,
  at: number,
  end: number,
  style: LiteralStyle,
): Literal | 'unclosed' {
  const line = source.indexOf('\n', end);
  if (line < 0) return 'unclosed';
  const closing = new RegExp(`^[ \\t]*${style.close}[ \\t]*\\r?$`, 'gm');
  closing.lastIndex = line + 1;
  const stop = closing.exec(source)?.index;
  if (stop === undefined) return 'unclosed';
  const read = readParts(source, line + 1, style, (index) => (index >= stop ? 'end' : 'on'));
  if (read === undefined) return 'unclosed';
  return {
    parts: style.dedented === true ? dedent(read.parts, 'no closing line') : read.parts,
    at,
    end,
  };
}

/** Text and expressions up to where `stateAt` says it ends. */
function readParts(
  source: string,
  start: number,
  style: LiteralStyle,
  stateAt: (index: number) => 'on' | 'end' | 'broken',
): { readonly parts: readonly LiteralPart[]; readonly end: number } | undefined {
  const parts: LiteralPart[] = [];
  let text: string[] = [];
  let textAt = start;
  let escaped = false;
  const flush = (): void => {
    if (text.length > 0) parts.push({ kind: 'text', text: text.join(''), at: textAt, escaped });
    text = [];
    escaped = false;
  };
  let at = start;
  while (at < source.length) {
    const state = stateAt(at);
    if (state === 'broken') return undefined;
    if (state === 'end') {
      flush();
      return { parts, end: at };
    }
    const hole = holeEnd(source, at, style);
    if (hole === 'unclosed') return undefined;
    if (hole !== undefined) {
      flush();
      parts.push({
        kind: 'expression',
        source: nameInHole(source.slice(hole.from, hole.to), style),
        at,
      });
      at = hole.next;
      continue;
    }
    if (text.length === 0) textAt = at;
    const { character, next } = unescapedAt(source, at, style);
    if (next - at > 1)
      escaped ||= character.includes('\n') || source.slice(at, next).includes('\n');
    text.push(character);
    at = next;
  }
  return undefined;
}

/** Takes the blanks off that all lines begin with. Where the quotes close in a line of their own, its blanks count too. */
function dedent(
  parts: readonly LiteralPart[],
  ends: 'closing line' | 'no closing line',
): readonly LiteralPart[] {
  const whole = parts.map((part) => (part.kind === 'text' ? part.text : 'x')).join('');
  const lines = whole.split('\n');
  const counted = lines.filter(
    (line, index) => line.trim() !== '' || (ends === 'closing line' && index === lines.length - 1),
  );
  const widths = counted.map((line) => line.length - line.trimStart().length);
  const width = widths.reduce((least, next) => Math.min(least, next), widths[0] ?? 0);
  const blanks = new RegExp(`(^|\\n)[ \\t]{1,${Math.max(1, width)}}`, 'g');
  return parts.map((part, index) => {
    if (part.kind !== 'text' || width === 0) return part;
    const before = parts[index - 1];
    const text = part.text.replace(blanks, (found: string, start: string, offset: number) =>
      start === '' && (offset > 0 || before !== undefined) ? found : start,
    );
    return { ...part, text };
  });
}
