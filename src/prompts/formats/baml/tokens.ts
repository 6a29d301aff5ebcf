/** A word of a BAML file. */
export interface Token {
  /** A name or number, a text in quotes, one sign, or the end. */
  readonly kind: 'word' | 'text' | 'sign' | 'end';
  /** A text's content; of `#"…"#` without the indent that its lines share. */
  readonly value: string;
  readonly line: number;
  /** Line that a text's content begins in. */
  readonly textLine: number;
}

/** A file that is not BAML, and the line. */
export class BamlSyntaxError extends Error {
  override readonly name = 'BamlSyntaxError';
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

const SKIPPED = /(?:[\s,;]+|\/\/[^\n]*)+/y;
const WORD = /[A-Za-z0-9_$][\w./$-]*/y;
const QUOTED = /"(?:[^"\\]|\\[^])*"/y;
const HASHES = /#+"?/y;

/** Words of a BAML file, in one pass; commas, blanks and comments separate them. Throws BamlSyntaxError. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  const match = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? '';
  };
  const pass = (length: number): void => {
    for (let next = text.indexOf('\n', at); next >= 0 && next < at + length;) {
      line += 1;
      next = text.indexOf('\n', next + 1);
    }
    at += length;
  };
  const passTo = (end: string, opened: string): string => {
    const close = text.indexOf(end, at + opened.length);
    if (close < 0) throw new BamlSyntaxError(`${opened} is not closed by ${end}`, line);
    const inside = text.slice(at + opened.length, close);
    pass(close + end.length - at);
    return inside;
  };
  for (;;) {
    pass(match(SKIPPED).length);
    const start = line;
    if (at >= text.length) break;
    if (text.startsWith('{//', at)) {
      passTo('//}', '{//');
      continue;
    }
    const hashes = match(HASHES);
    const word = match(WORD);
    if (hashes.endsWith('"')) {
      const { value, skippedLines } = dedented(passTo(`"${hashes.slice(0, -1)}`, hashes));
      tokens.push({ kind: 'text', value, line: start, textLine: start + skippedLines });
    } else if (text[at] === '"') {
      const quoted = match(QUOTED);
      if (quoted === '') throw new BamlSyntaxError('a text is not closed by "', start);
      pass(quoted.length);
      const value = unescaped(quoted.slice(1, -1));
      tokens.push({ kind: 'text', value, line: start, textLine: start });
    } else {
      const sign = hashes === '' ? String.fromCodePoint(text.codePointAt(at) ?? 0) : hashes;
      const value = word === '' ? sign : word;
      pass(value.length);
      const kind = word === '' ? 'sign' : 'word';
      tokens.push({ kind, value, line: start, textLine: start });
    }
  }
  return [...tokens, { kind: 'end', value: '', line, textLine: line }];
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
]);

const unescaped = (text: string): string =>
  text.replace(/\\([^])/g, (_, sign: string) => ESCAPES.get(sign) ?? sign);

/** A block of text without the indent that all its lines share, and without blank lines around it. */
function dedented(text: string): { readonly value: string; readonly skippedLines: number } {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.trim() !== '');
  if (first < 0) return { value: '', skippedLines: 0 };
  const kept = lines.slice(first);
  const indents = (first === 0 ? kept.slice(1) : kept)
    .filter((line) => line.trim() !== '')
    .map((line) => line.length - line.trimStart().length);
  const indent = indents.reduce((least, next) => Math.min(least, next), Infinity);
  const value = kept
    .map((line, index) =>
      first === 0 && index === 0 ? line : line.slice(Number.isFinite(indent) ? indent : 0),
    )
    .join('\n');
  return { value: value.trim(), skippedLines: first };
}
