import { RenderingCapError } from './output.ts';
import { filterNamed } from './jinja-filters.ts';
import {
  type Given,
  type Inner,
  isList,
  isMap,
  kindOf,
  textOf,
  type Traced,
  type Work,
} from './jinja-values.ts';

/** Most numbers that a `range` may give: loops over more would end at the cap on steps anyway. */
const LONGEST_RANGE = 100_000;

/** Functions of the language, by name; `undefined` for a name that is none. */
export function builtIn(name: string, given: Given, work: Work): Traced | undefined {
  switch (name) {
    case 'range':
      return { value: range(given, work) };
    case 'dict':
      return { value: new Map([...given.named].map(([key, { value }]) => [key, value])) };
    case 'namespace':
      return { value: { kind: 'room', entries: new Map(given.named) } };
    default:
      return undefined;
  }
}

function range({ plain }: Given, work: Work): readonly number[] {
  const numbers = plain.map(({ value }) => (typeof value === 'number' ? Math.trunc(value) : 0));
  const [start, stop] =
    numbers.length < 2 ? [0, numbers[0] ?? 0] : [numbers[0] ?? 0, numbers[1] ?? 0];
  const step = numbers[2] ?? 1;
  const count = step === 0 ? 0 : Math.max(0, Math.ceil((stop - start) / step));
  if (!(count <= LONGEST_RANGE))
    throw new RenderingCapError(
      `asks range for more than ${LONGEST_RANGE.toLocaleString('en-US')} numbers`,
    );
  work.spend(count);
  return Array.from({ length: count }, (_, index) => start + index * step);
}

/** Methods of texts that are filters by another name, as Python and JavaScript call them. */
const AS_FILTERS: ReadonlyMap<string, string> = new Map([
  ['upper', 'upper'],
  ['lower', 'lower'],
  ['title', 'title'],
  ['capitalize', 'capitalize'],
  ['strip', 'trim'],
  ['trim', 'trim'],
  ['replace', 'replace'],
  ['toUpperCase', 'upper'],
  ['toLowerCase', 'lower'],
]);

/** Calls a method of a value; `undefined` for one that is not known. */
export function callMethod(
  object: Inner,
  name: string,
  given: Given,
  work: Work,
): Inner | undefined {
  const plain = given.plain.map(({ value }) => value);
  if (isMap(object)) return methodOfMap(object, name, plain, work);
  if (isList(object))
    return name === 'join' ? joined(textOf(plain[0] ?? ',', work), object, work) : undefined;
  if (typeof object !== 'string' && kindOf(object) !== 'printed') return undefined;
  const filter = AS_FILTERS.get(name);
  if (filter !== undefined)
    return filterNamed(filter, { work })(object, { plain, named: new Map(), work });
  return methodOfText(textOf(object, work), name, plain, work);
}

function methodOfMap(
  map: ReadonlyMap<string, Inner>,
  name: string,
  plain: readonly Inner[],
  work: Work,
): Inner | undefined {
  work.spend(map.size);
  switch (name) {
    case 'items':
      return [...map];
    case 'keys':
      return [...map.keys()];
    case 'values':
      return [...map.values()];
    case 'get':
      return map.get(textOf(plain[0] ?? '', work)) ?? plain[1] ?? null;
    default:
      return undefined;
  }
}

function methodOfText(
  text: string,
  name: string,
  plain: readonly Inner[],
  work: Work,
): Inner | undefined {
  const first = plain[0] === undefined ? undefined : textOf(plain[0], work);
  work.spend(text.length);
  switch (name) {
    case 'lstrip':
      return text.trimStart();
    case 'rstrip':
      return text.trimEnd();
    case 'startswith':
    case 'startsWith':
      return text.startsWith(first ?? '');
    case 'endswith':
    case 'endsWith':
      return text.endsWith(first ?? '');
    case 'includes':
      return text.includes(first ?? '');
    case 'split':
      return first === undefined
        ? text.split(/\s+/).filter((part) => part !== '')
        : text.split(first);
    case 'splitlines':
      return text.split(/\r?\n/);
    case 'join':
      return plain[0] !== undefined && isList(plain[0]) ? joined(text, plain[0], work) : undefined;
    case 'isdigit':
      return /^\d+$/.test(text);
    default:
      return undefined;
  }
}

function joined(separator: string, items: readonly Inner[], work: Work): string {
  const parts = items.map((item) => textOf(item, work));
  work.fits(parts.reduce((sum, part) => sum + part.length + separator.length, 0));
  return parts.join(separator);
}

/** `loop` of the pass of a `for`. */
export function loopOf(items: readonly Inner[], index: number): Inner {
  const before = items[index - 1];
  const after = items[index + 1];
  return new Map<string, Inner>([
    ['index', index + 1],
    ['index0', index],
    ['revindex', items.length - index],
    ['revindex0', items.length - index - 1],
    ['first', index === 0],
    ['last', index === items.length - 1],
    ['length', items.length],
    ['depth', 1],
    ...(before === undefined ? [] : [['previtem', before] as const]),
    ...(after === undefined ? [] : [['nextitem', after] as const]),
    [
      'cycle',
      {
        kind: 'callable',
        call: ({ plain }) => plain[index % Math.max(1, plain.length)] ?? { value: '' },
      },
    ],
  ]);
}
