import { allocate } from './allocation.ts';
import type {
  AllocationFinding,
  AllocationPlan,
  PoolPlan,
  RuleGrain,
  RulePlan,
} from './allocation-plan.ts';
import {
  type Charge,
  isByOwnTags,
  type OwnedCost,
  ownedShares,
  type Share,
  splitCharges,
  unallocated,
  type Unweighed,
  type Weighing,
} from './allocation-shares.ts';
import { type Money, money, ZERO } from './money.ts';
import type { Span } from './spend.ts';
import { counted } from './words.ts';

/** What an allocation asks of the world. Every answer is for a step of time, milliseconds UTC, half-open. */
export interface AllocationWorld {
  /** What a pool costs; idle of another pool is not asked for. */
  readonly costOf: (pool: PoolPlan, step: Required<Span>) => Money;
  /** What a pool costs by the tags that its own lines have; together what it costs. */
  readonly ownedBy: (rule: RulePlan, step: Required<Span>) => readonly OwnedCost[];
  readonly weigh: (rule: RulePlan, step: Required<Span>) => Weighing | Unweighed;
  /** The steps of a grain that the asked span meets, clipped to it. */
  readonly stepsOf: (grain: RuleGrain) => readonly Required<Span>[];
  /** The asked span as one step, for pools without a rule. */
  readonly span: Required<Span>;
}

/** The first of two steps: overhead that a cost pool has to carry, by its own cost. */
export interface Load {
  readonly step: Required<Span>;
  readonly rule: RulePlan;
  readonly of: PoolPlan;
  readonly to: PoolPlan;
  readonly amount: Money;
  readonly weight: bigint;
  readonly weights: bigint;
}

/** Shared costs with who carries them. The shares of all pools add up to what the pools cost. */
export interface Allocation {
  readonly shares: readonly Share[];
  readonly loads: readonly Load[];
  /** What each pool costs in the asked span, in the order of the plan; idle of another pool costs nothing more. */
  readonly costs: ReadonlyMap<string, Money>;
  readonly findings: readonly AllocationFinding[];
}

/**
 * Splits every pool by its rule, step by step: rounded only there, so that longer periods are sums. Overhead first,
 * over pools and in the order of the rules; then each pool with what it has to carry; what is left idle last.
 */
export function runAllocation(plan: AllocationPlan, world: AllocationWorld): Allocation {
  const run: RunSums = {
    shares: [],
    loads: [],
    costs: new Map(plan.pools.map(({ name }) => [name, ZERO])),
    found: new Map(),
  };
  for (const pool of plan.pools) {
    if (plan.rules.some((rule) => rule.pool === pool.name)) continue;
    if (pool.source.kind === 'idle-of') continue;
    const amount = addCost(run, pool, world.costOf(pool, world.span));
    run.shares.push(...unallocated([{ of: pool, amount }], world.span, undefined));
    if (amount !== ZERO)
      tell(run, {
        code: 'no-rule',
        about: pool.name,
        message: `${pool.name}: no rule splits this pool, so that it stays unallocated`,
        failed: false,
      });
  }
  for (const grain of new Set(plan.rules.map((rule) => rule.grain)))
    for (const step of world.stepsOf(grain)) allocateStep(plan, grain, step, world, run);
  const { shares, loads, costs } = run;
  return { shares, loads, costs, findings: findingsOf(run) };
}

/** What a run has come to so far. */
interface RunSums {
  readonly shares: Share[];
  readonly loads: Load[];
  readonly costs: Map<string, Money>;
  /** By what it says of whom, with how often. */
  readonly found: Map<string, { readonly first: AllocationFinding; count: number }>;
}

function addCost({ costs }: RunSums, { name }: PoolPlan, amount: Money): Money {
  costs.set(name, money((costs.get(name) ?? 0n) + amount));
  return amount;
}

function tell({ found }: RunSums, finding: AllocationFinding): void {
  const id = `${finding.code} ${finding.about}`;
  const present = found.get(id);
  if (present === undefined) found.set(id, { first: finding, count: 1 });
  else present.count += 1;
}

/** Each finding with its first message, and in how many more steps of time it is the like. */
const findingsOf = ({ found }: RunSums): readonly AllocationFinding[] =>
  [...found.values()].map(({ first, count }) =>
    count === 1
      ? first
      : { ...first, message: `${first.message}; the like ${counted(count - 1, 'more time')}` },
  );

function allocateStep(
  plan: AllocationPlan,
  grain: RuleGrain,
  step: Required<Span>,
  world: AllocationWorld,
  run: RunSums,
): void {
  const rules = plan.rules.filter((rule) => rule.grain === grain);
  const poolOf = (name: string): PoolPlan | undefined =>
    plan.pools.find((pool) => pool.name === name);
  const own = new Map<string, Charge[]>();
  for (const rule of rules) {
    const pool = poolOf(rule.pool);
    if (pool === undefined || pool.source.kind === 'idle-of') continue;
    own.set(pool.name, [{ of: pool, amount: addCost(run, pool, world.costOf(pool, step)) }]);
  }
  // Bases are looked at before anything is carried on: overhead follows what a pool costs by itself.
  const bases = new Map([...own].map(([name, [charge]]) => [name, charge?.amount ?? ZERO]));
  for (const rule of rules)
    if (rule.method.kind === 'overhead') spreadOverhead(rule, step, { own, bases, poolOf, run });
  const idle = new Map<string, Charge[]>();
  const wanted = new Set(
    plan.pools.flatMap(({ source }) => (source.kind === 'idle-of' ? [source.pool] : [])),
  );
  const ordered = [...rules].sort(
    (a, b) => Number(isIdlePool(poolOf(a.pool))) - Number(isIdlePool(poolOf(b.pool))),
  );
  for (const rule of ordered) {
    const pool = poolOf(rule.pool);
    if (pool === undefined || rule.method.kind === 'overhead') continue;
    const { source } = pool;
    const charges = (source.kind === 'idle-of' ? idle.get(source.pool) : own.get(pool.name)) ?? [];
    const carried = charges
      // Lines of a bill that come to nothing together may still be somebody's cost and somebody's credit.
      .filter(({ amount, via }) => amount !== ZERO || (isByOwnTags(rule) && via === undefined))
      .map((charge) => (source.kind === 'idle-of' ? { ...charge, via: pool.name } : charge));
    if (carried.length === 0) continue;
    for (const share of sharesOf(rule, step, carried, world, run)) {
      const { of, via, amount } = share;
      if (share.to.kind === 'idle' && wanted.has(pool.name) && hasRule(plan, pool.name, grain))
        idle.set(pool.name, [
          ...(idle.get(pool.name) ?? []),
          { of, amount, ...(via === undefined ? {} : { via }) },
        ]);
      else run.shares.push(share);
    }
  }
}

const isIdlePool = (pool: PoolPlan | undefined): boolean => pool?.source.kind === 'idle-of';

/** Whether a rule of the grain takes what a pool leaves idle. */
const hasRule = ({ pools, rules }: AllocationPlan, name: string, grain: RuleGrain): boolean =>
  pools.some(
    ({ name: own, source }) =>
      source.kind === 'idle-of' &&
      source.pool === name &&
      rules.some((rule) => rule.pool === own && rule.grain === grain),
  );

function sharesOf(
  rule: RulePlan,
  step: Required<Span>,
  charges: readonly Charge[],
  world: AllocationWorld,
  run: RunSums,
): readonly Share[] {
  const weighing = world.weigh(rule, step);
  if ('failure' in weighing) {
    tell(run, weighing.failure);
    return unallocated(charges, step, rule);
  }
  for (const finding of weighing.findings) tell(run, finding);
  const shares = isByOwnTags(rule)
    ? ownedShares(charges, rule, step, world.ownedBy(rule, step))
    : splitCharges(charges, rule, step, weighing);
  if (shares.some(({ weights, to }) => weights === 0n && to.kind !== 'consumer'))
    tell(run, {
      code: 'zero-weight',
      about: rule.name,
      message: `${rule.name}: nobody weighs anything in a part of the period, so that ${rule.pool} stays ${shares[0]?.to.kind ?? 'unallocated'} there`,
      failed: false,
    });
  return shares;
}

/** What spreading overhead reads and adds to. */
interface Spreading {
  readonly own: Map<string, Charge[]>;
  readonly bases: ReadonlyMap<string, Money>;
  readonly poolOf: (name: string) => PoolPlan | undefined;
  readonly run: RunSums;
}

/** Spreads a pool over the pools that its rule names, by what they cost themselves; credits weigh nothing. */
function spreadOverhead(
  rule: RulePlan,
  step: Required<Span>,
  { own, bases, poolOf, run }: Spreading,
): void {
  const [charge] = own.get(rule.pool) ?? [];
  if (charge === undefined || charge.amount === ZERO || rule.method.kind !== 'overhead') return;
  const weighed = rule.method.over.map((key) => {
    const base = bases.get(key) ?? ZERO;
    return { key, weight: base > 0n ? base : 0n };
  });
  const parts = allocate(charge.amount, weighed);
  if (parts === undefined) {
    run.shares.push(...unallocated([charge], step, rule));
    tell(run, {
      code: 'zero-weight',
      about: rule.name,
      message: `${rule.name}: none of ${rule.method.over.join(', ')} costs anything in a part of the period, so that ${rule.pool} stays unallocated there`,
      failed: false,
    });
    return;
  }
  const weights = weighed.reduce((sum, { weight }) => sum + weight, 0n);
  for (const [index, { key, weight }] of weighed.entries()) {
    const to = poolOf(key);
    const amount = money(parts[index] ?? 0n);
    if (to === undefined || weight === 0n) continue;
    run.loads.push({ step, rule, of: charge.of, to, amount, weight, weights });
    own.set(key, [...(own.get(key) ?? []), { of: charge.of, via: key, amount }]);
  }
}
