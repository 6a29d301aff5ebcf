import { at, dataOf, type Located, textAt } from './located.ts';

/** What other languages call the types of JSON Schema. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['float', 'number'],
  ['int', 'integer'],
  ['bool', 'boolean'],
  ['str', 'string'],
]);

/** Descriptions of parameters by name: a list of them with names, or a map. */
export function parametersIn(list: Located | undefined): readonly (readonly [string, Located])[] {
  if (list?.kind === 'map') return [...list.entries];
  if (list?.kind !== 'list') return [];
  return list.items.flatMap((item) => {
    const name = textAt(item, 'name');
    return name === undefined ? [] : [[name, item] as const];
  });
}

/**
 * JSON Schema of parameters that are written as a list or a map of `kind` (or `type`), `description`, `required`
 * and `enum`, alone or under `properties`. A map of `properties` already is a schema and stays one. `leaveOut` are
 * those that are not sent.
 */
export function parameterSchema(
  written: Located,
  leaveOut: ReadonlySet<string> = new Set(),
): unknown {
  const properties = new Map<string, unknown>();
  const listed = at(written, 'properties');
  const isSchema = listed?.kind === 'map';
  const described = parametersIn(listed ?? written);
  for (const [name, parameter] of described)
    if (!leaveOut.has(name))
      properties.set(name, isSchema ? dataOf(parameter) : propertyOf(parameter));
  const required = isSchema
    ? namesIn(at(written, 'required'))
    : described.flatMap(([name, parameter]) => {
        const flag = at(parameter, 'required');
        return flag?.kind === 'flag' && flag.value ? [name] : [];
      });
  const sent = required.filter((name) => !leaveOut.has(name));
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(sent.length === 0 ? {} : { required: sent }),
  };
}

const namesIn = (list: Located | undefined): readonly string[] =>
  list?.kind === 'list' ? list.items.flatMap((item) => textAt(item) ?? []) : [];

function propertyOf(parameter: Located): unknown {
  const kind = textAt(parameter, 'kind') ?? textAt(parameter, 'type') ?? textAt(parameter);
  const description = textAt(parameter, 'description');
  const allowed = at(parameter, 'enum') ?? at(parameter, 'enumValues');
  const items = at(parameter, 'items');
  const inner = at(parameter, 'properties');
  return {
    ...(kind === undefined ? {} : { type: TYPES.get(kind) ?? kind }),
    ...(description === undefined ? {} : { description }),
    ...(allowed === undefined ? {} : { enum: dataOf(allowed) }),
    ...(items === undefined ? {} : { items: propertyOf(items) }),
    ...(inner === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            parametersIn(inner).map(([name, item]) => [name, propertyOf(item)]),
          ),
        }),
  };
}
