import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  combinedAfter,
  leastIntrusive,
  type Saving,
  savingOf,
} from '../../src/domain/combined-savings.ts';
import { type Money, money, moneyText, parseMoney, ZERO } from '../../src/domain/money.ts';

const dollars = (text: string): Money => parseMoney(text) ?? ZERO;

describe('levers on the same cost', () => {
  it('multiply what they leave of it', () => {
    // 20 % and then 50 % of $100: 1 - 0.8 x 0.5 = 60 %, not 70 %.
    expect(moneyText(combinedAfter(dollars('100'), [dollars('80'), dollars('50')]))).toBe('40');
  });

  it.each([
    { name: 'none leaves all', afters: [], expected: '100' },
    {
      name: 'one leaves what it leaves',
      afters: ['33.333333333333333333'],
      expected: '33.333333333333333333',
    },
    { name: 'one that is dearer counts so', afters: ['120', '50'], expected: '60' },
    { name: 'nothing left stays nothing', afters: ['0', '50'], expected: '0' },
  ])('$name', ({ afters, expected }) =>
    expect(moneyText(combinedAfter(dollars('100'), afters.map(dollars)))).toBe(expected),
  );

  it('never save more together than added up, and never less than the best of them', () => {
    const whole = 10n ** 20n;
    const left = fc.bigInt({ min: 0n, max: whole });
    fc.assert(
      fc.property(fc.array(left, { minLength: 1, maxLength: 5 }), (lefts) => {
        const afters = lefts.map(money);
        const together = whole - combinedAfter(money(whole), afters);
        const savings = lefts.map((after) => whole - after);
        expect(together <= savings.reduce((sum, each) => sum + each, 0n)).toBe(true);
        expect(savings.every((each) => together >= each)).toBe(true);
      }),
      { seed: 7 },
    );
  });
});

describe('the least intrusive way to a gap', () => {
  const before = new Map([
    ['search', dollars('100')],
    ['support', dollars('50')],
  ]);
  const option = (item: string, lever: string, intrusion: number, after: string): Saving => ({
    item,
    lever,
    intrusion,
    after: dollars(after),
  });
  const options = [
    option('search', 'downshift', 3, '10'),
    option('search', 'downshift', 3, '40'),
    option('search', 'cache', 0, '90'),
    option('support', 'cache', 0, '45'),
    option('support', 'batch', 1, '25'),
  ];
  const names = (chosen: readonly Saving[]): readonly string[] =>
    chosen.map(({ item, lever }) => `${lever} ${item}`);

  it('takes what changes nothing where that is enough', () => {
    const { chosen, saving } = leastIntrusive(options, before, dollars('12'));
    expect(names(chosen)).toEqual(['cache search', 'cache support']);
    expect(moneyText(saving)).toBe('15');
  });

  it('leaves out what a larger step has made needless', () => {
    // Caches save $15. With the batch $10 + 50 x (1 - 0.9 x 0.5) = $37.50; without the cache of support $10 + $25.
    const { chosen, saving } = leastIntrusive(options, before, dollars('30'));
    expect(names(chosen)).toEqual(['cache search', 'batch support']);
    expect(moneyText(saving)).toBe('35');
  });

  it('goes as far as it can where nothing reaches the gap, one downshift an item', () => {
    // search 100 x 0.9 x 0.1 = $9, support $22.50.
    const { chosen, saving } = leastIntrusive(options, before, dollars('1000'));
    expect(names(chosen)).toEqual([
      'cache search',
      'cache support',
      'batch support',
      'downshift search',
    ]);
    expect(moneyText(saving)).toBe('118.5');
    expect(moneyText(savingOf(chosen, before))).toBe('118.5');
  });

  it('never takes what makes things dearer, and nothing for a gap of nothing', () => {
    const dearer = [option('search', 'downshift', 3, '110')];
    expect(leastIntrusive(dearer, before, dollars('5')).chosen).toEqual([]);
    expect(leastIntrusive(options, before, ZERO).chosen).toEqual([]);
  });
});
