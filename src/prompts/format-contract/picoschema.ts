/** A schema and names in it that are defined somewhere else. */
interface Converted {
  readonly schema: unknown;
  readonly unknown: readonly string[];
}

const SCALARS = new Set(['string', 'number', 'integer', 'boolean', 'null']);
const JSON_SCHEMA_TYPES = new Set([...SCALARS, 'object', 'array']);

/** Deepest nesting; what is deeper is left open. */
const DEEPEST = 100;

/**
 * JSON Schema of a Picoschema: `field?: type, description`, `field(array, description): type`, `(enum)`, `(object)`
 * and `(*)`. What already is JSON Schema stays as it is. Names of no type are schemas defined in code and come as
 * `unknown`. Follows google.github.io/dotprompt/reference/picoschema (2026-11-22).
 */
export function jsonSchemaOf(pico: unknown): Converted {
  const unknown = new Set<string>();
  return { schema: convert(pico, unknown, 0), unknown: [...unknown] };
}

type Schema = Record<string, unknown>;

const emptySchema = (): Schema => Object.create(null) as Schema;

const isRecord = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function convert(pico: unknown, unknown: Set<string>, depth: number): Schema {
  if (depth > DEEPEST) return emptySchema();
  if (typeof pico === 'string') return scalar(pico, unknown);
  if (!isRecord(pico)) return emptySchema();
  const { type, properties } = pico;
  if (typeof type === 'string' && JSON_SCHEMA_TYPES.has(type)) return pico;
  if (isRecord(properties)) return { ...pico, type: 'object' };
  return object(pico, unknown, depth);
}

function scalar(text: string, unknown: Set<string>): Schema {
  const [type, description] = described(text);
  if (type !== 'any' && !SCALARS.has(type)) unknown.add(type);
  return withDescription(type === 'any' || !SCALARS.has(type) ? {} : { type }, description);
}

/** `type, description` as its two parts. */
function described(text: string): readonly [string, string | undefined] {
  const comma = text.indexOf(',');
  return comma < 0
    ? [text.trim(), undefined]
    : [text.slice(0, comma).trim(), text.slice(comma + 1).trim()];
}

const withDescription = (schema: Schema, description: string | undefined): Schema =>
  description === undefined ? schema : { ...schema, description };

function object(pico: Schema, unknown: Set<string>, depth: number): Schema {
  const properties = emptySchema();
  const required: string[] = [];
  let additionalProperties: unknown = false;
  for (const [key, value] of Object.entries(pico)) {
    if (key === '(*)') {
      additionalProperties = convert(value, unknown, depth + 1);
      continue;
    }
    const bracket = key.indexOf('(');
    const written = bracket < 0 ? key : key.slice(0, bracket);
    const optional = written.endsWith('?');
    const name = optional ? written.slice(0, -1) : written;
    if (!optional) required.push(name);
    const kind = bracket < 0 ? undefined : key.slice(bracket + 1).replace(/\)$/, '');
    const property =
      kind === undefined
        ? convert(value, unknown, depth + 1)
        : bracketed(kind, value, unknown, depth);
    properties[name] = optional ? orNull(property) : property;
  }
  return {
    type: 'object',
    properties,
    ...(required.length === 0 ? {} : { required }),
    additionalProperties,
  };
}

/** `array`, `object` or `enum` with its description. */
function bracketed(kind: string, value: unknown, unknown: Set<string>, depth: number): Schema {
  const [type, description] = described(kind);
  if (type === 'array')
    return withDescription({ type, items: convert(value, unknown, depth + 1) }, description);
  if (type === 'enum') return withDescription({ enum: value }, description);
  return withDescription(convert(value, unknown, depth + 1), description);
}

/** An optional field may be null too. */
function orNull(schema: Schema): Schema {
  const { type, enum: allowed } = schema;
  if (Array.isArray(allowed))
    return allowed.includes(null) ? schema : { ...schema, enum: [...(allowed as unknown[]), null] };
  return typeof type === 'string' ? { ...schema, type: [type, 'null'] } : schema;
}
