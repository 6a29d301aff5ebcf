import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  AllocationPlan,
  Method,
  PoolPlan,
  RulePlan,
} from '../../src/domain/allocation-plan.ts';
import { type Allocation, runAllocation } from '../../src/domain/allocation-run.ts';
import { weigh, type WeightSources } from '../../src/domain/allocation-weights.ts';
import { type Money, money } from '../../src/domain/money.ts';
import { dueDay, isOverdue } from '../../src/domain/rule-review.ts';

const STEP = { start: Date.UTC(2026, 9, 1), end: Date.UTC(2026, 10, 1) };
const TEAM = { kind: 'tag', name: 'team' } as const;
const pool = (name: string): PoolPlan => ({
  name,
  part: 'overhead',
  source: { kind: 'accrued', accruals: [] },
  origin: { file: 'aicost.yaml', line: 1 },
});
const rule = (of: string, method: Method): RulePlan => ({
  name: `rule of ${of}`,
  pool: of,
  by: method.kind === 'overhead' ? [] : [TEAM],
  grain: 'month',
  method,
  owner: 'ana',
  reviewEvery: { text: '90d', days: 90, months: 0 },
  lastReviewed: STEP.start,
  evidence: ['memo'],
  origin: { file: 'aicost.yaml', line: 1 },
});

/** What teams weigh, by the name of their rule. */
type Weights = ReadonlyMap<string, readonly (readonly [team: string, weight: bigint])[]>;

function run(
  plan: AllocationPlan,
  costs: ReadonlyMap<string, bigint>,
  weights: Weights,
): Allocation {
  const sources: WeightSources = {
    direct: () => [],
    owners: () => [],
    measured: (_, { name }) => ({
      kind: 'measured',
      uses: (weights.get(name) ?? []).map(([team, part]) => ({
        key: [team],
        quantity: { part, over: 7n },
        places: [],
      })),
    }),
    capacity: () => undefined,
    wholeStep: () => STEP,
    timeZone: 'UTC',
  };
  return runAllocation(plan, {
    span: STEP,
    stepsOf: () => [STEP],
    costOf: ({ name }): Money => money(costs.get(name) ?? 0n),
    ownedBy: () => [],
    weigh: (of, step) => weigh(of, step, sources),
  });
}

const usage = (): Method => ({ kind: 'usage', signal: { name: 'requests', where: [] } });

/** What every receiver gets of every pool, as text, so that two runs compare. */
const received = ({ shares }: Allocation): ReadonlyMap<string, bigint> =>
  new Map(
    shares.map(({ of, via, to, amount }) => [
      `${of.name} via ${via} to ${to.kind === 'consumer' ? to.key.join() : to.kind}`,
      amount,
    ]),
  );

describe('an allocation of any pools', () => {
  const amount = fc.bigInt({ min: -(10n ** 22n), max: 10n ** 22n });
  const weights = fc.uniqueArray(
    fc.tuple(fc.string({ maxLength: 3 }), fc.oneof(fc.constant(0n), fc.bigInt(0n, 10n ** 12n))),
    { selector: ([team]) => team, maxLength: 5 },
  );
  const given = fc.record({
    platform: amount,
    gateway: amount,
    store: amount,
    loose: amount,
    byGateway: weights,
    byStore: weights,
    capacity: fc.bigInt(0n, 10n ** 13n),
  });

  it('is all of what they cost, credits and zero weights included, in any order of rules and weights alike', () => {
    fc.assert(
      fc.property(given, ({ platform, gateway, store, loose, byGateway, byStore, capacity }) => {
        const names = ['platform', 'gateway', 'store', 'loose'];
        const rules = [
          rule('platform', { kind: 'overhead', over: ['gateway', 'store'] }),
          rule('gateway', usage()),
          rule('store', {
            kind: 'reserved',
            signal: { name: 'requests', where: [] },
            reserved: [],
            capacity: { part: capacity, over: 1n },
          }),
        ];
        const plan = { pools: names.map(pool), signals: [], rules };
        const costs = new Map(Object.entries({ platform, gateway, store, loose }));
        const teams = new Map([
          ['rule of gateway', byGateway],
          ['rule of store', byStore],
        ]);
        const found = run(plan, costs, teams);
        const whole = platform + gateway + store + loose;
        const sum = found.shares.reduce((all, share) => all + share.amount, 0n);
        if (sum !== whole) throw new Error(`the shares are ${sum}, the pools ${whole}`);
        const loads = found.loads.reduce((all, load) => all + load.amount, 0n);
        if (found.loads.length > 0 && loads !== platform) throw new Error(`loads are ${loads}`);
        const turned = run(
          { ...plan, pools: plan.pools.toReversed(), rules: rules.toReversed() },
          costs,
          new Map([...teams].map(([name, list]) => [name, list.toReversed()])),
        );
        expect(received(turned)).toEqual(received(found));
      }),
      { numRuns: 1000, seed: 20_261_122 },
    );
  });

  it('with nobody to weigh stays as it is, and says so', () => {
    const plan = { pools: [pool('gateway')], signals: [], rules: [rule('gateway', usage())] };
    const { shares, findings } = run(plan, new Map([['gateway', -5n]]), new Map());
    expect(shares.map(({ to, amount }) => [to.kind, amount])).toEqual([['unallocated', -5n]]);
    expect(findings).toEqual([
      {
        code: 'zero-weight',
        about: 'rule of gateway',
        message:
          'rule of gateway: nobody weighs anything in a part of the period, so that gateway stays unallocated there',
        failed: false,
      },
    ]);
  });
});

describe('a review', () => {
  const every = (days: number, months: number): RulePlan => ({
    ...rule('gateway', usage()),
    lastReviewed: Date.UTC(2026, 0, 31),
    reviewEvery: { text: '', days, months },
  });

  it.each([
    [90, 0, '2026-05-01'],
    // A month after the 31st of January is the last day of February.
    [0, 1, '2026-02-28'],
    [0, 12, '2027-01-31'],
  ])('every %i days and %i months is due on %s', (days, months, day) =>
    expect(new Date(dueDay(every(days, months))).toISOString().slice(0, 10)).toBe(day),
  );

  it('is overdue from the day after', () => {
    expect(isOverdue(every(0, 1), Date.parse('2026-02-28T23:59:59Z'))).toBe(false);
    expect(isOverdue(every(0, 1), Date.parse('2026-03-01T00:00:00Z'))).toBe(true);
  });
});
