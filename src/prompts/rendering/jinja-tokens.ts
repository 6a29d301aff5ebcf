import { TemplateSyntaxError } from './template-error.ts';

/** A word of what stands between `{{` and `}}`, or `{%` and `%}`. */
export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'operator' | 'end';
  /** The name, the digits, the text of a string with its escapes decoded, or the signs of an operator. */
  readonly text: string;
  readonly at: number;
}

/** A stretch of a template: text, or a tag with its words, closed by one of kind `end`. */
export type Segment =
  | { readonly kind: 'text'; readonly text: string; readonly at: number }
  | { readonly kind: 'print' | 'tag'; readonly tokens: readonly Token[]; readonly at: number };

/** How line breaks around tags are treated, as environments of Jinja are set up. All false is Jinja's own default. */
export interface WhitespaceRules {
  /** The line break after a tag or comment is dropped. */
  readonly trimBlocks?: boolean;
  /** Blanks before a tag that begins its line are dropped. */
  readonly lstripBlocks?: boolean;
  /** One line break that ends the text is kept; Jinja drops it, Nunjucks keeps it. */
  readonly keepTrailingNewline?: boolean;
}

const SPACE = /\s+/y;
const NAME = /[\p{ID_Start}_$][\p{ID_Continue}$]*/uy;
const NUMBER = /\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const OPERATOR = /===|!==|\/\/|\*\*|==|!=|<=|>=|[-+*/%~<>=()[\]{},.:|!]/y;
const RAW = new Set(['raw', 'verbatim']);

/** Takes a template apart into text and tags, in one pass. Throws TemplateSyntaxError. */
export function segmentsOf(template: string, rules: WhitespaceRules = {}): readonly Segment[] {
  const source = rules.keepTrailingNewline === true ? template : template.replace(/\r?\n$/, '');
  const segments: Segment[] = [];
  let at = 0;
  /** Whether the tag before took the blanks that follow it: all of them, one line break, or none. */
  let taken: 'blanks' | 'break' | 'nothing' = 'nothing';
  const addText = (end: number, sign: string, isPrint: boolean): void => {
    let text = source.slice(at, end);
    if (taken === 'blanks') text = text.trimStart();
    else if (taken === 'break') text = text.replace(/^\r?\n/, '');
    if (sign === '-') text = text.trimEnd();
    else if (rules.lstripBlocks === true && sign !== '+' && !isPrint)
      text = withoutIndent(text, at === 0 || taken !== 'nothing');
    if (text !== '') segments.push({ kind: 'text', text, at });
  };
  const after = (sign: string, isPrint: boolean): typeof taken => {
    if (sign === '-') return 'blanks';
    return rules.trimBlocks === true && sign !== '+' && !isPrint ? 'break' : 'nothing';
  };
  for (;;) {
    const open = nextTag(source, at);
    if (open < 0) break;
    const type = source[open + 1];
    const sign = signAt(source, open + 2);
    addText(open, sign, type === '{');
    if (type === '#') {
      const close = source.indexOf('#}', open + 2);
      if (close < 0) throw new TemplateSyntaxError('a comment {# has no #}', open);
      taken = after(signAt(source, close - 1), false);
      at = close + 2;
      continue;
    }
    const tag = readTag(source, open + 2 + sign.length, type === '{' ? '}}' : '%}', open);
    at = tag.next;
    taken = after(tag.sign, type === '{');
    const [first, second] = tag.tokens;
    if (type === '%' && first !== undefined && RAW.has(first.text) && second?.kind === 'end') {
      const end = new RegExp(`\\{%([-+]?)\\s*end${first.text}\\s*([-+]?)%\\}`, 'g');
      end.lastIndex = at;
      const found = end.exec(source);
      if (found === null)
        throw new TemplateSyntaxError(`{% ${first.text} %} has no {% end${first.text} %}`, open);
      addText(found.index, found[1] ?? '', false);
      at = end.lastIndex;
      taken = after(found[2] ?? '', false);
      continue;
    }
    segments.push({ kind: type === '{' ? 'print' : 'tag', tokens: tag.tokens, at: open });
  }
  addText(source.length, '+', true);
  return segments;
}

/** Blanks after the last line break, dropped; all of the text where it begins a line itself. */
function withoutIndent(text: string, beginsLine: boolean): string {
  const start = text.lastIndexOf('\n') + 1;
  if (start === 0 && !beginsLine) return text;
  return /^[ \t]*$/.test(text.slice(start)) ? text.slice(0, start) : text;
}

/** Index of the next `{{`, `{%` or `{#`; -1 when there is none. */
function nextTag(source: string, from: number): number {
  for (let at = source.indexOf('{', from); at >= 0; at = source.indexOf('{', at + 1)) {
    const next = source[at + 1];
    if (next === '{' || next === '%' || next === '#') return at;
  }
  return -1;
}

const signAt = (source: string, at: number): string => {
  const sign = source[at];
  return sign === '-' || sign === '+' ? sign : '';
};

/** The words of a tag from `from` to its `close`; `next` is the index behind it, `sign` a `-` or `+` before the close. */
function readTag(
  source: string,
  from: number,
  close: '}}' | '%}',
  open: number,
): { readonly tokens: readonly Token[]; readonly sign: string; readonly next: number } {
  const tokens: Token[] = [];
  let at = from;
  let braces = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  while (at < source.length) {
    at += match(SPACE)?.length ?? 0;
    const sign = signAt(source, at);
    if (braces === 0 && source.startsWith(close, at + sign.length)) {
      tokens.push({ kind: 'end', text: close, at });
      return { tokens, sign, next: at + sign.length + close.length };
    }
    const quoted = source[at];
    if (quoted === '"' || quoted === "'") {
      const end = stringEnd(source, at, quoted);
      tokens.push({ kind: 'string', text: unescaped(source.slice(at + 1, end)), at });
      at = end + 1;
      continue;
    }
    const name = match(NAME);
    const text = name ?? match(NUMBER) ?? match(OPERATOR);
    if (text === undefined) break;
    const kind = name !== undefined ? 'name' : /^\d/.test(text) ? 'number' : 'operator';
    if (text === '{') braces += 1;
    if (text === '}') braces -= 1;
    tokens.push({ kind, text, at });
    at += text.length;
  }
  const opening = close === '}}' ? '{{' : '{%';
  const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
  throw at < source.length
    ? new TemplateSyntaxError(
        `unexpected ${JSON.stringify(character)} in ${opening} … ${close}`,
        at,
      )
    : new TemplateSyntaxError(`${opening} has no ${close}`, open);
}

/** Index of the quote that closes a string. */
function stringEnd(source: string, start: number, quoted: string): number {
  for (let at = start + 1; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1;
    else if (source[at] === quoted) return at;
  }
  throw new TemplateSyntaxError('a string is not closed', start);
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['\n', ''],
]);

/** Escapes of Python strings decoded; what is no escape stays as it stands. */
const unescaped = (text: string): string =>
  text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]))/g,
    (whole: string, two?: string, four?: string, one?: string) => {
      if (one === undefined) return String.fromCharCode(Number.parseInt(two ?? four ?? '', 16));
      return ESCAPES.get(one) ?? (`'"\\`.includes(one) ? one : whole);
    },
  );
