import type { ToolDefinition } from './token-count.ts';

/** A JSON Schema as far as its rendering goes; every part may be anything at all. */
type Schema = Readonly<Record<string, unknown>>;

/** Deeper schemas are `any`: models see no such thing, and hostile ones take the stack. */
const MOST_DEEP = 24;

/** Where a type stands: how far its fields are indented, which lists do not change, and how deep it is nested. */
interface Place {
  readonly indent: number;
  readonly depth: number;
}

const TOP: Place = { indent: 0, depth: 0 };
const below = ({ indent, depth }: Place): Place => ({ indent, depth: depth + 1 });
const inside = ({ indent, depth }: Place): Place => ({ indent: indent + 1, depth: depth + 1 });

/**
 * Definitions of tools as OpenAI's chat models are known to get them: a namespace of TypeScript functions.
 * Follows what recorded requests add up to (https://github.com/hmarr/openai-chat-tokens, read 2026-11-21):
 * fields are described at the top level only, and what has no simple type is `any`.
 */
export function renderNamespace(tools: readonly ToolDefinition[]): string {
  const lines = ['namespace functions {', ''];
  for (const { name, description, parameters } of tools) {
    if (description !== undefined && description !== '') lines.push(`// ${description}`);
    const schema = schemaOf(parameters);
    if (Object.keys(schemaOf(schema['properties'])).length === 0)
      lines.push(`type ${name} = () => any;`);
    else lines.push(`type ${name} = (_: {`, renderFields(schema, TOP), '}) => any;');
    lines.push('');
  }
  return [...lines, '} // namespace functions'].join('\n');
}

function renderFields(schema: Schema, place: Place): string {
  const required = new Set(listOf(schema['required']));
  const indent = '  '.repeat(place.indent);
  const lines = Object.entries(schemaOf(schema['properties'])).flatMap(([name, value]) => {
    const field = schemaOf(value);
    const { description } = field;
    const described = place.indent === 0 && typeof description === 'string' && description !== '';
    const mark = required.has(name) ? '' : '?';
    return [
      ...(described ? [`${indent}// ${description}`] : []),
      `${indent}${name}${mark}: ${renderType(field, place)},`,
    ];
  });
  return lines.join('\n');
}

function renderType(schema: Schema, place: Place): string {
  if (place.depth >= MOST_DEEP) return 'any';
  const { type, enum: values } = schema;
  switch (type) {
    case 'string':
      return choice(values, (value) => JSON.stringify(value)) ?? 'string';
    case 'number':
    case 'integer':
      return choice(values, String) ?? 'number';
    case 'boolean':
    case 'null':
      return type;
    case 'array':
      return schema['items'] === undefined
        ? 'any[]'
        : `${renderType(schemaOf(schema['items']), below(place))}[]`;
    case 'object':
      return `{\n${renderFields(schema, inside(place))}\n${'  '.repeat(place.indent)}}`;
    default:
      return union(schema, place) ?? 'any';
  }
}

/** Types that a schema lists side by side: `type: [string, null]`, `anyOf`, `oneOf`. */
function union(schema: Schema, place: Place): string | undefined {
  const types = listOf(schema['type']).map((type) => ({ ...schema, type }));
  const sides = [types, listOf(schema['anyOf']), listOf(schema['oneOf'])].find(
    (list) => list.length > 0,
  );
  return sides?.map((side) => renderType(schemaOf(side), below(place))).join(' | ');
}

const choice = (values: unknown, show: (value: unknown) => string): string | undefined => {
  const listed = listOf(values);
  return listed.length === 0 ? undefined : listed.map(show).join(' | ');
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const schemaOf = (value: unknown): Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};

/** Definitions of tools as compact JSON, in the shape of Anthropic's requests. */
export const renderToolsJson = (tools: readonly ToolDefinition[]): string =>
  compactJson(
    tools.map(({ name, description, parameters }) => ({
      name,
      ...(description === undefined ? {} : { description }),
      input_schema: parameters ?? {},
    })),
  );

/** The schema of a structured answer as compact JSON, without what a request puts around it. */
export const renderSchemaJson = (schema: unknown): string => compactJson(innerSchema(schema));

/** JSON nested more deeply than this would take the stack that writing it has; nobody means it. */
const MOST_NESTED = 400;

const compactJson = (value: unknown): string => JSON.stringify(shallow(value, 0)) ?? '';

/** A value without what lies too deep, and without what JSON cannot say. */
function shallow(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === MOST_NESTED) return null;
  return Array.isArray(value)
    ? value.map((item) => shallow(item, depth + 1))
    : Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, shallow(item, depth + 1)]),
      );
}

/** The schema of a structured answer as a section of the prompt, as the format of gpt-oss has it. */
export function renderSchemaSection(schema: unknown): string {
  const { name, description } = schemaOf(schema);
  const title = typeof name === 'string' && isWrapped(schema) ? name : 'response';
  const about = typeof description === 'string' && isWrapped(schema) ? `// ${description}\n` : '';
  return `# Response Formats\n\n## ${title}\n\n${about}${renderSchemaJson(schema)}`;
}

/** Whether a schema comes as `{name, schema}`, as `response_format.json_schema` has it. */
const isWrapped = (schema: unknown): boolean => {
  const { schema: inner } = schemaOf(schema);
  return typeof inner === 'object' && inner !== null;
};

const innerSchema = (schema: unknown): unknown =>
  isWrapped(schema) ? schemaOf(schema)['schema'] : schema;
