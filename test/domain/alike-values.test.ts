import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alikeValues } from '../../src/domain/alike-values.ts';

/** Values with the calls that carry them, as `value:calls`. */
const seen = (...texts: readonly string[]) =>
  texts.map((text) => {
    const [value = '', requests = '1'] = text.split(':');
    return { value, requests: BigInt(requests) };
  });

/** What is proposed, as `other > value (likeness)`. */
const proposals = (tag: string, ...texts: readonly string[]) =>
  alikeValues(tag, seen(...texts)).flatMap(({ value, others }) =>
    others.map((other) => `${other.value} > ${value} (${other.likeness})`),
  );

describe('values that look like one', () => {
  it.each([
    [
      'case',
      'team',
      ['search:9', 'Search:2', 'SEARCH:1'],
      ['Search > search (spelling)', 'SEARCH > search (spelling)'],
    ],
    [
      'spaces and separators',
      'feature',
      ['cart page:3', 'cart-page:9', 'CartPage:1', 'cart_page:1'],
      [
        'cart page > cart-page (spelling)',
        'CartPage > cart-page (spelling)',
        'cart_page > cart-page (spelling)',
      ],
    ],
    ['singular and plural', 'feature', ['refund:9', 'refunds:2'], ['refunds > refund (plural)']],
    [
      'words for one stage',
      'env',
      ['prod:9', 'live:3', 'production:2', 'prd:1'],
      ['live > prod (synonym)', 'production > prod (synonym)', 'prd > prod (synonym)'],
    ],
    ['one letter more', 'team', ['payments:40', 'paymments:2'], ['paymments > payments (typo)']],
    ['two letters swapped', 'team', ['support:40', 'supprot:1'], ['supprot > support (typo)']],
    [
      'one word of several',
      'team',
      ['growth platform:40', 'growth-platfrom:1'],
      ['growth-platfrom > growth platform (typo)'],
    ],
    [
      'full width letters',
      'team',
      ['search:9', 'ｓｅａｒｃｈ:1'],
      ['ｓｅａｒｃｈ > search (spelling)'],
    ],
  ])('%s', (_, tag, values, expected) => {
    expect(proposals(tag, ...values)).toEqual(expected);
  });

  it.each([
    ['numbers', 'team', ['team-1:90', 'team-2:1', 'team-12:1', 'team1-2:1']],
    ['numbers with and without a leading zero', 'team', ['team-1:90', 'team-01:1']],
    ['single letters', 'team', ['search-a:90', 'search-b:1']],
    ['short words', 'region', ['eu-west:90', 'eu-east:1']],
    ['opposites', 'feature', ['inbound:90', 'unbound:1']],
    ['words of other stages', 'env', ['staging:90', 'test:9', 'qa:9', 'dev:9']],
    ['words of stages in another tag', 'feature', ['live:90', 'production:9']],
    ['a typo that is as frequent as the word', 'team', ['payments:9', 'paymants:8']],
    ['ids that tell upper from lower case', 'customer', ['aB3xK9:90', 'Ab3xK9:1']],
    [
      'words that end in s by themselves',
      'feature',
      ['analysis:9', 'analysi:9', 'process:9', 'proces:9'],
    ],
    ['nothing but signs', 'feature', ['---:9', '***:1', ':1']],
  ])('never %s', (_, tag, values) => {
    expect(proposals(tag, ...values)).toEqual([]);
  });

  it('never replaces an allowed value, and prefers it as what others mean', () => {
    const values = seen('Production:90', 'prod:1', 'production:5');
    const allowed = new Set(['prod', 'production']);
    expect(alikeValues('env', values, (value) => allowed.has(value))).toEqual([
      { value: 'production', others: [{ value: 'Production', likeness: 'spelling' }] },
    ]);
  });

  it('does not depend on the order of the values, and replaces each value once at most', () => {
    const value = fc
      .array(fc.constantFrom('prod', 'Prod', 'live', 'team', 'teams', '-', ' ', '1', '2', 'é'), {
        minLength: 1,
        maxLength: 4,
      })
      .map((parts) => parts.join(''));
    const values = fc.uniqueArray(value, { maxLength: 12 });
    fc.assert(
      fc.property(values, fc.nat(), (names, shift) => {
        const calls = names.map((name) => ({ value: name, requests: BigInt(name.length % 3) }));
        const turned = [
          ...calls.slice(shift % (calls.length || 1)),
          ...calls.slice(0, shift % (calls.length || 1)),
        ];
        const found = alikeValues('env', calls);
        expect(alikeValues('env', turned)).toEqual(found);
        const replaced = found.flatMap(({ others }) => others.map((other) => other.value));
        expect(new Set(replaced).size).toBe(replaced.length);
        expect(found.filter(({ value: meant }) => replaced.includes(meant))).toEqual([]);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
