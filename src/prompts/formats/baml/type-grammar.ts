import type { TokenCursor } from './token-cursor.ts';

/** A type as a file writes it. */
export type BamlType =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'list'; readonly item: BamlType }
  | { readonly kind: 'map'; readonly key: BamlType; readonly value: BamlType }
  | { readonly kind: 'union'; readonly items: readonly BamlType[] };

/** Reads a type: `string?`, `(A | "text")[]`, `map<string, int>`. Throws BamlSyntaxError. */
export const readType = (cursor: TokenCursor): BamlType =>
  cursor.deeper(() => {
    const items = [readPostfix(cursor)];
    while (cursor.take('|')) items.push(readPostfix(cursor));
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { kind: 'union', items };
  });

function readPostfix(cursor: TokenCursor): BamlType {
  let type = readPrimary(cursor);
  for (;;)
    if (cursor.isSign('[') && cursor.isSign(']', 1)) {
      cursor.expect('[');
      cursor.expect(']');
      type = { kind: 'list', item: type };
    } else if (cursor.take('?'))
      type = { kind: 'union', items: [type, { kind: 'name', name: 'null' }] };
    else return type;
}

function readPrimary(cursor: TokenCursor): BamlType {
  if (cursor.take('(')) {
    const inside = readType(cursor);
    cursor.expect(')');
    return inside;
  }
  if (cursor.peek().kind === 'text')
    return { kind: 'literal', text: JSON.stringify(cursor.next().value) };
  const name = cursor.name();
  if (name === 'map' && cursor.take('<')) {
    const key = readType(cursor);
    const value = readType(cursor);
    cursor.expect('>');
    return { kind: 'map', key, value };
  }
  return /^(?:\d|true$|false$)/.test(name)
    ? { kind: 'literal', text: name }
    : { kind: 'name', name };
}
