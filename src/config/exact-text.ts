/**
 * Plain values as text and back, exactly: besides what JSON holds, bigints, Maps and Sets at any depth. Knows
 * nothing of what the values mean, so that a new field of a card needs no line here.
 */

// Objects of one such key stand for what JSON cannot say.
const [BIGINT, MAP, SET, OBJECT] = ['$bigint', '$map', '$set', '$object'];

/** The value as JSON text. Throws TypeError for what would not come back equal (functions, NaN, -0, classes). */
export const exactText = (value: unknown): string => JSON.stringify(packed(value));

/** The value of a text that `exactText` wrote. Throws SyntaxError, or RangeError, for any other text. */
export const fromExactText = (text: string): unknown => unpacked(JSON.parse(text));

function packed(value: unknown): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return { [BIGINT]: String(value) };
  if (typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0)) return value;
  if (Array.isArray(value)) return value.map(packed);
  if (value instanceof Map)
    return { [MAP]: [...value].map(([key, item]) => [packed(key), packed(item)]) };
  if (value instanceof Set) return { [SET]: [...value].map(packed) };
  if (typeof value === 'object' && isPlain(value)) return packedObject(Object.entries(value));
  throw new TypeError(`${typeof value} cannot be written exactly`);
}

const isPlain = (value: object): boolean =>
  [Object.prototype, null].includes(Object.getPrototypeOf(value));

/** An object as itself, or as pairs where a key would be misread on the way back. */
function packedObject(all: readonly (readonly [string, unknown])[]): unknown {
  const present = all.filter(([, item]) => item !== undefined);
  const pairs = present.map(([key, item]) => [key, packed(item)] as const);
  return pairs.some(([key]) => key.startsWith('$') || key === '__proto__')
    ? { [OBJECT]: pairs }
    : Object.fromEntries(pairs);
}

function unpacked(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      if (typeof item === 'object') value[index] = unpacked(item);
    return value;
  }
  const entries = value as Record<string, unknown>;
  for (const key in entries) {
    if (key.startsWith('$')) return unpackedTag(key, entries[key]);
    const item = entries[key];
    if (typeof item === 'object') entries[key] = unpacked(item);
  }
  return entries;
}

function unpackedTag(tag: string, held: unknown): unknown {
  if (tag === BIGINT && typeof held === 'string') return BigInt(held);
  if (!Array.isArray(held)) throw new SyntaxError(`${tag} of something else`);
  if (tag === SET) return new Set(held.map(unpacked));
  const pairs = held.map((pair: unknown): [unknown, unknown] => {
    if (!Array.isArray(pair) || pair.length !== 2) throw new SyntaxError(`${tag} without pairs`);
    return [unpacked(pair[0]), unpacked(pair[1])];
  });
  if (tag === MAP) return new Map(pairs);
  if (tag === OBJECT) return Object.fromEntries(pairs.map(([key, item]) => [String(key), item]));
  throw new SyntaxError(`no such tag ${tag}`);
}
