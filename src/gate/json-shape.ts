import { quote } from '../errors.ts';

/** A JSON Schema (2020-12), or a part of one. */
export type JsonSchema = { readonly [key: string]: unknown };

/** Reads a value of JSON as what it has to be, and says what that is. `at` is its place in words: `prompts[3].change`. Throws ShapeError. */
export interface Shape<Value> {
  (value: unknown, at: string): Value;
  readonly schema: JsonSchema;
}

const shape = <Value>(
  schema: JsonSchema,
  read: (value: unknown, at: string) => Value,
): Shape<Value> => Object.assign(read, { schema });

/** A value that is not what it has to be. The message begins with its place. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

const wrong = (at: string, expected: string, found: unknown): never => {
  throw new ShapeError(
    `${at === '' ? '' : `${at}: `}expected ${expected}, found ${described(found)}`,
  );
};

const MOST_TEXT = 100_000;

/** Text of any kind, to a length that no honest result exceeds. */
export const text: Shape<string> = shape({ type: 'string' }, (value, at) =>
  typeof value === 'string' && value.length <= MOST_TEXT
    ? value
    : wrong(at, `text of at most ${MOST_TEXT} characters`, value),
);

/** A whole number that JSON keeps exactly. */
export const whole: Shape<number> = shape({ type: 'integer' }, (value, at) =>
  typeof value === 'number' && Number.isSafeInteger(value)
    ? value
    : wrong(at, 'a whole number', value),
);

/** A whole number of things: 0 or more. */
export const count: Shape<number> = shape({ type: 'integer', minimum: 0 }, (value, at) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? value
    : wrong(at, 'a whole number of 0 or more', value),
);

/** True or false. */
export const flag: Shape<boolean> = shape({ type: 'boolean' }, (value, at) =>
  typeof value === 'boolean' ? value : wrong(at, 'true or false', value),
);

const DECIMAL = /^-?\d+(\.\d+)?$/;

/** A decimal number written as text, with no more digits than money has. */
export const decimal: Shape<string> = shape(
  { type: 'string', pattern: DECIMAL.source },
  (value, at) =>
    typeof value === 'string' && value.length <= 60 && DECIMAL.test(value)
      ? value
      : wrong(at, 'a decimal number as text', value),
);

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** An instant as results have it: `2026-11-22T06:00:00Z`. */
export const instant: Shape<string> = shape(
  { type: 'string', format: 'date-time', pattern: INSTANT.source },
  (value, at) =>
    typeof value === 'string' && INSTANT.test(value)
      ? value
      : wrong(at, 'a time like 2026-11-22T06:00:00Z', value),
);

/** One of some words. */
export const oneOf = <const Word extends string>(words: readonly Word[]): Shape<Word> =>
  shape(
    { enum: words },
    (value, at) =>
      words.find((word) => word === value) ?? wrong(at, `one of ${words.join(', ')}`, value),
  );

/** One of some numbers. */
export const numberOf = <const N extends number>(numbers: readonly N[]): Shape<N> =>
  shape(
    { enum: numbers },
    (value, at) =>
      numbers.find((each) => each === value) ?? wrong(at, `one of ${numbers.join(', ')}`, value),
  );

/** The value, or null. */
export const orNull = <Value>(of: Shape<Value>): Shape<Value | null> =>
  shape({ anyOf: [of.schema, { type: 'null' }] }, (value, at) =>
    value === null ? null : of(value, at),
  );

/** The value; null where the key is missing or null. */
export const optional = <Value>(of: Shape<Value>): Shape<Value | null> =>
  shape({ anyOf: [of.schema, { type: 'null' }] }, (value, at) =>
    value === null || value === undefined ? null : of(value, at),
  );

/** A list of values of one shape. */
export const listOf = <Value>(of: Shape<Value>): Shape<readonly Value[]> =>
  shape({ type: 'array', items: of.schema }, (value, at) =>
    Array.isArray(value)
      ? value.map((item: unknown, index) => of(item, `${at}[${index}]`))
      : wrong(at, 'a list', value),
  );

/** An object with these keys. Others are left out, so that a newer writer can be read. */
export const object = <Fields extends object>(shapes: {
  readonly [Key in keyof Fields]: Shape<Fields[Key]>;
}): Shape<Fields> =>
  shape(objectSchema(shapes), (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return wrong(at, 'an object', value);
    const found: Partial<Fields> = {};
    for (const key in shapes) {
      const own = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
      found[key] = shapes[key](own, at === '' ? key : `${at}.${key}`);
    }
    return complete(found, shapes);
  });

const objectSchema = (
  shapes: Readonly<Record<string, { readonly schema: JsonSchema }>>,
): JsonSchema => ({
  type: 'object',
  required: Object.keys(shapes),
  properties: Object.fromEntries(Object.entries(shapes).map(([key, { schema }]) => [key, schema])),
});

/** Every key of the shapes has been read. */
function complete<Fields extends object>(
  found: Partial<Fields>,
  shapes: { readonly [Key in keyof Fields]: unknown },
): Fields {
  const isComplete = (value: Partial<Fields>): value is Fields =>
    Object.keys(shapes).every((key) => key in value);
  if (isComplete(found)) return found;
  throw new ShapeError('a key was not read');
}

const described = (value: unknown): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'a list'
      : typeof value === 'object'
        ? 'an object'
        : quote(value);
