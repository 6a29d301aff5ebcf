import { BamlSyntaxError, type Token } from './tokens.ts';

/** Deepest nesting of types and values. */
const DEEPEST = 100;

/** A place in the words of a file, which moves as they are read. */
export interface TokenCursor {
  readonly peek: () => Token;
  readonly next: () => Token;
  /** Whether a sign stands here, or `ahead` words from here. */
  readonly isSign: (sign: string, ahead?: number) => boolean;
  /** Passes a sign where it stands here. */
  readonly take: (sign: string) => boolean;
  /** Passes a sign; throws BamlSyntaxError where it does not stand here. */
  readonly expect: (sign: string) => void;
  /** Passes a name; throws BamlSyntaxError where there is none. */
  readonly name: () => string;
  /** Throws BamlSyntaxError with what was found here. */
  readonly fail: (expected: string) => never;
  /** Reads what is one level further in; throws BamlSyntaxError past a depth that nobody writes. */
  readonly deeper: <Result>(read: () => Result) => Result;
}

/** A cursor before the first of some words. */
export function openCursor(tokens: readonly Token[]): TokenCursor {
  const end = tokens.at(-1) ?? { kind: 'end', value: '', line: 1, textLine: 1 };
  let at = 0;
  let depth = 0;
  const peek = (): Token => tokens[at] ?? end;
  const isSign: TokenCursor['isSign'] = (sign, ahead = 0) => {
    const token = tokens[at + ahead];
    return token?.kind === 'sign' && token.value === sign;
  };
  const fail: TokenCursor['fail'] = (expected) => {
    const { kind, value, line } = peek();
    const found = kind === 'end' ? 'the end' : JSON.stringify(value.slice(0, 40));
    throw new BamlSyntaxError(`expected ${expected}, found ${found}`, line);
  };
  const next = (): Token => {
    const token = peek();
    at += 1;
    return token;
  };
  const take: TokenCursor['take'] = (sign) => {
    const stands = isSign(sign);
    if (stands) at += 1;
    return stands;
  };
  return {
    peek,
    next,
    isSign,
    take,
    fail,
    expect(sign) {
      if (!take(sign)) fail(`"${sign}"`);
    },
    name: () => (peek().kind === 'word' ? next().value : fail('a name')),
    deeper(read) {
      depth += 1;
      if (depth > DEEPEST) fail(`no more than ${DEEPEST} levels`);
      const result = read();
      depth -= 1;
      return result;
    },
  };
}
