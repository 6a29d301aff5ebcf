import type { Origin } from '../../errors.ts';
import type { Helpers, Inside } from './handlebars-helpers.ts';
import type { Body, HandlebarsFile, Path } from './handlebars-syntax.ts';
import { memberOf, type Traced } from './handlebars-values.ts';
import type { Noticed } from './noticed.ts';
import type { Output } from './output.ts';
import type { Values } from './values.ts';

/** What a rendering is given. */
export interface HandlebarsInput {
  readonly values: Values;
  readonly output: Output;
  readonly helpers: Helpers;
  /** Another file by the name that one asks for. */
  readonly partial: (name: string, from: string) => HandlebarsFile | undefined;
}

/** What a whole rendering shares. */
export interface Rendering extends HandlebarsInput {
  readonly noticed: Noticed;
  readonly top: Traced;
}

/** Names with `@` at a place, and around it. */
interface Data {
  readonly names: ReadonlyMap<string, Traced>;
  readonly outer: Data | undefined;
}

/** A partial that the template defines itself; its file's partials hold in it. */
export interface InlinePartial {
  readonly body: Body;
  readonly state: State;
}

/** Where a rendering is. */
export interface State {
  readonly rendering: Rendering;
  readonly output: Output;
  /** The file that is printed, and what its text is attributed to: nothing for the prompt's own. */
  readonly file: string;
  readonly textFrom: { readonly origin: Origin } | undefined;
  /** `this`, and what `../` leads to. */
  readonly context: Traced;
  readonly outer: State | undefined;
  readonly data: Data;
  readonly parameters: ReadonlyMap<string, Traced>;
  /** Partials that the template defines itself, `@partial-block` among them. */
  readonly inline: ReadonlyMap<string, InlinePartial>;
  /** Partials inside of each other down to here, and bodies. */
  readonly partials: readonly string[];
  readonly depth: number;
}

/** A state inside of a body. `../` leads out of a body only where it has another context than what is around it. */
export function stateInside(
  state: State,
  body: Body,
  { context, data, parameters = [] }: Inside,
): State {
  const moved = context !== undefined && context.value !== state.context.value;
  const named = body.parameters.flatMap((name, index) => {
    const given = parameters[index];
    return given === undefined ? [] : [[name, given] as const];
  });
  return {
    ...state,
    ...(moved ? { context, outer: state } : {}),
    ...(data === undefined
      ? {}
      : { data: { names: new Map([...state.data.names, ...data]), outer: state.data } }),
    parameters: named.length === 0 ? state.parameters : new Map([...state.parameters, ...named]),
  };
}

/** The value of a path; one that nothing gives is a finding. */
export function evaluatePath(path: Path, state: State, use: 'printed' | 'tested'): Traced {
  const { parts, original, origin } = path;
  let at: Traced;
  let members = parts;
  const parameter =
    path.depth === 0 && !path.scoped && !path.data && state.parameters.get(parts[0] ?? '');
  if (parameter) {
    at = parameter;
    members = parts.slice(1);
  } else if (path.data) {
    at = {
      value: undefined,
      members: dataOf(state, path.depth)?.names ?? new Map<string, Traced>(),
    };
  } else at = contextOf(state, path.depth);
  for (const [index, name] of members.entries()) {
    const atTop = at === state.rendering.top;
    at = memberOf(at, name);
    if (at.value !== undefined) continue;
    const missing = atTop ? name : index === members.length - 1 ? original : parts[0];
    state.rendering.noticed.undefinedVariable(missing ?? original, origin, use);
    return atTop ? { value: undefined, from: { variable: name, varies: true } } : at;
  }
  return at;
}

function dataOf(state: State, depth: number): Data | undefined {
  let data: Data | undefined = state.data;
  for (let up = 0; up < depth; up += 1) data = data?.outer;
  return data;
}

function contextOf(state: State, depth: number): Traced {
  let at: State | undefined = state;
  for (let up = 0; up < depth; up += 1) at = at?.outer;
  return at?.context ?? { value: undefined };
}
