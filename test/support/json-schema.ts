/** The part of JSON Schema (2020-12) that the schemas of this package use. */
export interface Schema {
  readonly $ref?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minProperties?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly dependentRequired?: Readonly<Record<string, readonly string[]>>;
  readonly additionalProperties?: Schema | boolean;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly not?: Schema;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isMap,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};

/** The words that this validator knows; a schema with another one would be held to less than it says. */
const WORDS = new Set(
  `$ref const enum type pattern minLength minItems minimum maximum exclusiveMinimum minProperties properties required
  dependentRequired additionalProperties propertyNames items anyOf oneOf not $defs $schema $id title description`.split(
    /\s+/,
  ),
);

/** A schema to hold values against. */
export interface Validator {
  readonly schema: Schema;
  /** A part of it, or what the part refers to. */
  readonly resolved: (part: Schema) => Schema;
  /** What of a value does not fit, by path. */
  readonly misfits: (value: unknown) => readonly string[];
  /** Words of it that the validator does not know. */
  readonly unknownWords: readonly string[];
}

/** Reads a schema. */
export function validatorOf(text: string): Validator {
  const schema: Schema = JSON.parse(text);
  const resolved = (part: Schema): Schema =>
    part.$ref === undefined ? part : (schema.$defs?.[part.$ref.replace('#/$defs/', '')] ?? {});
  return {
    schema,
    resolved,
    misfits: (value) => [...misfitsOf(value, schema, '', resolved)],
    unknownWords: wordsOf(schema).filter((word) => !WORDS.has(word)),
  };
}

const wordsOf = (part: Schema): readonly string[] => [
  ...Object.keys(part),
  ...[
    ...Object.values(part.properties ?? {}),
    ...Object.values(part.$defs ?? {}),
    ...(part.anyOf ?? []),
    ...(part.oneOf ?? []),
    ...[part.items, part.not, part.propertyNames].filter((each) => each !== undefined),
    ...(typeof part.additionalProperties === 'object' ? [part.additionalProperties] : []),
  ].flatMap(wordsOf),
];

function* misfitsOf(
  value: unknown,
  written: Schema,
  path: string,
  resolved: Validator['resolved'],
): Generator<string> {
  const part = { ...resolved(written), ...written };
  const fits = (one: Schema): boolean => misfitsOf(value, one, path, resolved).next().done === true;
  if (part.const !== undefined && value !== part.const)
    yield `${path}: not ${JSON.stringify(part.const)}`;
  if (part.enum !== undefined && !part.enum.includes(value)) yield `${path}: none of the words`;
  const types = part.type === undefined ? [] : [part.type].flat();
  if (types.length > 0 && types.every((type) => TYPES[type]?.(value) !== true))
    yield `${path}: no ${types.join(' or ')}`;
  if (typeof value === 'string') {
    if (part.pattern !== undefined && !new RegExp(part.pattern).test(value))
      yield `${path}: "${value}" does not fit`;
    if (value.length < (part.minLength ?? 0)) yield `${path}: empty`;
  }
  if (typeof value === 'number' && value < (part.minimum ?? value)) yield `${path}: too small`;
  if (typeof value === 'number' && value > (part.maximum ?? value)) yield `${path}: too large`;
  if (typeof value === 'number' && value <= (part.exclusiveMinimum ?? value - 1))
    yield `${path}: too small`;
  if (Array.isArray(value)) {
    if (value.length < (part.minItems ?? 0)) yield `${path}: too short`;
    for (const [index, item] of value.entries())
      if (part.items !== undefined)
        yield* misfitsOf(item, part.items, `${path}[${index}]`, resolved);
  }
  if (isMap(value)) {
    if (Object.keys(value).length < (part.minProperties ?? 0)) yield `${path}: too few keys`;
    for (const key of Object.keys(value))
      if (part.propertyNames !== undefined)
        yield* misfitsOf(key, part.propertyNames, `${path}.${key}`, resolved);
    for (const key of part.required ?? []) if (!(key in value)) yield `${path}: needs ${key}`;
    for (const [key, needed] of Object.entries(part.dependentRequired ?? {}))
      if (key in value && needed.some((other) => !(other in value))) yield `${path}: ${key} alone`;
    for (const [key, entry] of Object.entries(value)) {
      const property = part.properties?.[key];
      const rest = part.additionalProperties;
      if (property !== undefined) yield* misfitsOf(entry, property, `${path}.${key}`, resolved);
      else if (rest === false) yield `${path}: unknown key ${key}`;
      else if (rest !== undefined && rest !== true)
        yield* misfitsOf(entry, rest, `${path}.${key}`, resolved);
    }
  }
  if (part.not !== undefined && fits(part.not)) yield `${path}: fits what it must not`;
  if (part.anyOf !== undefined && !part.anyOf.some(fits)) yield `${path}: fits nothing`;
  if (part.oneOf !== undefined && part.oneOf.filter(fits).length !== 1)
    yield `${path}: has to fit one of several`;
}
