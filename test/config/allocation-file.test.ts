import { describe, expect, it } from 'vitest';
import { decodeAllocation } from '../../src/config/allocation-file.ts';
import { showOrigin, UserError } from '../../src/errors.ts';

const POOLS = `allocation:
  pools:
    gpu: {part: infrastructure, hardware: h100}
    gpu-idle: {part: infrastructure, idle_of: gpu}
    tools: {part: overhead, amounts: [{amount: 1.00, every: month, from: 2026-01-01}]}
    store: {part: retrieval, bill: ["service=Open*"]}
`;
const ANSWERED = 'owner: ana, review_every: 90d, last_reviewed: 2026-10-01, evidence: memo';
const rules = (...lines: readonly string[]): string =>
  `${POOLS}  rules:\n${lines.map((line) => `    - {${line}}\n`).join('')}`;
const good = (name: string, pool: string, more = 'by: team, method: even'): string =>
  `name: ${name}, pool: ${pool}, ${more}, ${ANSWERED}`;

/** What decoding says of a text, with its place; nothing when it is fine. */
function mistake(text: string): string | undefined {
  try {
    decodeAllocation(text, 'aicost.yaml');
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError) || error.origin === undefined) throw error;
    return `${showOrigin(error.origin)}: ${error.message}`;
  }
}

describe('allocation: of aicost.yaml', () => {
  it('is read with its filters, dates and paths', () => {
    const plan = decodeAllocation(
      `${rules(good('gpu', 'gpu'), good('split', 'store', 'by: [team, customer_id], method: usage, signal: requests, where: ["env=prod"], grain: day'))}  signals: {queries: [a.csv, /b.csv]}\n`,
      '/project/aicost.yaml',
    );
    expect(plan?.signals).toEqual([
      { signal: 'queries', path: '/project/a.csv' },
      { signal: 'queries', path: '/b.csv' },
    ]);
    expect(plan?.rules.slice(1)).toMatchObject([
      {
        name: 'split',
        pool: 'store',
        by: [
          { kind: 'tag', name: 'team' },
          { kind: 'tag', name: 'customer' },
        ],
        grain: 'day',
        method: {
          kind: 'usage',
          signal: {
            name: 'requests',
            where: [{ dimension: { kind: 'tag', name: 'env' }, negated: false, pattern: 'prod' }],
          },
        },
        reviewEvery: { text: '90d', days: 90, months: 0 },
        evidence: ['memo'],
      },
    ]);
  });

  it('may be missing', () => {
    expect(decodeAllocation('timezone: UTC\n', 'aicost.yaml')).toBeUndefined();
    expect(decodeAllocation('', 'aicost.yaml')).toBeUndefined();
  });

  it('spreads overhead over every pool that a rule carries on, unless it names some', () => {
    const plan = decodeAllocation(
      rules(
        good('over', 'tools', 'method: overhead'),
        good('a', 'gpu', 'by: team, method: usage, signal: gpu_seconds'),
        good('idle', 'gpu-idle'),
        good('b', 'store'),
      ),
      'aicost.yaml',
    );
    expect(plan?.rules[0]?.method).toEqual({ kind: 'overhead', over: ['gpu', 'store'] });
  });

  it.each([
    {
      case: 'an unknown key, with the nearest',
      text: 'allocation: {pool: {}}\n',
      says: '1:14: allocation: unknown key "pool"; did you mean "pools"?',
    },
    {
      case: 'a pool without money',
      text: 'allocation:\n  pools: {gpu: {part: model}}\n',
      says: '2:11: pools.gpu: needs one of bill, hardware, capacity, seats, amounts, spend, idle_of',
    },
    {
      case: 'a pool with money of two kinds',
      text: 'allocation:\n  pools: {gpu: {part: model, hardware: a, capacity: b}}\n',
      says: '2:11: pools.gpu: needs one of bill, hardware, capacity, seats, amounts, spend, idle_of, found hardware and capacity',
    },
    {
      case: 'a pool that is no part of an inference',
      text: 'allocation:\n  pools: {gpu: {hardware: a}}\n',
      says: '2:11: pools.gpu: needs part:, one of model, retrieval, orchestration, infrastructure, overhead',
    },
    {
      case: 'a part that there is not',
      text: 'allocation:\n  pools: {gpu: {part: gpus, hardware: a}}\n',
      says: '2:23: pools.gpu.part: expected model or retrieval or orchestration or infrastructure or overhead, found "gpus"',
    },
    {
      case: 'an amount that never ends',
      text: 'allocation:\n  pools: {a: {part: model, amounts: [{amount: 1, from: 2026-01-01}]}}\n',
      says: '2:38: pools.a.amounts: needs until:, the first day that the amount is not for, or every: month',
    },
    {
      case: 'an amount that ends before it begins',
      text: 'allocation:\n  pools: {a: {part: model, amounts: [{amount: 1, from: 2026-02-01, until: 2026-01-01}]}}\n',
      says: '2:75: pools.a.amounts.until: is not after from; it is the first day left out',
    },
    {
      case: 'an amount that is a float',
      text: 'allocation:\n  pools: {a: {part: model, amounts: [{amount: 1e3, every: month, from: 2026-01-01}]}}\n',
      says: '2:47: pools.a.amounts.amount: expected an amount in dollars like 260.00, found "1e3"',
    },
    {
      case: 'a filter that is none',
      text: 'allocation:\n  pools: {a: {part: model, spend: [team]}}\n',
      says: '2:35: pools.a.spend: expected key=value or key!=value, found "team"; for example "team=search", "service=Open*"',
    },
    {
      case: 'a rule without evidence',
      text: rules(
        'name: a, pool: gpu, by: team, method: even, owner: ana, review_every: 90d, last_reviewed: 2026-10-01',
      ),
      says: '8:7: rule a: needs evidence: where the rule was agreed, such as a link or a file with its line',
    },
    {
      case: 'a rule that nobody answers for',
      text: rules(
        'name: a, pool: gpu, by: team, method: even, review_every: 90d, last_reviewed: 2026-10-01, evidence: memo',
      ),
      says: '8:7: rule a: needs owner: whoever answers for the rule',
    },
    {
      case: 'a review that is no period',
      text: rules(
        'name: a, pool: gpu, by: team, method: even, owner: b, review_every: often, last_reviewed: 2026-10-01, evidence: memo',
      ),
      says: '8:76: rule a.review_every: expected a period like 90d, 12w, 3m or 1y, found "often"',
    },
    {
      case: 'a rule of no pool',
      text: rules(good('a', 'gpus')),
      says: '8:23: rule a.pool: no pool is called "gpus"; did you mean "gpu"?',
    },
    {
      case: 'a rule that tells nobody apart',
      text: rules(good('a', 'gpu', 'method: even')),
      says: '8:7: rule a: needs by:, the tags that tell consumers apart, such as team',
    },
    {
      case: 'a signal that there is not',
      text: rules(good('a', 'gpu', 'by: team, method: usage, signal: gpu_second')),
      says: '8:61: rule a.signal: no signal is called "gpu_second"; did you mean "gpu_seconds"?',
    },
    {
      case: 'a filter of calls on what is metered elsewhere',
      text: rules(good('a', 'gpu', 'by: team, method: usage, signal: queries, where: ["a=b"]')),
      says: '8:77: rule a.where: narrows calls of the ledger, which have no queries',
    },
    {
      case: 'a key of another method',
      text: rules(good('a', 'gpu', 'by: team, method: even, signal: requests')),
      says: '8:52: rule a: unknown key "signal"; known are name, pool, method, owner, review_every, last_reviewed, evidence, by, grain, among',
    },
    {
      case: 'a consumer without the tag of the rule',
      text: rules(good('a', 'gpu', 'by: [team, env], method: direct, to: {team: a}')),
      says: '8:65: rule a.to: needs env:, which the rule tells consumers apart by',
    },
    {
      case: 'capacity that nobody knows',
      text: rules(good('a', 'store', 'by: team, method: reserved, signal: queries')),
      says: '8:7: rule a: needs capacity: {quantity, unit}, how much of queries store can give in one step of the rule',
    },
    {
      case: 'a unit that does not measure the signal',
      text: rules(
        good(
          'a',
          'store',
          'by: team, method: reserved, signal: queries, capacity: {quantity: 1, unit: GB}',
        ),
      ),
      says: `8:105: rule a.capacity.unit: "GB" does not measure the rule's signal, whose sums are in Queries`,
    },
    {
      case: 'two rules for one pool',
      text: rules(good('a', 'gpu'), good('b', 'gpu')),
      says: '9:7: rule b: gpu is split by rule a already; leave one of them',
    },
    {
      case: 'a rule where no pool is named',
      text: `allocation:\n  rules:\n    - {${good('a', 'gpu')}}\n`,
      says: '3:23: rule a.pool: no pool is called "gpu"; name it under allocation.pools',
    },
    {
      case: 'two rules of one name',
      text: rules(good('a', 'gpu'), good('a', 'store')),
      says: '9:7: rule a: another rule has this name; give each one of its own',
    },
    {
      case: 'overhead onto itself',
      text: rules(good('a', 'gpu'), good('b', 'tools', 'method: overhead, over: [tools]')),
      says: '9:7: rule b.over: expected pools that a rule splits by month among consumers, found "tools"; these are gpu',
    },
    {
      case: 'overhead onto a pool of other steps',
      text: rules(
        good('a', 'gpu', 'by: team, method: even, grain: day'),
        good('b', 'tools', 'method: overhead, over: [gpu]'),
      ),
      says: '9:7: rule b.over: expected pools that a rule splits by month among consumers, found "gpu"; these are none',
    },
    {
      case: 'idle of a pool without a rule',
      text: POOLS,
      says: '4:5: pools.gpu-idle.idle_of: expected a pool whose rule may leave some idle, found "gpu"',
    },
    {
      case: 'idle in steps of another length',
      text: rules(good('a', 'gpu'), good('b', 'gpu-idle', 'by: team, method: even, grain: day')),
      says: '9:7: rule b: splits what gpu leaves idle, so it needs grain: month as rule a has, and another method than overhead',
    },
    {
      case: 'a file of no signal',
      text: `${rules(good('a', 'gpu'))}  signals: {gpu_second: a.csv}\n`,
      says: '9:13: signals: no signal is called "gpu_second"; did you mean "gpu_seconds"?',
    },
  ])('refuses $case', ({ text, says }) => expect(mistake(text)).toBe(`aicost.yaml:${says}`));
});
