/**
 * Plain values as text and back, exactly: besides what JSON holds, bigints, Maps and Sets at any depth. Knows
 * nothing of what the values mean, so that a new field of a card needs no line here.
 *
 * In JSON a text that begins with `$` stands for something else: `$n25` is the bigint 25, a list that begins
 * with `$map` holds keys and values in turn, and a text that itself begins with `$` gets another one in front.
 */

const ESCAPE = '$';
const ESCAPE_CODE = ESCAPE.charCodeAt(0);
const BIGINT = '$n';
const [MAP, SET, OBJECT] = ['$map', '$set', '$object'];

/** The value as JSON text. Throws TypeError for what would not come back equal (functions, NaN, -0, classes). */
export const exactText = (value: unknown): string => JSON.stringify(packed(value));

/** The value of a text that `exactText` wrote. Throws SyntaxError, or RangeError, for any other text. */
export const fromExactText = (text: string): unknown => unpacked(JSON.parse(text));

function packed(value: unknown): unknown {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return value.startsWith(ESCAPE) ? `${ESCAPE}${value}` : value;
  if (typeof value === 'bigint') return `${BIGINT}${value}`;
  if (typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0)) return value;
  if (Array.isArray(value)) return value.map(packed);
  if (value instanceof Map) return [MAP, ...[...value].flat(1).map(packed)];
  if (value instanceof Set) return [SET, ...[...value].map(packed)];
  if (typeof value === 'object' && isPlain(value)) return packedObject(Object.entries(value));
  throw new TypeError(`${typeof value} cannot be written exactly`);
}

const isPlain = (value: object): boolean => Object.getPrototypeOf(value) === Object.prototype;

function packedObject(all: readonly (readonly [string, unknown])[]): unknown {
  const pairs = all
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => [key, packed(item)] as const);
  // Assigned by its name it would be no key but the object's prototype.
  const odd = pairs.some(([key]) => key === '__proto__');
  return odd
    ? [OBJECT, ...pairs.flatMap(([key, item]) => [packed(key), item])]
    : Object.fromEntries(pairs);
}

function unpacked(value: unknown): unknown {
  if (typeof value === 'string')
    return value.charCodeAt(0) === ESCAPE_CODE ? unpackedText(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return unpackedList(value);
  const entries = value as Record<string, unknown>;
  for (const key in entries) {
    const item = entries[key];
    if (typeof item === 'object' || typeof item === 'string') entries[key] = unpacked(item);
  }
  return entries;
}

function unpackedText(text: string): unknown {
  if (text.charCodeAt(1) === ESCAPE_CODE) return text.slice(1);
  if (text.startsWith(BIGINT)) return BigInt(text.slice(BIGINT.length));
  throw new SyntaxError(`no such value: ${text.slice(0, 10)}`);
}

function unpackedList(list: unknown[]): unknown {
  const tag = list[0];
  switch (tag) {
    case MAP:
      return new Map(pairsOf(list));
    case SET:
      return new Set(list.slice(1).map(unpacked));
    case OBJECT:
      return Object.fromEntries(pairsOf(list).map(([key, item]) => [String(key), item]));
    default:
      for (let at = 0; at < list.length; at += 1) list[at] = unpacked(list[at]);
      return list;
  }
}

function pairsOf(list: readonly unknown[]): [unknown, unknown][] {
  if (list.length % 2 === 0) throw new SyntaxError('a key without its value');
  const pairs: [unknown, unknown][] = [];
  for (let at = 1; at < list.length; at += 2)
    pairs.push([unpacked(list[at]), unpacked(list[at + 1])]);
  return pairs;
}
