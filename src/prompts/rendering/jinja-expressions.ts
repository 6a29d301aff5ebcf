import { type Cursor, DEEPEST } from './jinja-cursor.ts';
import type { Arguments, Expression } from './jinja-syntax.ts';
import { TemplateSyntaxError } from './template-error.ts';

const COMPARISONS = ['==', '!=', '===', '!==', '<', '>', '<=', '>='];
const NONE: Arguments = { plain: [], named: [] };

/** Constants by the names that Jinja and Nunjucks give them. */
const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
  ['null', null],
]);

/** Reads one expression, with `a if b else c` as its loosest form. Throws TemplateSyntaxError. */
export const readExpression = (cursor: Cursor): Expression =>
  cursor.deeper(() => {
    const { at } = cursor.peek();
    const yes = readOr(cursor);
    if (!cursor.take('if')) return yes;
    const condition = readOr(cursor);
    return cursor.take('else')
      ? { kind: 'choice', at, condition, yes, no: readExpression(cursor) }
      : { kind: 'choice', at, condition, yes };
  });

/** An expression, or several with commas between them, which are a list. */
export function readSequence(cursor: Cursor): Expression {
  const { at } = cursor.peek();
  const first = readExpression(cursor);
  if (!cursor.is(',')) return first;
  const items = [first];
  while (cursor.take(',')) {
    if (cursor.is(')') || cursor.peek().kind === 'end') break;
    items.push(readExpression(cursor));
  }
  return { kind: 'list', at, items };
}

/** Reads operands with operators of one rank between them, from left to right. */
function readChain(
  cursor: Cursor,
  operand: (cursor: Cursor) => Expression,
  operator: (cursor: Cursor) => string | undefined,
): Expression {
  let left = operand(cursor);
  for (let length = 0; ; length += 1) {
    const { at } = cursor.peek();
    const sign = operator(cursor);
    if (sign === undefined) return left;
    if (length >= DEEPEST)
      throw new TemplateSyntaxError(`more than ${DEEPEST} operators in a row`, at);
    left = { kind: 'binary', at, operator: sign, left, right: operand(cursor) };
  }
}

const oneOf =
  (...signs: readonly string[]) =>
  (cursor: Cursor): string | undefined =>
    signs.find((sign) => cursor.take(sign));

/** An expression without a choice: what a loop goes over, whose `if` is its own. */
export const readOr = (cursor: Cursor): Expression => readChain(cursor, readAnd, oneOf('or'));

const readAnd = (cursor: Cursor): Expression => readChain(cursor, readNot, oneOf('and'));

function readNot(cursor: Cursor): Expression {
  const { at } = cursor.peek();
  if (cursor.is('not', 'in') || !cursor.take('not')) return readComparison(cursor);
  return cursor.deeper(() => ({ kind: 'unary', at, operator: 'not', operand: readNot(cursor) }));
}

const readComparison = (cursor: Cursor): Expression =>
  readChain(cursor, readSum, (at) => {
    if (!at.is('not', 'in')) return oneOf(...COMPARISONS, 'in')(at);
    at.next();
    at.next();
    return 'not in';
  });

const readSum = (cursor: Cursor): Expression =>
  readChain(cursor, readProduct, oneOf('+', '-', '~'));

const readProduct = (cursor: Cursor): Expression =>
  readChain(cursor, readPower, oneOf('*', '//', '/', '%'));

const readPower = (cursor: Cursor): Expression => readChain(cursor, readSigned, oneOf('**'));

function readSigned(cursor: Cursor): Expression {
  const { at } = cursor.peek();
  const operator = oneOf('-', '+')(cursor);
  if (operator === undefined) return readPostfix(cursor);
  return cursor.deeper(() => ({ kind: 'unary', at, operator, operand: readSigned(cursor) }));
}

/** A value with the members, calls, filters and tests that follow it. */
function readPostfix(cursor: Cursor): Expression {
  let value = readPrimary(cursor);
  for (let length = 0; ; length += 1) {
    const { at } = cursor.peek();
    if (length > DEEPEST)
      throw new TemplateSyntaxError(`more than ${DEEPEST} members or filters in a row`, at);
    if (cursor.take('.')) value = { kind: 'member', at, object: value, key: dotted(cursor) };
    else if (cursor.take('[')) value = readBrackets(cursor, value, at);
    else if (cursor.is('('))
      value = { kind: 'call', at: value.at, callee: value, given: readArguments(cursor) };
    else if (cursor.take('|'))
      value = {
        kind: 'filter',
        at,
        operand: value,
        name: dottedName(cursor),
        given: optional(cursor),
      };
    else if (cursor.take('is')) value = readTest(cursor, value, at);
    else return value;
  }
}

const optional = (cursor: Cursor): Arguments => (cursor.is('(') ? readArguments(cursor) : NONE);

const dottedName = (cursor: Cursor): string => {
  let name = cursor.name();
  while (cursor.take('.')) name += `.${cursor.name()}`;
  return name;
};

/** What follows a dot: a name, or the index of an item. */
function dotted(cursor: Cursor): Expression {
  const { at, kind, text } = cursor.peek();
  if (kind !== 'number') return { kind: 'literal', at, value: cursor.name() };
  cursor.next();
  return { kind: 'literal', at, value: Number(text) };
}

function readBrackets(cursor: Cursor, object: Expression, at: number): Expression {
  const part = (): Expression | undefined =>
    cursor.is(':') || cursor.is(']') ? undefined : readExpression(cursor);
  const start = part();
  if (start !== undefined && cursor.take(']')) return { kind: 'member', at, object, key: start };
  cursor.expect(':');
  const stop = part();
  const step = cursor.take(':') ? part() : undefined;
  cursor.expect(']');
  return {
    kind: 'slice',
    at,
    object,
    ...(start && { start }),
    ...(stop && { stop }),
    ...(step && { step }),
  };
}

/** `is defined`, `is not divisibleby(3)`, `is divisibleby 3`. */
function readTest(cursor: Cursor, operand: Expression, at: number): Expression {
  const negated = cursor.take('not');
  const name = cursor.name();
  const { kind, text } = cursor.peek();
  const bare =
    kind === 'string' ||
    kind === 'number' ||
    (kind === 'name' && !['and', 'or', 'else', 'if', 'is', 'in', 'not'].includes(text));
  const given = bare ? { plain: [readPrimary(cursor)], named: [] } : optional(cursor);
  return { kind: 'test', at, operand, name, given, negated };
}

/** Arguments in round brackets. */
export function readArguments(cursor: Cursor): Arguments {
  const plain: Expression[] = [];
  const named: (readonly [string, Expression])[] = [];
  cursor.expect('(');
  while (!cursor.take(')')) {
    if (
      cursor.peek().kind === 'name' &&
      cursor.peek(1).text === '=' &&
      cursor.peek(1).kind === 'operator'
    ) {
      const name = cursor.name();
      cursor.next();
      named.push([name, readExpression(cursor)]);
    } else plain.push(readExpression(cursor));
    if (!cursor.is(')')) cursor.expect(',');
  }
  return { plain, named };
}

function readPrimary(cursor: Cursor): Expression {
  const token = cursor.next();
  const { at, text } = token;
  switch (token.kind) {
    case 'number':
      return { kind: 'literal', at, value: Number(text.replaceAll('_', '')) };
    case 'string': {
      let value = text;
      while (cursor.peek().kind === 'string') value += cursor.next().text;
      return { kind: 'literal', at, value };
    }
    case 'name': {
      const constant = CONSTANTS.get(text);
      return constant === undefined
        ? { kind: 'name', at, name: text }
        : { kind: 'literal', at, value: constant };
    }
    case 'operator':
      if (text === '(') return readGroup(cursor, at);
      if (text === '[') return { kind: 'list', at, items: readItems(cursor, ']', readExpression) };
      if (text === '{') return { kind: 'map', at, entries: readItems(cursor, '}', readEntry) };
      break;
    case 'end':
      throw new TemplateSyntaxError('expected a value, found nothing', at);
  }
  throw new TemplateSyntaxError(`expected a value, found ${JSON.stringify(text)}`, at);
}

function readGroup(cursor: Cursor, at: number): Expression {
  if (cursor.take(')')) return { kind: 'list', at, items: [] };
  const value = readSequence(cursor);
  cursor.expect(')');
  return value;
}

function readItems<Item>(cursor: Cursor, close: string, read: (cursor: Cursor) => Item): Item[] {
  const items: Item[] = [];
  while (!cursor.take(close)) {
    items.push(read(cursor));
    if (!cursor.is(close)) cursor.expect(',');
  }
  return items;
}

function readEntry(cursor: Cursor): readonly [Expression, Expression] {
  const key = readExpression(cursor);
  cursor.expect(':');
  return [key, readExpression(cursor)];
}
