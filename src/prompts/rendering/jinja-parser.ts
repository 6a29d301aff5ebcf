import { type Cursor, DEEPEST, openCursor } from './jinja-cursor.ts';
import { readArguments, readExpression, readOr, readSequence } from './jinja-expressions.ts';
import type { Arguments, Block, Expression, Parameter, Statement } from './jinja-syntax.ts';
import { type Segment, segmentsOf, type WhitespaceRules } from './jinja-tokens.ts';
import { TemplateSyntaxError } from './template-error.ts';

type Tag = Segment & { readonly kind: 'tag' | 'print' };

/** Walks the segments of a template. */
interface Walk {
  readonly segments: readonly Segment[];
  index: number;
  depth: number;
}

/** Reads what stands between a tag and the one that closes it. */
type Reader = (walk: Walk, cursor: Cursor, at: number) => Statement;

/** Parses a Jinja or Nunjucks template. Throws TemplateSyntaxError. */
export function parseJinja(template: string, rules: WhitespaceRules = {}): Block {
  const walk: Walk = { segments: segmentsOf(template, rules), index: 0, depth: 0 };
  const body = readUntil(walk, []);
  return body.block;
}

/** Statements up to one of the tags `ends`, whose words come along; up to the end where `ends` is empty. */
function readUntil(
  walk: Walk,
  ends: readonly string[],
  opened?: { readonly name: string; readonly at: number },
): { readonly block: Block; readonly end: string; readonly cursor: Cursor } {
  walk.depth += 1;
  const block: Statement[] = [];
  for (;;) {
    const segment = walk.segments[walk.index];
    walk.index += 1;
    if (segment === undefined) break;
    if (walk.depth > DEEPEST)
      throw new TemplateSyntaxError(`nests deeper than ${DEEPEST} levels`, segment.at);
    if (segment.kind === 'text') {
      block.push(segment);
      continue;
    }
    const cursor = openCursor(segment.tokens);
    if (segment.kind === 'print') {
      if (cursor.peek().kind === 'end') throw new TemplateSyntaxError('{{ }} is empty', segment.at);
      block.push({ kind: 'print', at: segment.at, value: readSequence(cursor) });
      cursor.end();
      continue;
    }
    const name = cursor.name();
    if (ends.includes(name)) {
      walk.depth -= 1;
      return { block, end: name, cursor };
    }
    block.push(readStatement(walk, name, cursor, segment));
  }
  if (opened !== undefined)
    throw new TemplateSyntaxError(
      `{% ${opened.name} %} has no {% ${ends.at(-1) ?? `end${opened.name}`} %}`,
      opened.at,
    );
  return { block, end: '', cursor: openCursor([]) };
}

function readStatement(walk: Walk, name: string, cursor: Cursor, tag: Tag): Statement {
  const read = READERS.get(name);
  if (read === undefined)
    throw new TemplateSyntaxError(
      /^(end|else|elif|elseif)/.test(name)
        ? `{% ${name} %} closes nothing that is open`
        : `unknown tag {% ${name} %}`,
      tag.at,
    );
  return read(walk, cursor, tag.at);
}

/** The statements up to `{% endname %}`. */
function bodyOf(walk: Walk, name: string, at: number): Block {
  return readUntil(walk, [`end${name}`], { name, at }).block;
}

function readIf(walk: Walk, first: Cursor, at: number): Statement {
  const branches: { readonly condition: Expression; readonly body: Block }[] = [];
  let cursor = first;
  for (;;) {
    const condition = readExpression(cursor);
    cursor.end();
    const {
      block,
      end,
      cursor: next,
    } = readUntil(walk, ['elif', 'elseif', 'else', 'endif'], { name: 'if', at });
    branches.push({ condition, body: block });
    if (end === 'endif') return { kind: 'if', at, branches, otherwise: [] };
    if (end === 'else') return { kind: 'if', at, branches, otherwise: bodyOf(walk, 'if', at) };
    cursor = next;
  }
}

function readFor(walk: Walk, cursor: Cursor, at: number): Statement {
  const names = namesOf(cursor);
  cursor.expect('in');
  const items = readOr(cursor);
  const only = cursor.take('if') ? readExpression(cursor) : undefined;
  cursor.take('recursive');
  cursor.end();
  const { block, end } = readUntil(walk, ['else', 'endfor'], { name: 'for', at });
  const otherwise = end === 'else' ? bodyOf(walk, 'for', at) : [];
  return { kind: 'for', at, names, items, body: block, otherwise, ...(only && { only }) };
}

/** Names with commas between them, with or without round brackets. */
function namesOf(cursor: Cursor): readonly string[] {
  const bracketed = cursor.take('(');
  const names = [cursor.name()];
  while (cursor.take(',')) if (!cursor.is(')') && !cursor.is('in')) names.push(cursor.name());
  if (bracketed) cursor.expect(')');
  return names;
}

function readSet(walk: Walk, cursor: Cursor, at: number): Statement {
  const targets: Expression[] = [];
  do {
    const target = cursor.peek();
    let place: Expression = { kind: 'name', at: target.at, name: cursor.name() };
    if (cursor.take('.'))
      place = {
        kind: 'member',
        at: target.at,
        object: place,
        key: { kind: 'literal', at: target.at, value: cursor.name() },
      };
    targets.push(place);
  } while (cursor.take(','));
  if (cursor.take('=')) {
    const value = readSequence(cursor);
    cursor.end();
    return { kind: 'set', at, targets, value };
  }
  const filters: { readonly name: string; readonly given: Arguments }[] = [];
  while (cursor.take('|')) filters.push({ name: cursor.name(), given: argumentsIf(cursor) });
  cursor.end();
  const body = bodyOf(walk, 'set', at);
  const value = filters.reduce<Block>(
    (inner, { name, given }) => [{ kind: 'filter-block', at, name, given, body: inner }],
    body,
  );
  return { kind: 'set', at, targets, value };
}

const argumentsIf = (cursor: Cursor): Arguments =>
  cursor.is('(') ? readArguments(cursor) : { plain: [], named: [] };

function parametersOf(cursor: Cursor): readonly Parameter[] {
  const parameters: Parameter[] = [];
  cursor.expect('(');
  while (!cursor.take(')')) {
    const name = cursor.name();
    parameters.push(cursor.take('=') ? { name, fallback: readExpression(cursor) } : { name });
    if (!cursor.is(')')) cursor.expect(',');
  }
  return parameters;
}

function readInclude(_walk: Walk, cursor: Cursor, at: number): Statement {
  const name = readExpression(cursor);
  const mayMiss = cursor.take('ignore') && cursor.take('missing');
  skipContext(cursor);
  cursor.end();
  return { kind: 'include', at, name, mayMiss };
}

/** `with context` and `without context`: macros see the variables of the call either way. */
function skipContext(cursor: Cursor): void {
  if (cursor.take('with') || cursor.take('without')) cursor.expect('context');
}

function readImport(_walk: Walk, cursor: Cursor, at: number): Statement {
  const name = readExpression(cursor);
  cursor.expect('as');
  const as = cursor.name();
  skipContext(cursor);
  cursor.end();
  return { kind: 'import', at, name, as, names: [] };
}

function readFrom(_walk: Walk, cursor: Cursor, at: number): Statement {
  const name = readExpression(cursor);
  cursor.expect('import');
  const names: (readonly [string, string])[] = [];
  do {
    if (cursor.is('with', 'context') || cursor.is('without', 'context')) break;
    const there = cursor.name();
    names.push([there, cursor.take('as') ? cursor.name() : there]);
  } while (cursor.take(','));
  skipContext(cursor);
  cursor.end();
  return { kind: 'import', at, name, names };
}

function readWith(walk: Walk, cursor: Cursor, at: number): Statement {
  const names: (readonly [string, Expression])[] = [];
  while (cursor.peek().kind !== 'end') {
    const name = cursor.name();
    cursor.expect('=');
    names.push([name, readExpression(cursor)]);
    if (!cursor.take(',')) cursor.end();
  }
  return { kind: 'with', at, names, body: bodyOf(walk, 'with', at) };
}

/** Blocks that print their body as it is: they steer escaping, or training, which prompts have not. */
const transparent =
  (name: string): Reader =>
  (walk, cursor, at) => {
    while (cursor.peek().kind !== 'end') cursor.next();
    return { kind: 'block', at, name, body: bodyOf(walk, name, at) };
  };

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['if', readIf],
  ['for', readFor],
  ['set', readSet],
  ['include', readInclude],
  ['import', readImport],
  ['from', readFrom],
  ['with', readWith],
  ['autoescape', transparent('autoescape')],
  ['generation', transparent('generation')],
  ['block', transparent('block')],
  [
    'macro',
    (walk, cursor, at) => {
      const name = cursor.name();
      const parameters = parametersOf(cursor);
      cursor.end();
      return { kind: 'macro', at, name, parameters, body: bodyOf(walk, 'macro', at) };
    },
  ],
  [
    'call',
    (walk, cursor, at) => {
      const parameters = cursor.is('(') ? parametersOf(cursor) : [];
      const call = readExpression(cursor);
      cursor.end();
      return { kind: 'call-block', at, parameters, call, body: bodyOf(walk, 'call', at) };
    },
  ],
  [
    'filter',
    (walk, cursor, at) => {
      const name = cursor.name();
      const given = argumentsIf(cursor);
      cursor.end();
      return { kind: 'filter-block', at, name, given, body: bodyOf(walk, 'filter', at) };
    },
  ],
  [
    'do',
    (_walk, cursor, at) => {
      const value = readExpression(cursor);
      cursor.end();
      return { kind: 'do', at, value };
    },
  ],
  [
    'break',
    (_walk, cursor, at) => {
      cursor.end();
      return { kind: 'break', at };
    },
  ],
  [
    'continue',
    (_walk, cursor, at) => {
      cursor.end();
      return { kind: 'continue', at };
    },
  ],
]);
