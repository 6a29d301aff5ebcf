import { type State, workAt } from './jinja-state.ts';
import type { Expression } from './jinja-syntax.ts';
import { type Inner, isList, isMap, textOf, type Traced } from './jinja-values.ts';

/** An expression as findings and functions name it: `_.role`. */
export const nameOf = (expression: Expression): string => {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind !== 'member') return '…';
  const { key } = expression;
  return `${nameOf(expression.object)}.${key.kind === 'literal' ? String(key.value) : '…'}`;
};

/** A part of a value: only what data has, never anything of its prototype. */
export function member(whole: Traced, key: Inner, state: State, at: number, name: string): Traced {
  const { value } = whole;
  const work = workAt(state, at);
  const missing: Traced = {
    ...whole,
    value: { kind: 'undefined', name: `${name}.${textOf(key, work)}` },
  };
  if (typeof value !== 'object' && typeof value !== 'string') return missing;
  if (isMap(value)) return withValue(whole, value.get(textOf(key, work)), missing);
  if (isList(value) || typeof value === 'string') {
    if (key === 'length' && work.dialect === 'nunjucks') return { ...whole, value: value.length };
    const index = typeof key === 'number' ? Math.trunc(key) : Number.NaN;
    return withValue(
      whole,
      value.at(index < -value.length ? value.length : Number.isNaN(index) ? value.length : index),
      missing,
    );
  }
  if (value === null) return missing;
  if (value.kind === 'room') return value.entries.get(textOf(key, work)) ?? missing;
  if (value.kind === 'undefined') return whole;
  if (value.kind === 'sized') {
    work.takenWhole(`its part ${JSON.stringify(textOf(key, work))}`);
    return whole;
  }
  return value.kind === 'printed'
    ? member({ ...whole, value: textOf(value, work) }, key, state, at, name)
    : missing;
}

const withValue = (whole: Traced, value: Inner | undefined, missing: Traced): Traced =>
  value === undefined ? missing : { ...whole, value };

/** As Python slices: negative bounds count from the end, negative steps go backwards. */
export function sliced<Item>(
  items: readonly Item[],
  start: number | undefined,
  stop: number | undefined,
  step: number,
): readonly Item[] {
  if (step === 0) return [];
  const { length } = items;
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const bound = (value: number | undefined, fallback: number): number =>
    value === undefined
      ? fallback
      : Math.min(high, Math.max(low, value < 0 ? value + length : value));
  const [from, to] = [bound(start, step > 0 ? low : high), bound(stop, step > 0 ? high : low)];
  const kept: Item[] = [];
  for (let at = from; step > 0 ? at < to : at > to; at += step)
    for (const item of items.slice(at, at + 1)) kept.push(item);
  return kept;
}
