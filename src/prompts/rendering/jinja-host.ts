import { type State, workAt } from './jinja-state.ts';
import { type Given, type Inner, isList, isMap, textOf, type Traced } from './jinja-values.ts';
import type { Value } from './values.ts';

/** What a function of a format is given: values without what only templates have. */
export function valuesOf(
  { plain, named }: Given,
  state: State,
  at: number,
): {
  readonly plain: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
} {
  const bare = ({ value }: Traced): Value =>
    asValue(value, (printed) => textOf(printed, workAt(state, at)));
  return {
    plain: plain.map(bare),
    named: new Map([...named].map(([name, traced]) => [name, bare(traced)])),
  };
}

function asValue(value: Inner, text: (value: Inner) => string): Value {
  if (isList(value)) return value.map((item) => asValue(item, text));
  if (isMap(value)) return new Map([...value].map(([key, item]) => [key, asValue(item, text)]));
  if (typeof value !== 'object' || value === null) return value;
  if (value.kind === 'sized') return value;
  return value.kind === 'printed' ? text(value) : null;
}
