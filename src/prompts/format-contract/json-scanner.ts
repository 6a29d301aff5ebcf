import { NotReadable } from './not-readable.ts';

/** Walks the characters of JSON and knows the line it is in. */
export interface JsonScanner {
  readonly place: () => { readonly line: number; readonly column: number };
  /** The next character; empty at the end. */
  readonly peek: () => string;
  /** Steps over a character. */
  readonly step: () => void;
  readonly skipBlanks: () => void;
  /** Steps over what matches here; empty where nothing does. */
  readonly take: (pattern: RegExp) => string;
  /** Reads a text in double quotes. */
  readonly text: () => string;
  readonly fail: (expected: string) => never;
}

const BLANKS = /[ \t\r\n]*/y;

/** A scanner at the beginning of a text that stands from `firstLine` on. */
export function openScanner(text: string, firstLine = 1): JsonScanner {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let line = firstLine;
  let lineStart = at;
  const place = (): { readonly line: number; readonly column: number } => ({
    line,
    column: at - lineStart + 1,
  });
  const fail = (expected: string): never => {
    const found =
      at < text.length
        ? JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0))
        : 'the end';
    throw new NotReadable(`expected ${expected}, found ${found}`, line, at - lineStart + 1);
  };
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  };
  return {
    place,
    fail,
    take,
    peek: () => text.charAt(at),
    step() {
      at += 1;
    },
    skipBlanks() {
      const start = at;
      const blanks = take(BLANKS);
      for (let next = blanks.indexOf('\n'); next >= 0; next = blanks.indexOf('\n', next + 1)) {
        line += 1;
        lineStart = start + next + 1;
      }
    },
    text() {
      const start = at;
      for (at += 1; text[at] !== '"'; at += 1) {
        if (at >= text.length || text[at] === '\n') fail('a " that closes the text');
        if (text[at] === '\\') at += 1;
      }
      at += 1;
      try {
        return String(JSON.parse(text.slice(start, at)));
      } catch {
        at = start;
        return fail('a text of JSON');
      }
    },
  };
}
