import { accrued } from '../domain/accrual.ts';
import type {
  AllocationFinding,
  AllocationPlan,
  PoolPlan,
  RulePlan,
} from '../domain/allocation-plan.ts';
import type { OwnedCost } from '../domain/allocation-shares.ts';
import { termName } from '../domain/contract.ts';
import { costOfRows } from '../domain/direct-spend.ts';
import { asMoney } from '../domain/fraction.ts';
import { type Money, money, ZERO } from '../domain/money.ts';
import { nearest } from '../domain/nearest.ts';
import type { Overlays } from '../domain/overlays.ts';
import { capacityPeriods, type CapacityPeriod } from '../domain/own-charges.ts';
import { accruedOver, type HardwarePool } from '../domain/own-hardware.ts';
import { termsOfKind } from '../domain/pool-money.ts';
import type { Span } from '../domain/spend.ts';
import { stepsIn, wholeStepAt } from '../domain/steps.ts';
import { UserError } from '../errors.ts';
import type { LedgerToRead } from '../ledger/ledger-to-read.ts';
import {
  asDollars,
  billPools,
  linesIn,
  ownedLines,
  placeOf,
  type PoolBills,
} from './allocate-bills.ts';
import type { ToldTags } from './allocate-told.ts';
import type { LedgerCalls } from './allocate-calls.ts';
import type { CostView } from './cost-view.ts';

/** Where a part of a pool's money comes from. */
export interface CostLine {
  readonly what: string;
  /** `file:line`; `undefined` for calls of the ledger. */
  readonly place: string | undefined;
  readonly cost: Money;
}

/** What pools cost. */
export interface PoolCosts {
  readonly costOf: (pool: PoolPlan, step: Required<Span>) => Money;
  /** What the lines of a pool's bills come to by their own tags; what a cluster had idle is nobody's. */
  readonly ownedBy: (rule: RulePlan, step: Required<Span>) => readonly OwnedCost[];
  /** Every part of what a pool costs in the asked span. */
  readonly linesOf: (pool: PoolPlan) => readonly CostLine[];
  readonly machineOf: (pool: PoolPlan) => HardwarePool | undefined;
  readonly periodsOf: (pool: PoolPlan, step: Required<Span>) => readonly CapacityPeriod[];
  readonly findings: readonly AllocationFinding[];
}

/** What costs are looked up in. */
export interface CostsOptions {
  readonly plan: AllocationPlan;
  readonly ledger: LedgerToRead;
  readonly calls: LedgerCalls;
  readonly overlays: Overlays;
  /** All machines, whether a model runs on them or not. */
  readonly machines: readonly HardwarePool[];
  readonly view: Pick<CostView, 'kind' | 'answer' | 'spend'>;
  readonly span: Required<Span>;
  readonly timeZone: string;
  readonly shown: (path: string) => string;
  readonly tagOfLine: ToldTags['tagOfLine'];
}

/** Opens the costs of all pools. Throws UserError for machines and terms that nothing declares. */
export function openCosts(options: CostsOptions): PoolCosts {
  const { plan, calls, overlays, view, span, timeZone, shown } = options;
  checkKind(options);
  const machines = new Map(
    plan.pools.flatMap((pool) =>
      pool.source.kind === 'hardware'
        ? [[pool.name, machineNamed(pool, pool.source.name, options.machines)] as const]
        : [],
    ),
  );
  const terms = new Map(
    plan.pools.flatMap((pool) =>
      pool.source.kind === 'capacity'
        ? [[pool.name, termNamed(pool, pool.source.term, overlays)] as const]
        : [],
    ),
  );
  const bills = billPools(plan.pools, options.ledger, span, shown);
  const periodsOf = (pool: PoolPlan, step: Required<Span>): readonly CapacityPeriod[] =>
    [...capacityPeriods(overlays, step, span.end)].filter(
      ({ name }) => name === terms.get(pool.name),
    );
  /** What the report of a step has beside the cost of calls, less what pools of capacity take of it. */
  const chargesOf = (step: Required<Span>): Money => {
    const question = { span: step, by: [], timeZone, where: [] };
    const taken = plan.pools
      .filter(({ source }) => source.kind === 'capacity')
      .reduce((sum, pool) => sum + costOf(pool, step), 0n);
    const owed = costOfRows(view.answer(question).rows) - costOfRows(view.spend(question).rows);
    return money(owed - taken);
  };
  const costOf = (pool: PoolPlan, step: Required<Span>): Money => {
    switch (pool.source.kind) {
      case 'bill':
        return asDollars(linesIn(bills, pool.name, step));
      case 'hardware': {
        const machine = machines.get(pool.name);
        return machine === undefined ? ZERO : hoursOf(machine, step, timeZone);
      }
      case 'capacity':
        return periodsOf(pool, step).reduce((sum, { cost }) => money(sum + cost), ZERO);
      case 'accrued':
        return pool.source.accruals.reduce(
          (sum, each) => money(sum + accrued(each, step, timeZone)),
          ZERO,
        );
      case 'spend':
        return costOfRows(calls.pooled(pool.name, step));
      case 'charges':
        return chargesOf(step);
      case 'idle-of':
        return ZERO;
    }
  };
  const machineOf = ({ name }: PoolPlan): HardwarePool | undefined => machines.get(name);
  return {
    costOf,
    ownedBy: (rule, step) => ownedLines(linesIn(bills, rule.pool, step), rule, options),
    linesOf: (pool) => costLines(pool, options, { bills, costOf, machineOf }),
    machineOf,
    periodsOf,
    findings: bills.findings,
  };
}

/** Every part of what a pool costs in the asked span, with the place that says so. */
function costLines(
  pool: PoolPlan,
  { span, timeZone, shown }: CostsOptions,
  {
    bills,
    costOf,
    machineOf,
  }: Pick<PoolCosts, 'costOf' | 'machineOf'> & { readonly bills: PoolBills },
): readonly CostLine[] {
  const { source, origin } = pool;
  const declared = `${shown(origin.file)}:${origin.line ?? 1}`;
  switch (source.kind) {
    case 'bill':
      return (bills.lines.get(pool.name) ?? []).map((stored) => ({
        what: [stored.line.provider, stored.line.service, stored.line.description]
          .filter((part) => part !== undefined)
          .join(' '),
        place: placeOf(stored, shown),
        cost: asDollars([stored]),
      }));
    case 'accrued':
      return source.accruals.map((each) => ({
        what: each.label,
        place: declared,
        cost: accrued(each, span, timeZone),
      }));
    case 'hardware': {
      const machine = machineOf(pool);
      return [
        {
          what: `all hours of ${source.name}`,
          place: machine === undefined ? declared : `${shown(machine.file)}:${machine.line}`,
          cost: costOf(pool, span),
        },
      ];
    }
    case 'capacity':
      return [{ what: `capacity ${source.term}`, place: declared, cost: costOf(pool, span) }];
    case 'spend':
      return [{ what: 'calls of the ledger', place: undefined, cost: costOf(pool, span) }];
    case 'charges':
      return [{ what: 'charges of contracts', place: undefined, cost: costOf(pool, span) }];
    case 'idle-of':
      return [];
  }
}

/** A cost that calls carry already cannot be a pool too. */
function checkKind({ plan, view: { kind } }: CostsOptions): void {
  for (const { name, source, origin } of plan.pools) {
    const carried =
      (source.kind === 'capacity' && kind !== 'contracted') ||
      (source.kind === 'hardware' && kind === 'effective');
    if (carried)
      throw new UserError(
        `pools.${name}: under --cost ${kind} the cost of calls has ${source.kind === 'capacity' ? 'the tokens of this capacity' : 'these hours'} in it already`,
        { origin, hint: 'Ask with --cost contracted, which keeps the two apart.' },
      );
  }
}

function machineNamed(
  { name, origin }: PoolPlan,
  wanted: string,
  machines: readonly HardwarePool[],
): HardwarePool {
  const found = machines.filter((machine) => machine.name === wanted);
  const [machine] = found;
  if (machine !== undefined && found.length === 1) return machine;
  const names = machines.map((each) => each.name);
  const close = nearest(wanted, names);
  throw new UserError(
    found.length > 1
      ? `pools.${name}.hardware: two files of infrastructure have a pool "${wanted}"; give them names of their own`
      : `pools.${name}.hardware: no infrastructure has a pool "${wanted}"${close === undefined ? '' : `; did you mean "${close}"?`}`,
    {
      origin,
      hint:
        names.length === 0
          ? 'Machines are declared in infrastructure/ of the folder that rates: names; see rates/infrastructure/README.md.'
          : `There are ${names.join(', ')}.`,
    },
  );
}

/** The full name of a term of capacity, told by it or by its id alone. */
function termNamed({ name, origin }: PoolPlan, wanted: string, { contracts }: Overlays): string {
  const terms = termsOfKind(contracts, 'provisioned').map((of) => ({
    full: termName(of),
    id: of.term.id,
  }));
  const found = terms.filter(({ full, id }) => full === wanted || id === wanted);
  const [term] = found;
  if (term !== undefined && found.length === 1) return term.full;
  throw new UserError(
    `pools.${name}.capacity: ${found.length > 1 ? 'several contracts have' : 'no contract has'} provisioned capacity called "${wanted}"`,
    {
      origin,
      hint:
        terms.length === 0
          ? 'Contracts are declared in contracts/ of the folder that rates: names; see rates/contracts/README.md.'
          : `There is ${terms.map(({ full }) => `"${full}"`).join(', ')}.`,
    },
  );
}

/** What machines cost in a step, counted from the beginning of each month so that steps add up. */
function hoursOf(pool: HardwarePool, step: Required<Span>, timeZone: string): Money {
  const { accelerators } = pool;
  let total = 0n;
  for (const { span } of stepsIn('month', timeZone, step)) {
    const { start } = wholeStepAt('month', timeZone, span.start);
    const upTo = (end: number): bigint =>
      asMoney(accruedOver({ pool, accelerators }, { start, end }));
    total += upTo(span.end) - upTo(span.start);
  }
  return money(total);
}
