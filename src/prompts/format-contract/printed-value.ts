import type { Output } from '../rendering/output.ts';
import type { GivenValue, Value } from '../rendering/values.ts';

/** Prints a variable's value: text as it is, a size as that, anything else as JSON. */
export function printGiven(name: string, given: GivenValue, output: Output): void {
  const { value, origin, constant = false } = given;
  const varies = !constant;
  if (typeof value === 'object' && value !== null && 'kind' in value)
    output.sized(value.tokens, name, varies);
  else
    output.text(typeof value === 'string' ? value : jsonTextOf(value), {
      variable: name,
      varies,
      ...(origin === undefined ? {} : { origin }),
    });
}

/** A value as JSON; names such as `__proto__` stay names. */
export const jsonTextOf = (value: Value, indent = 0): string =>
  JSON.stringify(
    value,
    (_, inner: unknown) => (inner instanceof Map ? Object.fromEntries<unknown>(inner) : inner),
    indent,
  );
