import { TemplateSyntaxError } from './template-error.ts';
import type { Token } from './jinja-tokens.ts';

/** Deepest nesting of brackets, and longest chain of operators, that an expression may have. */
export const DEEPEST = 200;

/** Walks the words of one tag. */
export interface Cursor {
  readonly peek: (ahead?: number) => Token;
  readonly next: () => Token;
  /** Steps over an operator or name with that text, if it is next. */
  readonly take: (text: string) => boolean;
  readonly is: (...texts: readonly string[]) => boolean;
  /** As `take`; throws when something else is next. */
  readonly expect: (text: string) => Token;
  readonly name: () => string;
  readonly end: () => void;
  /** Runs what reads one level deeper. Throws past DEEPEST levels. */
  readonly deeper: <Read>(read: () => Read) => Read;
}

/** A cursor before the first of words that end with one of kind `end`. */
export function openCursor(tokens: readonly Token[]): Cursor {
  let index = 0;
  let depth = 0;
  const last: Token = tokens.at(-1) ?? { kind: 'end', text: '', at: 0 };
  const peek = (ahead = 0): Token => tokens[index + ahead] ?? last;
  const found = (token: Token): string =>
    token.kind === 'string' ? 'a string' : JSON.stringify(token.text);
  const is = (...texts: readonly string[]): boolean =>
    texts.every((text, ahead) => {
      const token = peek(ahead);
      return token.text === text && (token.kind === 'operator' || token.kind === 'name');
    });
  const next = (): Token => {
    const token = peek();
    index += 1;
    return token;
  };
  return {
    peek,
    next,
    is,
    take(text) {
      const there = is(text);
      if (there) index += 1;
      return there;
    },
    expect(text) {
      if (is(text)) return next();
      throw new TemplateSyntaxError(
        `expected ${JSON.stringify(text)}, found ${found(peek())}`,
        peek().at,
      );
    },
    name() {
      if (peek().kind === 'name') return next().text;
      throw new TemplateSyntaxError(`expected a name, found ${found(peek())}`, peek().at);
    },
    end() {
      if (peek().kind === 'end') return;
      throw new TemplateSyntaxError(`unexpected ${found(peek())}`, peek().at);
    },
    deeper(read) {
      depth += 1;
      if (depth > DEEPEST)
        throw new TemplateSyntaxError(`nests deeper than ${DEEPEST} levels`, peek().at);
      const result = read();
      depth -= 1;
      return result;
    },
  };
}
