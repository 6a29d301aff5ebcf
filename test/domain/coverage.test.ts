import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covered, reaches, tagCoverage } from '../../src/domain/coverage.ts';
import { money, parseDecimal } from '../../src/domain/money.ts';
import { judgeTags, tagNamed, type TagPolicy } from '../../src/domain/required-tags.ts';
import { NO_SPEND, type SpendRow } from '../../src/domain/spend.ts';

const policy: TagPolicy = {
  requirements: [
    { where: [], keys: ['team'] },
    {
      where: [{ dimension: tagNamed('env'), negated: false, pattern: 'prod*' }],
      keys: ['customer'],
    },
  ],
  allowed: new Map([['team', (value) => value.startsWith('t')]]),
};
const BY = ['team', 'customer', 'env'].map(tagNamed);

const values = (tags: Readonly<Record<string, string>>) =>
  judgeTags(policy, ({ name }) => tags[name] ?? null);

describe('what is required of a call', () => {
  it.each([
    ['a tag of every call', { team: 't1' }, ['team'], []],
    [
      'more where a condition holds',
      { team: 't1', env: 'prod-eu' },
      ['team', 'customer'],
      ['customer'],
    ],
    ['a value that is not allowed is none', { team: 'x' }, ['team'], ['team']],
    ['an empty value is none', { team: '' }, ['team'], ['team']],
  ])('%s', (_, tags, required, missing) => {
    expect(values(tags)).toEqual({ required, missing });
  });
});

const row = fc
  .record({
    team: fc.constantFrom('t1', 't2', 'x', null),
    customer: fc.constantFrom('acme', null),
    env: fc.constantFrom('prod', 'dev', null),
    step: fc.constantFrom(0, 604_800_000, null),
    requests: fc.bigInt(1n, 1000n),
    cost: fc.bigInt(0n, 10n ** 24n),
  })
  .map(({ team, customer, env, step, requests, cost }): SpendRow => ({
    ...NO_SPEND,
    key: [team, customer, env],
    step,
    requests,
    cost: money(cost),
  }));

describe('coverage', () => {
  it('of weeks adds up to the whole, and does not depend on the order of rows', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
        const found = tagCoverage(rows, BY, policy);
        expect(tagCoverage(rows.toReversed(), BY, policy).together).toEqual(found.together);
        const weeks = [...found.weeks.values()];
        const sum = (of: (week: (typeof weeks)[number]) => bigint): bigint =>
          weeks.reduce((total, week) => total + of(week), 0n);
        expect(sum(({ all }) => all.cost)).toBe(found.together.all.cost);
        expect(sum(({ missing }) => missing.cost)).toBe(found.together.missing.cost);
        expect(sum(({ all }) => all.requests)).toBe(found.together.all.requests);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it('of all tags together is never more than that of one of them that every call has to carry', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
        const { keys, together } = tagCoverage(rows, BY, policy);
        const team = keys.get('team');
        expect(team !== undefined && covered(together).cost <= covered(team).cost).toBe(true);
        // What lacks a tag lacks all together, so no gap is smaller than any key's.
        for (const { missing } of keys.values())
          expect(missing.cost <= together.missing.cost).toBe(true);
      }),
      { seed: 8, numRuns: 200 },
    );
  });

  it.each([
    ['79.99', true],
    ['80', true],
    ['80.000001', false],
  ])('of 80 in 100 dollars reaches %s: %s', (percent, reached) => {
    const sum = (cost: bigint) => ({ requests: 1n, unrated: 0n, cost: money(cost * 10n ** 18n) });
    const limit = parseDecimal(percent) ?? { digits: 0n, scale: 0 };
    expect(reaches({ all: sum(100n), missing: sum(20n) }, limit)).toBe(reached);
    expect(reaches({ all: sum(0n), missing: sum(0n) }, limit)).toBeUndefined();
  });
});
