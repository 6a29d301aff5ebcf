import type { Origin } from '../../errors.ts';
import { quote } from '../../errors.ts';
import type { Source } from './jinja-values.ts';
import type { Noticed } from './noticed.ts';
import type { Output } from './output.ts';
import type { GivenValue, SizedValue, Value, Values } from './values.ts';

/** A value while a template runs. */
export interface Traced {
  /** `undefined` where nothing gives a value. */
  readonly value: Value | undefined;
  /** The variable at its root; absent for what the template itself says. */
  readonly from?: Source;
  /** Members that came from elsewhere than the value: variables at the top, what a partial is given by name. */
  readonly members?: ReadonlyMap<string, Traced>;
}

/** The context at the top of a template: every variable a member. */
export function topContext(values: Values): Traced {
  const members = new Map<string, Traced>();
  for (const [name, given] of values) members.set(name, variable(name, given));
  return contextOf(members);
}

const variable = (name: string, { value, origin, constant = false }: GivenValue): Traced => ({
  value,
  from: { variable: name, varies: !constant, ...(origin === undefined ? {} : { origin }) },
});

/** A context with further members, which go over its own. */
export function withMembers(context: Traced, further: ReadonlyMap<string, Traced>): Traced {
  if (further.size === 0) return context;
  const own =
    context.members ??
    new Map(
      context.value instanceof Map
        ? [...context.value].map(([name, value]) => [name, { ...context, value }] as const)
        : [],
    );
  return contextOf(new Map([...own, ...further]));
}

function contextOf(members: ReadonlyMap<string, Traced>): Traced {
  const value = new Map<string, Value>();
  for (const [name, member] of members)
    if (member.value !== undefined) value.set(name, member.value);
  return { value, members };
}

/** Whether it is a list; Array.isArray alone loses `readonly`. */
export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

/** Whether it has names; told by its prototype, so that no key of a value can pretend. */
export const isMap = (value: Value | undefined): value is ReadonlyMap<string, Value> =>
  value instanceof Map;

/** Whether only its size is known. */
export const isSized = (value: Value | undefined): value is SizedValue =>
  typeof value === 'object' && value !== null && !isList(value) && !isMap(value);

/** A member of a value: of a map, a list (`length` and numbers) or a text (likewise); of what is sized, itself; nothing else has any. */
export function memberOf(owner: Traced, name: string): Traced {
  const member = owner.members?.get(name);
  if (member !== undefined) return member;
  const { value, from } = owner;
  return { value: ownMember(value, name), ...(from === undefined ? {} : { from }) };
}

/** A member of what only a size is known of is counted as all of it: which part it is, nobody says. */
function ownMember(value: Value | undefined, name: string): Value | undefined {
  if (isSized(value)) return value;
  if (isMap(value)) return value.get(name);
  if (!isList(value) && typeof value !== 'string') return undefined;
  if (name === 'length') return value.length;
  return /^\d{1,15}$/.test(name) ? value[Number(name)] : undefined;
}

/** Handlebars' idea of nothing: absent, null, false, an empty text, an empty list. Zero and an empty map are something. */
export const isEmpty = (value: Value | undefined): boolean =>
  (!value && value !== 0) || (isList(value) && value.length === 0);

/** Prints a value as the language does, without escaping: a prompt is no HTML. */
export function printValue(
  { value, from }: Traced,
  to: { readonly output: Output; readonly noticed: Noticed; readonly origin: Origin },
): void {
  const { output, noticed, origin } = to;
  if (value === undefined || value === null) return;
  if (isSized(value)) output.sized(value.tokens, from?.variable ?? '', from?.varies ?? true);
  else if (isList(value))
    for (const [index, item] of value.entries()) {
      output.step();
      if (index > 0) output.text(',', from);
      printValue({ value: item, ...(from === undefined ? {} : { from }) }, to);
    }
  else if (isMap(value)) {
    noticed.add(
      'warning',
      'object-as-text',
      `${from === undefined ? 'an object' : quote(from.variable)} is printed whole, which Handlebars writes as [object Object]`,
      origin,
    );
    output.text('[object Object]', from);
  } else output.text(String(value), from);
}
