import { argument, type Filter, type FilterCall } from './jinja-filter.ts';
import { LIST_FILTERS, reach } from './jinja-list-filters.ts';
import { TESTS } from './jinja-tests.ts';
import { TEXT_FILTERS } from './jinja-text-filters.ts';
import { type Inner, isTruthy, itemsOf, kindOf, textOf } from './jinja-values.ts';

const orElse: Filter = (input, call) => {
  const loosely = call.named.get('boolean') ?? call.plain[1] ?? false;
  const missing = kindOf(input) === 'undefined' || (isTruthy(loosely) && !isTruthy(input));
  return missing ? (argument(call, 0, 'default_value') ?? '') : input;
};

/** `map("upper")` and `map(attribute="name")`. */
const map: Filter = (input, call) => {
  const items = itemsOf(input, call.work);
  call.work.spend(items.length);
  const attribute = call.named.get('attribute');
  if (attribute !== undefined) {
    const path = textOf(attribute, call.work);
    return items.map((item) => reach(item, path) ?? call.named.get('default') ?? '');
  }
  const [name, ...rest] = call.plain;
  const filter = filterNamed(name === undefined ? '' : textOf(name, call.work), call);
  return items.map((item) => filter(item, { ...call, plain: rest, named: new Map() }));
};

/** select, reject, and both by an attribute: keeps the items for which a test says `wanted`. */
const choose =
  (wanted: boolean, byAttribute: boolean): Filter =>
  (input, call) => {
    const [path, rest] = byAttribute
      ? [textOf(call.plain[0] ?? '', call.work), call.plain.slice(1)]
      : [undefined, call.plain];
    const [name, other] = rest;
    const items = itemsOf(input, call.work);
    call.work.spend(items.length);
    const holds = testNamed(name === undefined ? undefined : textOf(name, call.work), call);
    return items.filter((item) => {
      const value = path === undefined ? item : reach(item, path);
      return holds(value, other ?? null) === wanted;
    });
  };

function testNamed(
  name: string | undefined,
  call: FilterCall,
): (value: Inner | undefined, other: Inner) => boolean {
  if (name === undefined) return (value) => value !== undefined && isTruthy(value);
  if (name === 'defined') return (value) => value !== undefined;
  if (name === 'undefined') return (value) => value === undefined;
  const test = TESTS.get(name === '==' ? 'eq' : name === '!=' ? 'ne' : name);
  if (test === undefined)
    call.work.unresolved('unresolved-test', `the test ${JSON.stringify(name)} is not known here`);
  return (value, other) =>
    test !== undefined && value !== undefined && test(value, other, call.work);
}

const MAPPING: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ['default', orElse],
  ['d', orElse],
  ['map', map],
  ['select', choose(true, false)],
  ['reject', choose(false, false)],
  ['selectattr', choose(true, true)],
  ['rejectattr', choose(false, true)],
]);

/** A filter by its name. One that is not known leaves its input as it is and is a finding. */
export function filterNamed(name: string, { work }: Pick<FilterCall, 'work'>): Filter {
  const known = TEXT_FILTERS.get(name) ?? LIST_FILTERS.get(name) ?? MAPPING.get(name);
  if (known !== undefined) return known;
  work.unresolved(
    'unresolved-filter',
    `the filter ${JSON.stringify(name)} is not known here, so its input is counted as it is`,
  );
  return (input) => input;
}
