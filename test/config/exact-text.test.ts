import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactText, fromExactText } from '../../src/config/exact-text.ts';

const there = (value: unknown): unknown => fromExactText(exactText(value));

const leaf = fc.oneof(
  fc.string(),
  fc.constantFrom('$n1', '$map', '$set', '$object', '$', '$$map'),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
);
const key = fc.oneof(
  fc.string(),
  fc.constantFrom('$n1', '$map', '$set', '$object', '$', '$$', '__proto__', 'a'),
);
const { value: anything } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    fc.array(fc.tuple(leaf, tie('value')), { maxLength: 4 }).map((pairs) => new Map(pairs)),
    fc.array(leaf, { maxLength: 4 }).map((items) => new Set(items)),
  ),
}));

describe('a value as exact text', () => {
  it('comes back equal, whatever it is made of', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(there(value)).toStrictEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a price past what a float holds', new Map([['input', { amount: 2n ** 80n + 1n, per: 1 }]])],
    [
      'texts that look like tags',
      [['$map', 'a', 1n], ['$set'], '$n5', { $map: '$' }, new Map([['$object', '$$']])],
    ],
    ['a key named __proto__', JSON.parse('{"__proto__": {"a": 1}}')],
    [
      'keys of a Map in their order',
      new Map([
        ['b', new Set(['2', '1'])],
        ['a', new Set()],
      ]),
    ],
  ])('keeps %s', (_, value) => expect(there(value)).toStrictEqual(value));

  it('leaves out what is absent, as an object without the key does', () => {
    expect(there({ a: undefined, b: 1 })).toStrictEqual({ b: 1 });
  });

  it.each([
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['-0', -0],
    ['a function', () => 1],
    ['a Date', new Date(0)],
    ['undefined in a list', [undefined]],
  ])('refuses %s, which would come back as something else', (_, value) => {
    expect(() => exactText({ value })).toThrow(TypeError);
  });
});

describe('a text that nobody wrote as exact text', () => {
  it.each([
    '',
    '{"a":',
    '"$nx"',
    '"$"',
    '["$map","a"]',
    '["$object","a"]',
    '["$later"]',
    '{"a":["$"]}',
  ])('%s is refused', (text) => expect(() => fromExactText(text)).toThrow(SyntaxError));

  it('of endless depth ends in an error, not in a crash', () => {
    const deep = `${'[{"a":'.repeat(100_000)}1${'}]'.repeat(100_000)}`;
    expect(() => fromExactText(deep)).toThrow(RangeError);
  });
});
