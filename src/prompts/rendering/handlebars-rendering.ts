import type { Origin } from '../../errors.ts';
import { quote } from '../../errors.ts';
import type { Finding } from '../finding.ts';
import { choose, each, type HelperCall } from './handlebars-helpers.ts';
import {
  evaluatePath,
  type HandlebarsInput,
  type InlinePartial,
  type State,
  stateInside,
} from './handlebars-state.ts';
import type {
  Body,
  Call,
  Expression,
  HandlebarsFile,
  Path,
  Statement,
} from './handlebars-syntax.ts';
import * as value from './handlebars-values.ts';
import type { Traced } from './handlebars-values.ts';
import { indented } from './indented-output.ts';
import { openNoticed } from './noticed.ts';
import { RenderingCapError } from './output.ts';

/** Most partials, and most bodies of any kind, inside of each other. */
const MOST_PARTIALS = 50;
const MOST_BODIES = 400;

/** Thrown where partials print each other without end. */
class EndlessPartials extends Error {}

/** Prints a template. Throws RenderingCapError only; partials without end are an error finding. */
export function renderHandlebars(
  { file, body }: HandlebarsFile,
  input: HandlebarsInput,
): readonly Finding[] {
  const noticed = openNoticed();
  const top = value.topContext(input.values);
  const state: State = {
    rendering: { ...input, noticed, top },
    output: input.output,
    file,
    textFrom: undefined,
    context: top,
    outer: undefined,
    data: { names: new Map([['root', top]]), outer: undefined },
    parameters: new Map(),
    inline: new Map(),
    partials: [],
    depth: 0,
  };
  try {
    printBody(body, state);
  } catch (error) {
    if (error instanceof RangeError) throw new RenderingCapError('nests too deeply to be rendered');
    if (!(error instanceof EndlessPartials)) throw error;
  }
  return noticed.findings();
}

function printBody(body: Body, around: State): void {
  if (around.depth > MOST_BODIES)
    throw new RenderingCapError(
      `has more than ${MOST_BODIES} blocks and partials inside of each other`,
    );
  const inline = new Map(around.inline);
  const state: State = { ...around, inline, depth: around.depth + 1 };
  defineInline(body, state, inline);
  for (const statement of body.statements) {
    state.output.step();
    printStatement(statement, state);
  }
}

/** Partials that a body defines hold in all of it, and in the partial whose block it is. */
function defineInline(
  { statements }: Body,
  state: State,
  inline: Map<string, InlinePartial>,
): void {
  for (const statement of statements)
    if (statement.kind === 'inline-partial')
      inline.set(statement.name, { body: statement.body, state });
}

function printStatement(statement: Statement, state: State): void {
  switch (statement.kind) {
    case 'text':
      state.output.text(statement.text, state.textFrom);
      break;
    case 'print': {
      const { origin } = statement.call;
      const printed = evaluateCall(statement.call, state, 'printed');
      if (printed !== undefined)
        value.printValue(printed, { ...state, noticed: state.rendering.noticed, origin });
      break;
    }
    case 'block':
      printBlock(statement, state);
      break;
    case 'partial':
      printPartial(statement, state);
      break;
    case 'inline-partial':
      break;
  }
}

/** A variable, what a helper gives, or a finding where there is no such helper. */
function evaluateCall(call: Call, state: State, use: 'printed' | 'tested'): Traced | undefined {
  const helper = helperOf(call.path, state);
  if (helper !== undefined) return helper.run(helperCall(call, state));
  if (call.plain.length === 0 && call.named.length === 0)
    return evaluatePath(call.path, state, use);
  unresolvedCall(call, state);
  return undefined;
}

function unresolvedCall({ path, origin }: Call, { rendering }: State): void {
  rendering.noticed.add(
    'warning',
    'unresolved-call',
    `calls ${quote(path.original)}, which is not known here, so nothing is counted for it`,
    origin,
  );
}

function helperOf({ parts, depth, data, scoped, original }: Path, state: State) {
  if (parts.length !== 1 || depth > 0 || data || scoped) return undefined;
  return state.parameters.has(original) ? undefined : state.rendering.helpers.get(original);
}

function helperCall(
  call: Call,
  state: State,
  bodies: { readonly body?: Body | undefined; readonly otherwise?: Body | undefined } = {},
): HelperCall {
  const use = helperOf(call.path, state)?.asks === true ? 'tested' : 'printed';
  const evaluate = (expression: Expression): Traced => evaluateExpression(expression, state, use);
  const { body, otherwise } = bodies;
  return {
    plain: call.plain.map(evaluate),
    named: new Map(call.named.map(([name, given]) => [name, evaluate(given)])),
    body: (inside = {}) => {
      if (body !== undefined) printBody(body, stateInside(state, body, inside));
    },
    otherwise: () => {
      if (otherwise !== undefined) printBody(otherwise, state);
    },
    context: state.context,
    output: state.output,
    noticed: state.rendering.noticed,
    origin: call.origin,
  };
}

function evaluateExpression(
  expression: Expression,
  state: State,
  use: 'printed' | 'tested',
): Traced {
  switch (expression.kind) {
    case 'literal':
      return { value: expression.value };
    case 'path':
      return evaluatePath(expression, state, use);
    case 'call':
      return evaluateCall(expression, state, use) ?? { value: undefined };
  }
}

/** A block of a helper, or of a variable: over a list, inside of an object, or where it is true. */
function printBlock(block: Statement & { readonly kind: 'block' }, state: State): void {
  const { call, body, otherwise } = block;
  const bodies = { body, otherwise };
  const helper = helperOf(call.path, state);
  if (helper !== undefined) {
    const printed = helper.run(helperCall(call, state, bodies));
    const { noticed } = state.rendering;
    if (printed !== undefined)
      value.printValue(printed, { ...state, noticed, origin: call.origin });
    return;
  }
  if (call.plain.length > 0 || call.named.length > 0) {
    unresolvedCall(call, state);
    return;
  }
  const context = evaluatePath(call.path, state, 'tested');
  const given: HelperCall = { ...helperCall(call, state, bodies), plain: [context] };
  if (value.isList(context.value)) each(given);
  else if (context.value === undefined || context.value === null || context.value === false)
    given.otherwise();
  else if (context.value === true) choose(given, true);
  else given.body({ context });
}

function printPartial(statement: Statement & { readonly kind: 'partial' }, state: State): void {
  const name = partialName(statement.name, state);
  const { block, origin } = statement;
  const own = name === undefined ? undefined : state.inline.get(name);
  const file = name === undefined || own ? undefined : state.rendering.partial(name, state.file);
  if (name === undefined || (own === undefined && file === undefined)) {
    if (block !== undefined) printBody(block, state);
    else if (typeof statement.name !== 'string')
      state.rendering.noticed.add(
        'warning',
        'unresolved-include',
        `names the partial ${quote(name)} by a call, which cannot be followed, so nothing is counted for it`,
        origin,
      );
    return;
  }
  const partials = [...state.partials, file?.file ?? name];
  if (partials.length > MOST_PARTIALS) endless(partials, state, origin);
  const given =
    statement.context === undefined
      ? state.context
      : evaluateExpression(statement.context, state, 'printed');
  const context = value.withMembers(
    given,
    new Map(
      statement.named.map(
        ([key, item]) => [key, evaluateExpression(item, state, 'printed')] as const,
      ),
    ),
  );
  const inline = new Map((own?.state ?? state).inline);
  if (block !== undefined) {
    inline.set('@partial-block', { body: block, state });
    defineInline(block, state, inline);
  }
  printBody((own ?? file ?? { body: { statements: [], parameters: [] } }).body, {
    ...state,
    ...(own === undefined ? {} : { file: own.state.file, textFrom: own.state.textFrom }),
    ...(file === undefined ? {} : { file: file.file, textFrom: { origin: { file: file.file } } }),
    output: statement.indent === '' ? state.output : indented(state.output, statement.indent),
    context,
    outer: context === state.context ? state.outer : state,
    parameters: own === undefined ? new Map() : state.parameters,
    inline,
    partials,
  });
}

function partialName(name: string | Expression, state: State): string | undefined {
  if (typeof name === 'string') return name;
  const { value: worked } = evaluateExpression(name, state, 'printed');
  return typeof worked === 'string' ? worked : undefined;
}

/** Ends the rendering with the circle as a finding: what it prints has no size. */
function endless(partials: readonly string[], { rendering }: State, origin: Origin): never {
  const last = partials.at(-1) ?? '';
  const before = partials.lastIndexOf(last, -2);
  const circle = before < 0 ? partials : partials.slice(before);
  rendering.noticed.add(
    'error',
    'include-cycle',
    `${quote(last)} includes itself: ${circle.join(' → ')}`,
    origin,
  );
  throw new EndlessPartials();
}
