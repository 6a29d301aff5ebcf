import {
  areEqual,
  compare,
  type Inner,
  isList,
  isMap,
  kindOf,
  textOf,
  type Work,
} from './jinja-values.ts';

/** A test of `x is name(other)`. `defined` and `undefined` are the evaluator's, which knows names without a value. */
export type Test = (value: Inner, other: Inner, work: Work) => boolean;

const isInteger = (value: Inner): boolean => typeof value === 'number' && Number.isInteger(value);
const remainder = (value: Inner, by: number): number =>
  typeof value === 'number' ? ((value % by) + by) % by : Number.NaN;
const isText = (value: Inner): boolean =>
  typeof value === 'string' || kindOf(value) === 'printed' || kindOf(value) === 'sized';

/** Whether a value holds another: an item of a list, a name of a map, a part of a text. */
export function contains(whole: Inner, part: Inner, work: Work): boolean {
  if (isList(whole)) return whole.some((item) => areEqual(item, part, work));
  if (isMap(whole)) return whole.has(textOf(part, work));
  if (kindOf(whole) === 'sized') work.lookedInto('what it contains');
  const text = textOf(whole, work);
  work.spend(text.length);
  return isText(whole) && text.includes(textOf(part, work));
}

const equal: Test = areEqual;
const unequal: Test = (value, other, work) => !areEqual(value, other, work);
const less: Test = (value, other, work) => compare(value, other, work) < 0;
const atMost: Test = (value, other, work) => compare(value, other, work) <= 0;
const more: Test = (value, other, work) => compare(value, other, work) > 0;
const atLeast: Test = (value, other, work) => compare(value, other, work) >= 0;

/** Every test of Jinja and Nunjucks that asks about values, by its names. */
export const TESTS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['none', (value) => value === null],
  ['null', (value) => value === null],
  ['string', isText],
  ['number', (value) => typeof value === 'number'],
  ['integer', isInteger],
  ['float', (value) => typeof value === 'number' && !Number.isInteger(value)],
  ['boolean', (value) => typeof value === 'boolean'],
  ['true', (value) => value === true],
  ['false', (value) => value === false],
  ['mapping', (value) => isMap(value)],
  ['sequence', (value) => isList(value) || isText(value) || isMap(value)],
  ['iterable', (value) => isList(value) || isText(value) || isMap(value)],
  ['callable', (value) => kindOf(value) === 'callable'],
  ['odd', (value) => remainder(value, 2) === 1],
  ['even', (value) => remainder(value, 2) === 0],
  ['divisibleby', (value, by) => typeof by === 'number' && remainder(value, by) === 0],
  ['eq', equal],
  ['equalto', equal],
  ['sameas', equal],
  ['ne', unequal],
  ['lt', less],
  ['lessthan', less],
  ['le', atMost],
  ['gt', more],
  ['greaterthan', more],
  ['ge', atLeast],
  ['in', (value, whole, work) => contains(whole, value, work)],
  ['lower', (value, _other, work) => textOf(value, work) === textOf(value, work).toLowerCase()],
  ['upper', (value, _other, work) => textOf(value, work) === textOf(value, work).toUpperCase()],
  ['escaped', () => false],
]);
