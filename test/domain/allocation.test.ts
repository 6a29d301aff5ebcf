import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, allocatedRatios, type Weighed } from '../../src/domain/allocation.ts';

const of = (weights: Readonly<Record<string, bigint>>): readonly Weighed[] =>
  Object.entries(weights).map(([key, weight]) => ({ key, weight }));

const sum = (parts: readonly bigint[]): bigint => parts.reduce((all, part) => all + part, 0n);

describe('an amount is split', () => {
  // 100 / 7 = 14 2/7; 2/7 of each is left: 3 x 14 2/7 = 42 6/7, 4 x 14 2/7 = 57 1/7. The one unit goes to 6/7.
  it('in whole units, the rest to the largest remainder', () =>
    expect(allocate(100n, of({ search: 3n, support: 4n }))).toEqual([43n, 57n]));

  // Three times 33 1/3: the unit that is left goes to the first by name, wherever it stands.
  it('with equal remainders settled by name', () => {
    expect(allocate(100n, of({ a: 1n, b: 1n, c: 1n }))).toEqual([34n, 33n, 33n]);
    expect(allocate(100n, of({ c: 1n, b: 1n, a: 1n }))).toEqual([33n, 33n, 34n]);
  });

  it('as its opposite where it is a credit', () =>
    expect(allocate(-100n, of({ a: 1n, b: 1n, c: 1n }))).toEqual([-34n, -33n, -33n]));

  it('not at all where nobody weighs anything', () => {
    expect(allocate(100n, of({ a: 0n, b: 0n }))).toBeUndefined();
    expect(allocate(100n, [])).toBeUndefined();
  });

  it('never by a weight below 0, nor twice to one name', () => {
    expect(() => allocate(1n, of({ a: -1n }))).toThrow(new RangeError('a weighs -1'));
    const twice = [
      { key: 'a', weight: 1n },
      { key: 'a', weight: 2n },
    ];
    expect(() => allocate(1n, twice)).toThrow(new RangeError('a stands twice'));
  });

  it('into ratios that are 1 together', () =>
    expect(allocatedRatios(of({ a: 1n, b: 1n, c: 1n }))).toEqual([
      '0.333333333334',
      '0.333333333333',
      '0.333333333333',
    ]));
});

describe('10,000 random splits', () => {
  // Attodollars up to ten billion dollars, credits among them; weights from nothing to a large count of tokens.
  const amounts = fc.bigInt({ min: -(10n ** 28n), max: 10n ** 28n });
  const weights = fc.uniqueArray(
    fc.record({
      key: fc.string({ maxLength: 4 }),
      weight: fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 10n ** 15n })),
    }),
    { selector: ({ key }) => key, maxLength: 6 },
  );

  it('add up to the last unit, each within one unit of its exact share, in any order alike', () => {
    let split = 0;
    fc.assert(
      fc.property(amounts, weights, fc.nat(), (amount, given, turn) => {
        const parts = allocate(amount, given);
        const whole = sum(given.map(({ weight }) => weight));
        if (parts === undefined) {
          if (whole !== 0n) throw new Error('something weighs, and nothing was split');
          return;
        }
        split += 1;
        if (sum(parts) !== amount) throw new Error(`the parts add up to ${sum(parts)}`);
        const at = turn % given.length;
        const turned = [...given.slice(at), ...given.slice(0, at)].reverse();
        const again = allocate(amount, turned) ?? [];
        for (const [index, { key, weight }] of given.entries()) {
          const part = parts[index] ?? 0n;
          const off = part * whole - amount * weight;
          if (off >= whole || -off >= whole) throw new Error(`${key} gets ${part}`);
          const other = again[turned.findIndex((each) => each.key === key)];
          if (other !== part) throw new Error(`${key} gets ${part}, and ${other} in another order`);
        }
      }),
      { numRuns: 10_000, seed: 20_261_122 },
    );
    expect(split).toBeGreaterThan(7_000);
  });
});
