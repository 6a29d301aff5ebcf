import { openCursor, type TokenCursor } from './token-cursor.ts';
import { type Token, tokensOf } from './tokens.ts';
import { type BamlType, readType } from './type-grammar.ts';
import { type Attributes, type BamlValue, readAttributes, readEntries } from './value-grammar.ts';

/** One declaration of a file. Others (`generator`, `retry_policy`) say nothing about a prompt. */
export type Declaration = { readonly name: string; readonly line: number } & (
  | {
      readonly kind: 'class';
      readonly fields: readonly (Attributes & { readonly name: string; readonly type: BamlType })[];
      readonly attributes: Attributes;
    }
  | {
      readonly kind: 'enum';
      readonly values: readonly (Attributes & { readonly name: string })[];
      readonly attributes: Attributes;
    }
  | { readonly kind: 'alias'; readonly type: BamlType }
  | {
      readonly kind: 'function';
      readonly parameters: ReadonlyMap<string, BamlType>;
      readonly returns: BamlType;
      readonly body: ReadonlyMap<string, BamlValue>;
    }
  | {
      readonly kind: 'template';
      readonly parameters: ReadonlyMap<string, BamlType>;
      readonly text: Token;
    }
  | { readonly kind: 'client' | 'test'; readonly body: ReadonlyMap<string, BamlValue> }
);

/** Declarations of a BAML file (docs.boundaryml.com/ref/baml, 2026-11-22). Throws BamlSyntaxError. */
export function declarationsOf(text: string): readonly Declaration[] {
  const cursor = openCursor(tokensOf(text));
  const found: Declaration[] = [];
  while (cursor.peek().kind !== 'end') {
    const declaration = readDeclaration(cursor);
    if (declaration !== undefined) found.push(declaration);
  }
  return found;
}

function readDeclaration(cursor: TokenCursor): Declaration | undefined {
  const { value: keyword, line } = cursor.peek();
  if (cursor.name() === 'client' && cursor.take('<')) {
    cursor.name();
    cursor.expect('>');
  }
  const name = cursor.name();
  switch (keyword) {
    case 'class': {
      const { members, attributes } = readMembers(cursor, () => {
        const field = { name: cursor.name(), type: readType(cursor) };
        return { ...field, ...readAttributes(cursor, '@') };
      });
      return { kind: 'class', name, line, fields: members, attributes };
    }
    case 'enum': {
      const { members, attributes } = readMembers(cursor, () => {
        const value = { name: cursor.name() };
        return { ...value, ...readAttributes(cursor, '@') };
      });
      return { kind: 'enum', name, line, values: members, attributes };
    }
    case 'type':
      cursor.expect('=');
      return { kind: 'alias', name, line, type: readType(cursor) };
    case 'function': {
      const parameters = readParameters(cursor);
      cursor.expect('-');
      cursor.expect('>');
      const returns = readType(cursor);
      readAttributes(cursor, '@');
      return { kind: 'function', name, line, parameters, returns, body: readEntries(cursor) };
    }
    case 'template_string': {
      const parameters = readParameters(cursor);
      if (cursor.peek().kind !== 'text') cursor.fail('#"…"#');
      return { kind: 'template', name, line, parameters, text: cursor.next() };
    }
    case 'client':
    case 'test':
      // A test may have brackets behind its name, as functions have.
      readParameters(cursor);
      return { kind: keyword, name, line, body: readEntries(cursor) };
    default:
      readEntries(cursor);
      return undefined;
  }
}

/** Reads `{…}` member by member, with the attributes of the whole that stand between them. */
function readMembers<Member>(
  cursor: TokenCursor,
  read: () => Member,
): { readonly members: readonly Member[]; readonly attributes: Attributes } {
  const members: Member[] = [];
  let attributes: Attributes = {};
  cursor.expect('{');
  while (!cursor.take('}'))
    if (cursor.isSign('@')) {
      if (!cursor.isSign('@', 1)) cursor.fail('a name');
      attributes = { ...attributes, ...readAttributes(cursor, '@@') };
    } else members.push(read());
  return { members, attributes };
}

function readParameters(cursor: TokenCursor): ReadonlyMap<string, BamlType> {
  const parameters = new Map<string, BamlType>();
  if (!cursor.take('(')) return parameters;
  while (!cursor.take(')')) {
    const name = cursor.name();
    parameters.set(name, cursor.take(':') ? readType(cursor) : { kind: 'name', name: 'string' });
  }
  return parameters;
}
