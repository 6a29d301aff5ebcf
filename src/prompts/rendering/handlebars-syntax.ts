import Handlebars from 'handlebars';
import type { Origin } from '../../errors.ts';
import { quote } from '../../errors.ts';
import type { TemplateText } from './engine.ts';

/** Statements of one body, and the names it gives to what it is called with (`as |item index|`). */
export interface Body {
  readonly statements: readonly Statement[];
  readonly parameters: readonly string[];
}

/** One file of a template. */
export interface HandlebarsFile {
  readonly file: string;
  readonly body: Body;
}

/** Where a name is looked up: `../user.name` is depth 1 and two parts, `this` is no part at all. */
export interface Path {
  readonly kind: 'path';
  /** As it is written. */
  readonly original: string;
  readonly parts: readonly string[];
  readonly depth: number;
  /** It begins with `@`. */
  readonly data: boolean;
  /** It begins with `this` or `.`, so that it names neither a helper nor a parameter of a block. */
  readonly scoped: boolean;
  readonly origin: Origin;
}

/** A name with what it is given: a helper's call, or a variable where nothing is given. */
export interface Call {
  readonly kind: 'call';
  readonly path: Path;
  readonly plain: readonly Expression[];
  readonly named: readonly (readonly [string, Expression])[];
  readonly origin: Origin;
}

/** What has a value. `undefined` is a literal of the language. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null | undefined }
  | Path
  | Call;

/** One statement; comments and whitespace that the language takes away are gone. */
export type Statement =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly call: Call }
  | {
      readonly kind: 'block';
      readonly call: Call;
      readonly body: Body | undefined;
      readonly otherwise: Body | undefined;
    }
  | {
      readonly kind: 'partial';
      /** Its name; an expression where the template works it out. */
      readonly name: string | Expression;
      readonly context: Expression | undefined;
      readonly named: readonly (readonly [string, Expression])[];
      /** Whitespace before it where it stands alone in its line: every line of it gets that. */
      readonly indent: string;
      /** What is printed where there is no such partial, and what `@partial-block` is. */
      readonly block: Body | undefined;
      readonly origin: Origin;
    }
  | { readonly kind: 'inline-partial'; readonly name: string; readonly body: Body };

/** A template taken apart, or why it cannot be; `origin` has the line. */
export type HandlebarsText =
  | { readonly kind: 'body'; readonly body: Body }
  | { readonly kind: 'broken'; readonly message: string; readonly origin: Origin };

/** Blocks and brackets inside each other; the library's parser takes the square of it in time, and one call for each. */
const MOST_NESTED = 200;

/** Parses a template with the library's parser, which compiles and runs nothing. */
export function parseHandlebarsText(source: TemplateText): HandlebarsText {
  const { file, line = 1 } = source.origin;
  const originAt: OriginAt = (row, column) =>
    source.escaped === true
      ? { file, line }
      : { file, line: line + row - 1, ...(column === undefined ? {} : { column: column + 1 }) };
  const deep = nestedTooDeeply(source.text);
  if (deep !== undefined)
    return {
      kind: 'broken',
      message: `nests blocks or brackets more than ${MOST_NESTED} deep`,
      origin: originAt(deep),
    };
  try {
    return { kind: 'body', body: bodyOf(programOf(source.text), originAt) };
  } catch (error) {
    return { kind: 'broken', ...syntaxError(error, originAt) };
  }
}

/** Texts parsed lately. A text is asked for its partials and then parsed, and thousands of prompts share a partial. */
const parsedLately = new Map<string, hbs.AST.Program>();
const MOST_REMEMBERED = 100;
const LONGEST_REMEMBERED = 100_000;

/** The library takes a millisecond for a page of text, so that nothing is parsed twice in a row. */
function programOf(text: string): hbs.AST.Program {
  const known = parsedLately.get(text);
  parsedLately.delete(text);
  const program = known ?? Handlebars.parse(text);
  if (text.length <= LONGEST_REMEMBERED) parsedLately.set(text, program);
  const [oldest] = parsedLately.keys();
  if (parsedLately.size > MOST_REMEMBERED && oldest !== undefined) parsedLately.delete(oldest);
  return program;
}

type OriginAt = (line: number, column?: number) => Origin;

/** The line where nesting goes past its cap; read from the tokens alone, so that it takes one pass whatever the text is. */
function nestedTooDeeply(text: string): number | undefined {
  let blocks = 0;
  let brackets = 0;
  let inside = false;
  for (const { 0: token, index } of text.matchAll(/\{\{~?[#^/]?|\}\}|[()]/g)) {
    if (token.startsWith('{{')) {
      inside = true;
      brackets = 0;
      if (token.endsWith('/')) blocks = Math.max(0, blocks - 1);
      else if (token.endsWith('#') || (token.endsWith('^') && text[index + token.length] !== '}'))
        blocks += 1;
    } else if (token === '}}') inside = false;
    else if (inside) brackets += token === '(' ? 1 : -1;
    if (blocks > MOST_NESTED || brackets > MOST_NESTED)
      return text.slice(0, index).split('\n').length;
  }
  return undefined;
}

/** The library's message without its drawing; its line is in the text of a parse error, a field of others. */
function syntaxError(
  error: unknown,
  originAt: OriginAt,
): { readonly message: string; readonly origin: Origin } {
  const text = error instanceof Error ? error.message : String(error);
  const parse = /^(?:Parse|Lexical) error on line (\d+)[^\n]*\n([^\n]*)/.exec(text);
  if (parse !== null)
    return {
      message: `is no Handlebars template near ${quote(parse[2]?.slice(-30).trim())}`,
      origin: originAt(Number(parse[1])),
    };
  const placed = /^(.*) - (\d+):(\d+)$/s.exec(text);
  if (placed !== null)
    return {
      message: `is no Handlebars template: ${placed[1]}`,
      origin: originAt(Number(placed[2]), Number(placed[3])),
    };
  return { message: `is no Handlebars template: ${text}`, origin: originAt(1) };
}

function bodyOf(program: hbs.AST.Program, originAt: OriginAt): Body {
  return {
    statements: program.body.flatMap((statement) => statementOf(statement, originAt) ?? []),
    parameters: program.blockParams ?? [],
  };
}

/** The parser leaves out bodies, parameters and hashes that a template does not write, whatever its types say. */
const maybeBody = (program: hbs.AST.Program | undefined, originAt: OriginAt): Body | undefined =>
  program === undefined || program === null ? undefined : bodyOf(program, originAt);

const is =
  <T extends hbs.AST.Node>(type: string) =>
  (node: hbs.AST.Node): node is T =>
    node.type === type;
const isText = is<hbs.AST.ContentStatement>('ContentStatement');
const isPrint = is<hbs.AST.MustacheStatement>('MustacheStatement');
const isBlock = is<hbs.AST.BlockStatement>('BlockStatement');
const isPartial = is<hbs.AST.PartialStatement>('PartialStatement');
const isPartialBlock = is<hbs.AST.PartialBlockStatement>('PartialBlockStatement');
const isInline = is<hbs.AST.DecoratorBlock>('DecoratorBlock');
const isPath = is<hbs.AST.PathExpression>('PathExpression');
const isSubExpression = is<hbs.AST.SubExpression>('SubExpression');
const isString = is<hbs.AST.StringLiteral>('StringLiteral');
const isNumber = is<hbs.AST.NumberLiteral>('NumberLiteral');
const isBoolean = is<hbs.AST.BooleanLiteral>('BooleanLiteral');
const isNull = is<hbs.AST.NullLiteral>('NullLiteral');

function statementOf(node: hbs.AST.Statement, originAt: OriginAt): Statement | undefined {
  if (isText(node)) return { kind: 'text', text: node.value };
  if (isPrint(node)) return { kind: 'print', call: callOf(node, originAt) };
  if (isBlock(node))
    return {
      kind: 'block',
      call: callOf(node, originAt),
      body: maybeBody(node.program, originAt),
      otherwise: maybeBody(node.inverse, originAt),
    };
  if (isPartial(node) || isPartialBlock(node)) return partialOf(node, originAt);
  if (isInline(node)) {
    const name = node.params?.[0];
    return {
      kind: 'inline-partial',
      name: name !== undefined && isString(name) ? name.value : '',
      body: bodyOf(node.program, originAt),
    };
  }
  return undefined;
}

function partialOf(
  node: hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement,
  originAt: OriginAt,
): Statement {
  const context = node.params?.[0];
  return {
    kind: 'partial',
    name: isSubExpression(node.name) ? expressionOf(node.name, originAt) : nameOf(node.name),
    context: context === undefined ? undefined : expressionOf(context, originAt),
    named: namedOf(node.hash, originAt),
    indent: isPartial(node) ? node.indent : '',
    block: isPartialBlock(node) ? bodyOf(node.program, originAt) : undefined,
    origin: originAt(node.loc.start.line, node.loc.start.column),
  };
}

/** A partial's name may be a path (`parts/header`), a text or a number. */
const nameOf = (node: hbs.AST.PathExpression | hbs.AST.Literal): string =>
  isPath(node) || isString(node) || isNumber(node) ? String(node.original) : '';

/** A text or number where a name stands names a variable: `{{"first name"}}`. */
function pathOf(node: hbs.AST.Expression, originAt: OriginAt): Path {
  const origin = originAt(node.loc.start.line, node.loc.start.column);
  if (isPath(node))
    return {
      kind: 'path',
      original: node.original,
      parts: node.parts,
      depth: node.depth,
      data: node.data,
      scoped: /^(?:\.|this\b)/.test(node.original),
      origin,
    };
  const original = isString(node)
    ? node.value
    : isNumber(node) || isBoolean(node)
      ? String(node.value)
      : isNull(node)
        ? 'null'
        : 'undefined';
  return {
    kind: 'path',
    original,
    parts: [original],
    depth: 0,
    data: false,
    scoped: false,
    origin,
  };
}

function callOf(
  node: hbs.AST.MustacheStatement | hbs.AST.BlockStatement | hbs.AST.SubExpression,
  originAt: OriginAt,
): Call {
  return {
    kind: 'call',
    path: pathOf(node.path, originAt),
    plain: (node.params ?? []).map((param) => expressionOf(param, originAt)),
    named: namedOf(node.hash, originAt),
    origin: originAt(node.loc.start.line, node.loc.start.column),
  };
}

const namedOf = (
  hash: hbs.AST.Hash | undefined,
  originAt: OriginAt,
): readonly (readonly [string, Expression])[] =>
  (hash?.pairs ?? []).map(({ key, value }) => [key, expressionOf(value, originAt)] as const);

function expressionOf(node: hbs.AST.Expression, originAt: OriginAt): Expression {
  if (isSubExpression(node)) return callOf(node, originAt);
  if (isPath(node)) return pathOf(node, originAt);
  if (isString(node) || isNumber(node) || isBoolean(node))
    return { kind: 'literal', value: node.value };
  return { kind: 'literal', value: isNull(node) ? null : undefined };
}
