import { applyFilter, evaluate, givenOf, holds, noticeIfUndefined } from './jinja-evaluate.ts';
import { loopOf } from './jinja-functions.ts';
import { captured, print, printText } from './jinja-print.ts';
import { inner, lookUp, nested, type State, type TemplateFile, workAt } from './jinja-state.ts';
import type { Block, Expression, Parameter, Statement } from './jinja-syntax.ts';
import {
  type Callable,
  type Given,
  type Inner,
  isCallable,
  isList,
  isMap,
  itemsOf,
  kindOf,
  textOf,
  type Traced,
} from './jinja-values.ts';

type Of<Kind extends Statement['kind']> = Statement & { readonly kind: Kind };

/** How a block ended: at its end, or by a `break` or `continue` of the loop around it. */
type Ending = 'end' | 'break' | 'continue';

/** Prints a block. Throws RenderingCapError only. */
export function runBlock(block: Block, state: State): Ending {
  for (const statement of block) {
    state.output.step();
    const ending = runStatement(statement, state);
    if (ending !== 'end') return ending;
  }
  return 'end';
}

function runStatement(statement: Statement, state: State): Ending {
  switch (statement.kind) {
    case 'text':
      printText(statement.text, undefined, state);
      return 'end';
    case 'print':
      print(evaluate(statement.value, state), statement.at, state);
      return 'end';
    case 'if':
      return runIf(statement, state);
    case 'for':
      return runFor(statement, state);
    case 'set':
      runSet(statement, state);
      return 'end';
    case 'with':
      return runBlock(
        statement.body,
        inner(
          state,
          statement.names.map(([name, value]) => [name, evaluate(value, state)]),
        ),
      );
    case 'macro':
      state.frame.names.set(statement.name, {
        value: macro(statement.parameters, statement.body, state),
      });
      return 'end';
    case 'call-block':
      runCallBlock(statement, state);
      return 'end';
    case 'filter-block': {
      const printed = captured(state, (inside) => runBlock(statement.body, inner(inside)));
      print(applyFilter(printed, statement, state), statement.at, state);
      return 'end';
    }
    case 'include':
      runInclude(statement, state);
      return 'end';
    case 'import':
      runImport(statement, state);
      return 'end';
    case 'do':
      evaluate(statement.value, state);
      return 'end';
    case 'block':
      return runBlock(statement.body, state);
    case 'break':
    case 'continue':
      return statement.kind;
  }
}

/** The name that a macro prints the body of a `call` block by. */
const CALLER = 'caller';

function runCallBlock({ parameters, call, body, at }: Of<'call-block'>, state: State): void {
  const target = call.kind === 'call' ? evaluate(call.callee, state).value : null;
  if (call.kind !== 'call' || !isCallable(target)) return print(evaluate(call, state), at, state);
  const { plain, named } = givenOf(call.given, state);
  const caller: Traced = { value: macro(parameters, body, state) };
  print(target.call({ plain, named: new Map([...named, [CALLER, caller]]) }), at, state);
}

function runIf({ branches, otherwise, at }: Of<'if'>, state: State): Ending {
  for (const { condition, body } of branches)
    if (holds(evaluate(condition, state), at, state)) return runBlock(body, state);
  return runBlock(otherwise, state);
}

function runFor(loop: Of<'for'>, state: State): Ending {
  const whole = evaluate(loop.items, state);
  noticeIfUndefined(whole, loop.at, state);
  const work = workAt(state, loop.at);
  const all =
    isMap(whole.value) && loop.names.length > 1 ? [...whole.value] : itemsOf(whole.value, work);
  const bind = (item: Inner): readonly (readonly [string, Traced])[] =>
    unpacked(loop.names, { ...whole, value: item }, state, loop.at);
  const { only } = loop;
  const items =
    only === undefined
      ? all
      : all.filter((item) => holds(evaluate(only, inner(state, bind(item))), loop.at, state));
  if (items.length === 0) return runBlock(loop.otherwise, state);
  for (const [index, item] of items.entries()) {
    state.output.step();
    const pass = inner(state, [...bind(item), ['loop', { value: loopOf(items, index) }]]);
    if (runBlock(loop.body, pass) === 'break') break;
  }
  return 'end';
}

/** Names with the parts of a value: one has the whole. */
function unpacked(
  names: readonly string[],
  whole: Traced,
  state: State,
  at: number,
): readonly (readonly [string, Traced])[] {
  const [first, ...others] = names;
  if (first === undefined) return [];
  if (others.length === 0) return [[first, whole]];
  const parts = isList(whole.value) ? whole.value : itemsOf(whole.value, workAt(state, at));
  return names.map((name, index) => [
    name,
    { ...whole, value: parts[index] ?? { kind: 'undefined', name } },
  ]);
}

function runSet({ targets, value, at }: Of<'set'>, state: State): void {
  const given =
    'kind' in value
      ? evaluate(value, state)
      : captured(state, (inside) => runBlock(value, inner(inside)));
  const [only] = targets;
  if (targets.length === 1 && only !== undefined) return assign(only, given, state);
  const parts = itemsOf(given.value, workAt(state, at));
  for (const [index, target] of targets.entries())
    assign(target, { ...given, value: parts[index] ?? null }, state);
}

function assign(target: Expression, given: Traced, state: State): void {
  if (target.kind === 'name') {
    frameFor(target.name, state).names.set(target.name, given);
    return;
  }
  if (target.kind !== 'member' || target.object.kind !== 'name') return;
  const room = lookUp(state.frame, target.object.name)?.value;
  if (typeof room === 'object' && room !== null && 'kind' in room && room.kind === 'room')
    room.entries.set(target.key.kind === 'literal' ? String(target.key.value) : '', given);
  else
    workAt(state, target.at).unresolved(
      'unresolved-set',
      `${JSON.stringify(target.object.name)} is no namespace, so its parts cannot be set`,
    );
}

/** Where a name is set: in Jinja at the place itself, in Nunjucks where a loop's surroundings already have it. */
function frameFor(name: string, { frame, rendering }: State): State['frame'] {
  if (rendering.dialect === 'jinja') return frame;
  for (let at: State['frame'] | undefined = frame; at?.outer !== undefined; at = at.outer)
    if (at.names.has(name)) return at;
  return frame;
}

function macro(parameters: readonly Parameter[], body: Block, state: State): Callable {
  const call = (given: Given): Traced =>
    nested(state.rendering, () => {
      const names = parameters.map(({ name, fallback }, index): readonly [string, Traced] => {
        const value = given.named.get(name) ?? given.plain[index];
        if (value !== undefined) return [name, value];
        return [
          name,
          fallback === undefined
            ? { value: { kind: 'undefined', name } }
            : evaluate(fallback, state),
        ];
      });
      const caller = given.named.get(CALLER);
      const bound = caller === undefined ? names : [...names, [CALLER, caller] as const];
      return captured(inner(state, bound), (inside) => runBlock(body, inside));
    });
  return { kind: 'callable', call };
}

function fileNamed(
  name: Expression,
  mayMiss: boolean,
  at: number,
  state: State,
): TemplateFile | undefined {
  const { value } = evaluate(name, state);
  const work = workAt(state, at);
  const names = isList(value) ? value : [value];
  for (const one of names) {
    const file =
      kindOf(one) === 'undefined' ? undefined : state.file.includes.get(textOf(one, work));
    if (file !== undefined) return file;
  }
  if (!mayMiss && name.kind !== 'literal')
    state.rendering.noticed.add(
      'error',
      'unresolved-include',
      'an include is named by a value, so what it prints is not known; name it by its text',
      state.file.place(at),
    );
  return undefined;
}

function runInclude({ name, mayMiss, at }: Of<'include'>, state: State): void {
  const file = fileNamed(name, mayMiss, at, state);
  if (file !== undefined)
    nested(state.rendering, () => runBlock(file.block, { ...inner(state), file }));
}

function runImport({ name, as, names, at }: Of<'import'>, state: State): void {
  const file = fileNamed(name, false, at, state);
  if (file === undefined) return;
  const inside = inner(state);
  nested(state.rendering, () =>
    captured(inside, (there) => runBlock(file.block, { ...there, file })),
  );
  const found = inside.frame.names;
  if (as !== undefined) state.frame.names.set(as, { value: { kind: 'room', entries: found } });
  for (const [there, here] of names)
    state.frame.names.set(here, found.get(there) ?? { value: { kind: 'undefined', name: there } });
}
