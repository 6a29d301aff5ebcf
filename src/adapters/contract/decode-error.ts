/** A value of the wrong shape, with the dotted path to it. Located by the reader that knows file and line. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';

  constructor(path: string, expected: string, found: unknown) {
    super(`${path === '' ? 'record' : path}: expected ${expected}, found ${describe(found)}`);
  }
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? 'a list' : 'an object';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
