import { filterNamed } from './jinja-filters.ts';
import { concatenated, isTextual } from './jinja-print.ts';
import { type State, workAt } from './jinja-state.ts';
import { contains } from './jinja-tests.ts';
import {
  areEqual,
  compare,
  type Inner,
  isList,
  kindOf,
  sourceOf,
  textOf,
  type Traced,
} from './jinja-values.ts';

/** Numbers with their sign turned; what is no number stays. */
export const negative = (value: Inner): Inner => (typeof value === 'number' ? -value : value);

/** The value of two with an operator between them. Names without a value make it none, and are findings. */
export function binary(
  operator: string,
  one: Traced,
  other: Traced,
  at: number,
  state: State,
): Traced {
  const isTest = TESTING.has(operator);
  for (const { value } of [one, other])
    if (
      typeof value === 'object' &&
      value !== null &&
      'kind' in value &&
      value.kind === 'undefined'
    )
      state.rendering.noticed.undefinedVariable(
        value.name,
        state.file.place(at),
        isTest ? 'tested' : 'printed',
      );
  const [a, b] = [one.value, other.value];
  if (operator === '+' && (isTextual(a) || isTextual(b)))
    return concatenated([one, other], at, state);
  const from = sourceOf([one, other]);
  const value = isTest ? tested(operator, a, b, at, state) : computed(operator, a, b, at, state);
  return from === undefined ? { value } : { value, from };
}

const TESTING = new Set(['==', '===', '!=', '!==', '<', '<=', '>', '>=', 'in', 'not in']);

function tested(operator: string, a: Inner, b: Inner, at: number, state: State): boolean {
  const work = workAt(state, at);
  if (operator === 'in') return contains(b, a, work);
  if (operator === 'not in') return !contains(b, a, work);
  if (operator === '==' || operator === '===') return areEqual(a, b, work);
  if (operator === '!=' || operator === '!==') return !areEqual(a, b, work);
  // As NaN compares: nothing is less than what has no value.
  if (kindOf(a) === 'undefined' || kindOf(b) === 'undefined') return false;
  const order = compare(a, b, work);
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

function computed(operator: string, a: Inner, b: Inner, at: number, state: State): Inner {
  const work = workAt(state, at);
  if (operator === '+' && isList(a) && isList(b)) {
    work.fits(a.length + b.length);
    work.spend(a.length + b.length);
    return [...a, ...b];
  }
  if (operator === '*' && typeof a === 'string' && typeof b === 'number') {
    work.fits(a.length * b);
    return a.repeat(Math.max(0, Math.trunc(b)));
  }
  if (operator === '%' && isTextual(a))
    return filterNamed('format', { work })(a, {
      plain: isList(b) ? b : [b],
      named: new Map(),
      work,
    });
  return arithmetic(operator, numberOf(a), numberOf(b)) ?? textOf(a, work);
}

const numberOf = (value: Inner): number =>
  typeof value === 'number' || typeof value === 'boolean' ? Number(value) : Number.NaN;

/** Arithmetic of numbers, as Python divides; `undefined` where there is no number. */
function arithmetic(operator: string, a: number, b: number): number | undefined {
  const value = raw(operator, a, b);
  return Number.isNaN(value) ? undefined : value;
}

function raw(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '//':
      return Math.floor(a / b);
    case '%':
      return ((a % b) + b) % b;
    case '**':
      return a ** b;
    default:
      return Number.NaN;
  }
}
