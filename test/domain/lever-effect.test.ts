import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leverEffect, verdictOn } from '../../src/domain/lever-effect.ts';
import { money, moneyText, parseMoney, ZERO } from '../../src/domain/money.ts';
import { NO_SPEND, type SpendRow } from '../../src/domain/spend.ts';

const row = (key: string, requests: bigint, dollars: string, unrated = 0n): SpendRow => ({
  ...NO_SPEND,
  key: [key],
  requests: requests + unrated,
  unrated,
  rated: requests,
  cost: parseMoney(dollars) ?? ZERO,
});

describe('what a lever did', () => {
  // search: 100 calls for $10, then 200 for $10; support: 100 for $40, then 50 for $20.
  const effect = leverEffect(
    [row('search', 100n, '10'), row('support', 100n, '40')],
    [row('search', 200n, '10'), row('support', 50n, '20')],
  );

  it('is the unit cost before less after, times the volume after, kind by kind', () => {
    // search $0.10 -> $0.05, x 200 = $10 saved; support $0.40 as before.
    expect(effect.kinds.map(({ price }) => moneyText(price))).toEqual(['-10', '0']);
    expect(moneyText(effect.price)).toBe('-10');
  });

  it('stands apart from volume and mix, and all add up to the change', () => {
    // Volume: 200 -> 250 calls at $0.25 = $12.50. Mix at unit costs before: 200 x 0.1 + 50 x 0.4 = $40 less 250 x 0.25.
    expect(moneyText(effect.volume)).toBe('12.5');
    expect(moneyText(effect.mix)).toBe('-22.5');
    expect(effect.after.cost - effect.before.cost).toBe(effect.volume + effect.mix + effect.price);
    expect(moneyText(effect.after.cost)).toBe('30');
  });

  it('never mixes in kinds that are new or gone', () => {
    const moved = leverEffect(
      [row('search', 100n, '10'), row('old', 10n, '5')],
      [row('search', 100n, '8'), row('fresh', 1000n, '1')],
    );
    expect(moved.kinds.map(({ key, state }) => [key[0], state])).toEqual([
      ['search', 'kept'],
      ['old', 'gone'],
      ['fresh', 'new'],
    ]);
    expect([moved.price, moved.added, moved.gone].map(moneyText)).toEqual(['-2', '1', '-5']);
    expect([moved.volume, moved.mix].map(moneyText)).toEqual(['0', '0']);
  });

  it('leaves out kinds of which a side has no price, and counts them', () => {
    const unknown = leverEffect(
      [row('search', 100n, '10'), row('house', 50n, '5')],
      [row('search', 100n, '10'), row('house', 0n, '0', 50n)],
    );
    expect(unknown.kinds[1]?.state).toBe('unpriced');
    expect(moneyText(unknown.before.cost)).toBe('10');
    expect(unknown.unpriced).toEqual({ before: 0n, after: 50n });
  });

  it('adds up to the last digit whatever the counts', () => {
    const side = fc.array(
      fc.tuple(
        fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        fc.bigInt({ min: 0n, max: 1_000n }),
        fc.bigInt({ min: 0n, max: 10n ** 21n }),
      ),
    );
    const rowsOf = (parts: readonly (readonly [string, bigint, bigint])[]): SpendRow[] => [
      ...new Map(
        parts.map(([key, requests, cost]): [string, SpendRow] => [
          key,
          { ...row(key, requests, '0'), cost: money(requests === 0n ? 0n : cost) },
        ]),
      ).values(),
    ];
    fc.assert(
      fc.property(side, side, (one, other) => {
        const found = leverEffect(rowsOf(one), rowsOf(other));
        const { before, after, volume, mix, price, added, gone } = found;
        expect(volume + mix + price + added + gone).toBe(after.cost - before.cost);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

describe('the verdict', () => {
  const cheaper = leverEffect([row('search', 100n, '10')], [row('search', 100n, '8')]);
  const scored = (before: bigint, after: bigint) => ({
    before: { count: 10n, sum: before },
    after: { count: 20n, sum: after },
  });

  it.each([
    { name: 'cheaper calls', verdict: verdictOn(cheaper, 30n), expected: 'saving' },
    {
      name: 'cheaper calls that score as before',
      verdict: verdictOn(cheaper, 30n, scored(9n, 18n)),
      expected: 'saving',
    },
    {
      name: 'cheaper calls that score lower',
      verdict: verdictOn(cheaper, 30n, scored(9n, 17n)),
      expected: 'lower-score',
    },
    {
      name: 'scores of one span only',
      verdict: verdictOn(cheaper, 30n, { ...scored(9n, 18n), before: { count: 0n, sum: 0n } }),
      expected: 'no-scores',
    },
    {
      name: 'fewer calls than asked',
      verdict: verdictOn(cheaper, 101n),
      expected: 'too-few-calls',
    },
    {
      name: 'calls that cost the same',
      verdict: verdictOn(
        leverEffect([row('search', 100n, '10')], [row('search', 200n, '20')]),
        30n,
      ),
      expected: 'no-saving',
    },
  ])('on $name is $expected', ({ verdict, expected }) => expect(verdict).toBe(expected));
});
