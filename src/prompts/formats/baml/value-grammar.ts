import type { TokenCursor } from './token-cursor.ts';
import type { Token } from './tokens.ts';

/** A value of a test, of a client's options, of a function's body. */
export type BamlValue =
  | {
      readonly kind: 'text' | 'word';
      readonly value: string;
      readonly line: number;
      /** Line that a text's content begins in. */
      readonly textLine: number;
    }
  | { readonly kind: 'list'; readonly items: readonly BamlValue[]; readonly line: number }
  | {
      readonly kind: 'map';
      readonly entries: ReadonlyMap<string, BamlValue>;
      readonly line: number;
    };

/** What `@description`, `@alias` and the like say. */
export interface Attributes {
  readonly description?: string;
  readonly alias?: string;
  readonly skip?: boolean;
  /** Code adds members while it runs. */
  readonly dynamic?: boolean;
}

/** Reads attributes of a member (`@`) or of a whole (`@@`). Throws BamlSyntaxError. */
export function readAttributes(cursor: TokenCursor, sign: '@' | '@@'): Attributes {
  let found: Attributes = {};
  while (cursor.isSign('@') && cursor.isSign('@', 1) === (sign === '@@')) {
    for (let passed = 0; passed < sign.length; passed += 1) cursor.expect('@');
    const name = cursor.name();
    const text = readArguments(cursor);
    if (name === 'description' && text !== undefined) found = { ...found, description: text };
    if (name === 'alias' && text !== undefined) found = { ...found, alias: text };
    if (name === 'skip') found = { ...found, skip: true };
    if (name === 'dynamic') found = { ...found, dynamic: true };
  }
  return found;
}

/** Passes `(…)` where it stands, giving the first text in it. */
function readArguments(cursor: TokenCursor): string | undefined {
  if (!cursor.isSign('(')) return undefined;
  return passBrackets(cursor, '(', ')').find(({ kind }) => kind === 'text')?.value;
}

/** Passes everything between two brackets, those inside of them too. */
function passBrackets(cursor: TokenCursor, opening: string, closing: string): readonly Token[] {
  const passed: Token[] = [];
  let open = 0;
  do {
    if (cursor.peek().kind === 'end') cursor.fail(`"${closing}"`);
    if (cursor.isSign(opening)) open += 1;
    if (cursor.isSign(closing)) open -= 1;
    passed.push(cursor.next());
  } while (open > 0);
  return passed;
}

/** Reads `{…}` of keys and values. Throws BamlSyntaxError. */
export function readEntries(cursor: TokenCursor): ReadonlyMap<string, BamlValue> {
  const entries = new Map<string, BamlValue>();
  cursor.expect('{');
  while (!cursor.take('}')) {
    if (cursor.isSign('@')) {
      readAttributes(cursor, cursor.isSign('@', 1) ? '@@' : '@');
      continue;
    }
    const key = cursor.peek().kind === 'text' ? cursor.next().value : cursor.name();
    cursor.take(':');
    // Types that a test adds are not those of the prompt.
    if (key === 'type_builder' && cursor.isSign('{')) passBrackets(cursor, '{', '}');
    else entries.set(key, readValue(cursor));
  }
  return entries;
}

const readValue = (cursor: TokenCursor): BamlValue =>
  cursor.deeper(() => {
    const { line, kind, textLine } = cursor.peek();
    if (cursor.isSign('{')) return { kind: 'map', entries: readEntries(cursor), line };
    if (cursor.take('[')) {
      const items: BamlValue[] = [];
      while (!cursor.take(']')) items.push(readValue(cursor));
      return { kind: 'list', items, line };
    }
    if (kind === 'text') return { kind, value: cursor.next().value, line, textLine };
    const minus = cursor.take('-') ? '-' : '';
    if (cursor.peek().kind !== 'word') cursor.fail('a value');
    return { kind: 'word', value: `${minus}${cursor.name()}`, line, textLine };
  });
