import {
  argument,
  countArgument,
  type Filter,
  type FilterCall,
  flagArgument,
  textArgument,
} from './jinja-filter.ts';
import { jsonOf } from './jinja-json.ts';
import {
  compare,
  type Inner,
  isList,
  isMap,
  itemsOf,
  kindOf,
  textOf,
  type Work,
} from './jinja-values.ts';

/** What a path such as `address.city` or `0` leads to; `undefined` where it leads nowhere. */
export function reach(value: Inner, path: string): Inner | undefined {
  let reached: Inner | undefined = value;
  for (const step of path.split('.')) {
    if (reached === undefined) return undefined;
    if (isMap(reached)) reached = reached.get(step);
    else if (isList(reached)) reached = /^\d{1,9}$/.test(step) ? reached[Number(step)] : undefined;
    else return undefined;
  }
  return reached;
}

/** What items are compared by: themselves, or what an attribute of theirs says; texts without case unless asked. */
function sortKey(call: FilterCall, index: number, caseIndex: number): (item: Inner) => Inner {
  const attribute = argument(call, index, 'attribute');
  const path = attribute === undefined ? undefined : textOf(attribute, call.work);
  const exact = flagArgument(call, caseIndex, 'case_sensitive', false);
  return (item) => {
    const key = path === undefined ? item : (reach(item, path) ?? null);
    return typeof key === 'string' && !exact ? key.toLowerCase() : key;
  };
}

const sort: Filter = (input, call) => {
  const key = sortKey(call, 2, 1);
  const sign = flagArgument(call, 0, 'reverse', false) ? -1 : 1;
  return [...itemsOf(input, call.work)].sort((a, b) => sign * compare(key(a), key(b), call.work));
};

/** Equal values have equal words; told apart by kind, so that 1 and "1" are two. */
const wordOf = (value: Inner, work: Work): string =>
  `${typeof value}:${jsonOf(value, { indent: 0, python: false }, work)}`;

const unique: Filter = (input, call) => {
  const key = sortKey(call, 1, 0);
  const seen = new Set<string>();
  return itemsOf(input, call.work).filter((item) => {
    const word = wordOf(key(item), call.work);
    if (seen.has(word)) return false;
    seen.add(word);
    return true;
  });
};

/** As Jinja: each group is a pair that is also read by `grouper` and `list`. */
const groupBy: Filter = (input, call) => {
  const path = textArgument(call, 0, 'attribute', '');
  const groups = new Map<string, { readonly grouper: Inner; readonly list: Inner[] }>();
  for (const item of itemsOf(input, call.work)) {
    const grouper = reach(item, path) ?? null;
    const word = wordOf(grouper, call.work);
    const group = groups.get(word) ?? { grouper, list: [] };
    group.list.push(item);
    groups.set(word, group);
  }
  const sorted = [...groups.values()].sort((a, b) => compare(a.grouper, b.grouper, call.work));
  if (call.work.dialect === 'nunjucks')
    return new Map(sorted.map(({ grouper, list }) => [textOf(grouper, call.work), list]));
  return sorted.map(({ grouper, list }) => [grouper, list]);
};

const length: Filter = (input, { work }) => {
  if (isList(input)) return input.length;
  if (isMap(input)) return input.size;
  const text = textOf(input, work);
  work.spend(text.length);
  return work.dialect === 'nunjucks' ? text.length : Array.from(text).length;
};

const join: Filter = (input, call) => {
  const separator = textArgument(call, 0, 'd', '');
  const attribute = argument(call, 1, 'attribute');
  const path = attribute === undefined ? undefined : textOf(attribute, call.work);
  const parts = itemsOf(input, call.work).map((item) =>
    textOf(path === undefined ? item : (reach(item, path) ?? ''), call.work),
  );
  call.work.fits(parts.reduce((sum, part) => sum + part.length + separator.length, 0));
  call.work.spend(parts.length);
  return parts.join(separator);
};

const reverse: Filter = (input, { work }) => {
  const items = [...itemsOf(input, work)].reverse();
  return typeof input === 'string' ? items.map((item) => textOf(item, work)).join('') : items;
};

const dictSort: Filter = (input, call) => {
  if (!isMap(input)) return input;
  const index = textArgument(call, 1, 'by', 'key') === 'value' ? 1 : 0;
  const sign = flagArgument(call, 2, 'reverse', false) ? -1 : 1;
  const fold = (value: Inner): Inner => (typeof value === 'string' ? value.toLowerCase() : value);
  return [...input].sort((a, b) => sign * compare(fold(a[index]), fold(b[index]), call.work));
};

const batch: Filter = (input, call) => {
  const size = Math.max(1, countArgument(call, 0, 'linecount', 1));
  const fill = argument(call, 1, 'fill_with');
  const items = itemsOf(input, call.work);
  const lines: Inner[][] = [];
  for (let at = 0; at < items.length; at += size) lines.push(items.slice(at, at + size));
  const last = lines.at(-1);
  if (last !== undefined && fill !== undefined) {
    call.work.fits(size);
    call.work.spend(size);
    while (last.length < size) last.push(fill);
  }
  return lines;
};

const sliced: Filter = (input, call) => {
  const count = Math.max(1, countArgument(call, 0, 'slices', 1));
  call.work.fits(count);
  call.work.spend(count);
  const items = itemsOf(input, call.work);
  const [each, more] = [Math.floor(items.length / count), items.length % count];
  return Array.from({ length: count }, (_, index) => {
    const start = index * each + Math.min(index, more);
    return items.slice(start, start + each + (index < more ? 1 : 0));
  });
};

const sum: Filter = (input, call) => {
  const attribute = argument(call, 0, 'attribute');
  const path = attribute === undefined ? undefined : textOf(attribute, call.work);
  return itemsOf(input, call.work)
    .map((item) => Number((path === undefined ? item : reach(item, path)) ?? 0))
    .reduce((total, item) => total + item, countArgument(call, 1, 'start', 0));
};

const extreme =
  (sign: 1 | -1): Filter =>
  (input, call) => {
    const key = sortKey(call, 1, 0);
    const items = itemsOf(input, call.work);
    const [first, ...rest] = items;
    return rest.reduce(
      (best, item) => (sign * compare(key(item), key(best ?? null), call.work) > 0 ? item : best),
      first ?? '',
    );
  };

const toNumber =
  (whole: boolean): Filter =>
  (input, call) => {
    const value = Number(
      typeof input === 'boolean' || typeof input === 'number'
        ? input
        : textOf(input, call.work).trim() || Number.NaN,
    );
    if (Number.isNaN(value)) return argument(call, 0, 'default') ?? 0;
    return whole ? Math.trunc(value) : value;
  };

const round: Filter = (input, call) => {
  const scale = 10 ** Math.min(15, Math.max(0, countArgument(call, 0, 'precision', 0)));
  const method = textArgument(call, 1, 'method', 'common');
  const value = Number(input) * scale;
  return (
    (method === 'ceil'
      ? Math.ceil(value)
      : method === 'floor'
        ? Math.floor(value)
        : Math.round(value)) / scale
  );
};

const json: Filter = (input, call) =>
  jsonOf(
    input,
    {
      indent: Math.min(20, Math.max(0, countArgument(call, 0, 'indent', 0))),
      python: call.work.dialect === 'jinja',
    },
    call.work,
  );

const firstOf: Filter = (input, { work }) => itemsOf(input, work)[0] ?? '';
const lastOf: Filter = (input, { work }) => itemsOf(input, work).at(-1) ?? '';
const pairs: Filter = (input) => (isMap(input) ? [...input] : []);

/** Filters of lists, maps and numbers, by name. */
export const LIST_FILTERS: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ['sort', sort],
  ['unique', unique],
  ['groupby', groupBy],
  ['length', length],
  ['count', length],
  ['join', join],
  ['reverse', reverse],
  ['first', firstOf],
  ['last', lastOf],
  ['list', (input, { work }) => itemsOf(input, work)],
  ['items', pairs],
  ['dictsort', dictSort],
  ['batch', batch],
  ['slice', sliced],
  ['sum', sum],
  ['max', extreme(1)],
  ['min', extreme(-1)],
  ['abs', (input) => Math.abs(Number(kindOf(input) === undefined ? input : 0))],
  ['int', toNumber(true)],
  ['float', toNumber(false)],
  ['round', round],
  ['tojson', json],
  ['dump', json],
  ['pprint', (input, { work }) => textOf(input, work)],
]);
