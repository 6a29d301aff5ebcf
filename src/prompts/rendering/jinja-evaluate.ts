import { filterNamed } from './jinja-filters.ts';
import { builtIn, callMethod } from './jinja-functions.ts';
import { binary, negative } from './jinja-operators.ts';
import { member, nameOf, sliced } from './jinja-members.ts';
import { valuesOf } from './jinja-host.ts';
import { concatenated } from './jinja-print.ts';
import { lookUp, type State, workAt } from './jinja-state.ts';
import type { Arguments, Expression } from './jinja-syntax.ts';
import { TESTS } from './jinja-tests.ts';
import { KEEP_SIZE } from './jinja-text-filters.ts';
import {
  type Given,
  type Inner,
  isCallable,
  isList,
  isTruthy,
  kindOf,
  sourceOf,
  textOf,
  type Traced,
} from './jinja-values.ts';

type Of<Kind extends Expression['kind']> = Expression & { readonly kind: Kind };

/** The value of an expression. Throws RenderingCapError only. */
export function evaluate(expression: Expression, state: State): Traced {
  state.output.step();
  switch (expression.kind) {
    case 'literal':
      return { value: expression.value };
    case 'name':
      return (
        lookUp(state.frame, expression.name) ?? {
          value: { kind: 'undefined', name: expression.name },
        }
      );
    case 'list':
      return combined(
        expression.items.map((item) => evaluate(item, state)),
        (items) => items,
      );
    case 'map':
      return evaluateMap(expression, state);
    case 'member':
      return evaluateMember(expression, state);
    case 'slice':
      return evaluateSlice(expression, state);
    case 'call':
      return evaluateCall(expression, state);
    case 'filter':
      return applyFilter(evaluate(expression.operand, state), expression, state);
    case 'test':
      return evaluateTest(expression, state);
    case 'unary': {
      const operand = evaluate(expression.operand, state);
      if (expression.operator === 'not')
        return { ...operand, value: !holds(operand, expression.at, state) };
      return {
        ...operand,
        value: expression.operator === '-' ? negative(operand.value) : operand.value,
      };
    }
    case 'binary':
      return evaluateBinary(expression, state);
    case 'choice':
      if (holds(evaluate(expression.condition, state), expression.at, state))
        return evaluate(expression.yes, state);
      return expression.no === undefined ? { value: '' } : evaluate(expression.no, state);
  }
}

/** Whether a condition holds. A name without a value does not, and is a finding. */
export function holds({ value }: Traced, at: number, { rendering, file }: State): boolean {
  if (typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'undefined')
    rendering.noticed.undefinedVariable(value.name, file.place(at), 'tested');
  return isTruthy(value);
}

/** A value made of several, attributed to what varies among them. */
function combined(parts: readonly Traced[], make: (values: readonly Inner[]) => Inner): Traced {
  const from = sourceOf(parts);
  const value = make(parts.map((part) => part.value));
  return from === undefined ? { value } : { value, from };
}

function evaluateMap({ entries, at }: Of<'map'>, state: State): Traced {
  const keys = entries.map(([key]) => textOf(evaluate(key, state).value, workAt(state, at)));
  return combined(
    entries.map(([, value]) => evaluate(value, state)),
    (values) => new Map(values.map((value, index) => [keys[index] ?? '', value])),
  );
}

function evaluateMember({ object, key, at }: Of<'member'>, state: State): Traced {
  const whole = evaluate(object, state);
  const named = evaluate(key, state);
  return member(whole, named.value, state, at, nameOf(object));
}

function evaluateSlice({ object, start, stop, step, at }: Of<'slice'>, state: State): Traced {
  const whole = evaluate(object, state);
  const work = workAt(state, at);
  const bound = (part: Expression | undefined): number | undefined => {
    const value = part === undefined ? null : evaluate(part, state).value;
    return typeof value === 'number' ? Math.trunc(value) : undefined;
  };
  const items = isList(whole.value) ? whole.value : Array.from(textOf(whole.value, work));
  work.spend(items.length);
  const kept = sliced<Inner>(items, bound(start), bound(stop), bound(step) ?? 1);
  return {
    ...whole,
    value: isList(whole.value) ? kept : kept.map((item) => textOf(item, work)).join(''),
  };
}

/** What a call is given, evaluated. */
export function givenOf({ plain, named }: Arguments, state: State): Given {
  return {
    plain: plain.map((argument) => evaluate(argument, state)),
    named: new Map(named.map(([name, argument]) => [name, evaluate(argument, state)])),
  };
}

function evaluateCall({ callee, given: written, at }: Of<'call'>, state: State): Traced {
  const given = givenOf(written, state);
  const from = sourceOf([...given.plain, ...given.named.values()]);
  const host = state.rendering.functions.get(nameOf(callee));
  if (host !== undefined) {
    const value = host(valuesOf(given, state, at), state.output) ?? '';
    return from === undefined ? { value } : { value, from };
  }
  const work = workAt(state, at);
  work.spend();
  if (callee.kind === 'name' && lookUp(state.frame, callee.name) === undefined) {
    const made = builtIn(callee.name, given, work);
    if (made !== undefined) return from === undefined ? made : { ...made, from };
  }
  const target = evaluate(callee, state).value;
  if (isCallable(target)) return target.call(given);
  if (callee.kind === 'member' && callee.key.kind === 'literal') {
    const object = evaluate(callee.object, state);
    const value = callMethod(object.value, String(callee.key.value), given, work);
    if (value !== undefined) return { ...object, value };
  }
  state.rendering.noticed.add(
    'error',
    'unresolved-call',
    `the call of ${JSON.stringify(nameOf(callee))} is not made here, so what it prints is not known`,
    state.file.place(at),
  );
  return { value: '' };
}

/** Applies a filter to a value. */
export function applyFilter(
  operand: Traced,
  {
    name,
    given: written,
    at,
  }: { readonly name: string; readonly given: Arguments; readonly at: number },
  state: State,
): Traced {
  const given = givenOf(written, state);
  const work = workAt(state, at);
  work.spend();
  const kind = kindOf(operand.value);
  const isDefault = name === 'default' || name === 'd';
  if (kind === 'undefined' && !isDefault) {
    noticeIfUndefined(operand, at, state);
    return { ...operand, value: '' };
  }
  if ((kind === 'sized' || kind === 'printed') && name !== 'default' && name !== 'd') {
    const sized =
      kind === 'sized' ||
      (operand.value !== null &&
        typeof operand.value === 'object' &&
        'pieces' in operand.value &&
        operand.value.pieces.some((piece) => piece.kind === 'sized'));
    if (sized && KEEP_SIZE.has(name)) return operand;
    if (sized) work.lookedInto(`the filter ${JSON.stringify(name)}`);
    if (sized) return operand;
  }
  const plain = given.plain.map(({ value }) => value);
  const named = new Map([...given.named].map(([key, { value }]) => [key, value]));
  const value = filterNamed(name, { work })(operand.value, { plain, named, work });
  if (isDefault && value !== operand.value)
    return { ...(given.plain[0] ?? given.named.get('default_value')), value };
  const from = operand.from ?? sourceOf([...piecesSource(operand.value), ...given.plain]);
  return from === undefined ? { value } : { value, from };
}

/** What printed text came from, as the source of what a filter makes of it. */
function piecesSource(value: Inner): readonly Traced[] {
  if (typeof value !== 'object' || value === null || !('pieces' in value)) return [];
  return value.pieces.flatMap((piece) =>
    piece.variable === undefined
      ? []
      : [{ value: '', from: { variable: piece.variable, varies: piece.varies } }],
  );
}

/** A name without a value is used for what it would print: a finding. */
export const noticeIfUndefined = (
  { value }: Traced,
  at: number,
  { rendering, file }: State,
): void => {
  if (typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'undefined')
    rendering.noticed.undefinedVariable(value.name, file.place(at), 'printed');
};

function evaluateTest(
  { operand, name, given: written, negated, at }: Of<'test'>,
  state: State,
): Traced {
  const { value, from } = evaluate(operand, state);
  const given = givenOf(written, state);
  const isUndefined = kindOf(value) === 'undefined';
  const answer = (): boolean => {
    if (name === 'defined') return !isUndefined;
    if (name === 'undefined') return isUndefined;
    const test = TESTS.get(name);
    const work = workAt(state, at);
    if (test === undefined) {
      work.unresolved(
        'unresolved-test',
        `the test ${JSON.stringify(name)} is not known here, so it counts as false`,
      );
      return negated;
    }
    if (isUndefined) return holds({ value }, at, state);
    return test(value, given.plain[0]?.value ?? null, work);
  };
  return { value: answer() !== negated, ...(from && { from }) };
}

function evaluateBinary({ operator, left, right, at }: Of<'binary'>, state: State): Traced {
  const one = evaluate(left, state);
  if (operator === 'and') return holds(one, at, state) ? evaluate(right, state) : one;
  if (operator === 'or') return holds(one, at, state) ? one : evaluate(right, state);
  const other = evaluate(right, state);
  if (operator === '~') return concatenated([one, other], at, state);
  return binary(operator, one, other, at, state);
}
