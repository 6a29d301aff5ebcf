import type { AllocationPlan, AskedSignal, PoolPlan, RulePlan } from '../domain/allocation-plan.ts';
import { runAllocation } from '../domain/allocation-run.ts';
import { weigh, type WeightSources } from '../domain/allocation-weights.ts';
import { chargeback } from '../domain/chargeback.ts';
import { costOfRows } from '../domain/direct-spend.ts';
import type { Fraction } from '../domain/fraction.ts';
import { SIGNALS } from '../domain/signals.ts';
import type { Dimension, Span } from '../domain/spend.ts';
import { stepsIn, wholeStepAt } from '../domain/steps.ts';
import type { PoolEvidence } from '../reports/allocate-explain.ts';
import type { Chargeback } from '../reports/allocate-report.ts';
import type { Runtime } from '../runtime.ts';
import type { AllocateFlags } from './allocate.ts';
import { type LedgerCalls, openCalls } from './allocate-calls.ts';
import { openCosts, type PoolCosts } from './allocate-costs.ts';
import { type MeteredSignals, readSignals, signalFlags } from './allocate-signals.ts';
import type { AttributedLedger } from './attributed-ledger.ts';
import { openTold } from './allocate-told.ts';
import { openCostView } from './cost-view.ts';
import { shownPath } from './places.ts';
import type { Session } from './session.ts';

/** What is to be split, and for whom. */
export interface AskedAllocation {
  readonly plan: AllocationPlan;
  readonly by: readonly Dimension[];
  readonly span: Required<Span>;
  readonly timeZone: string;
  readonly flags: AllocateFlags;
}

/** Charges of contracts belong to the whole as well, though aicost.yaml need not name them. */
const CHARGES: PoolPlan = {
  name: 'contract charges',
  part: 'model',
  source: { kind: 'charges' },
  origin: { file: 'aicost.yaml' },
};

/** Gathers calls, costs and signals, and splits them. `evidence` says what the money of each pool is. */
export async function openChargeback(
  { plan: declared, by, span, timeZone, flags }: AskedAllocation,
  session: Session,
  ledger: AttributedLedger,
  runtime: Runtime,
): Promise<{ readonly chargeback: Chargeback; readonly evidence: () => readonly PoolEvidence[] }> {
  const view = await openCostView(flags.cost, session, ledger, runtime.now());
  const plan =
    flags.cost === 'list' ? declared : { ...declared, pools: [...declared.pools, CHARGES] };
  const told = await openTold(ledger.rules);
  const given = [...plan.signals, ...signalFlags(flags.signal ?? [], runtime.cwd)];
  const metered = await readSignals(given, runtime, timeZone, told.valueOf);
  const stepsOf = (grain: RulePlan['grain']): readonly Required<Span>[] =>
    [...stepsIn(grain, timeZone, span)].map((each) => each.span);
  const inSteps = plan.rules.some(({ grain }) => stepsOf(grain).length > 1);
  const calls = openCalls(plan, { ask: view.spend, ledger, span, timeZone, by, inSteps });
  const shown = (path: string): string => shownPath(path, runtime.cwd);
  const has = (kind: PoolPlan['source']['kind']): boolean =>
    plan.pools.some(({ source }) => source.kind === kind);
  const overlays = has('capacity') ? await session.overlays() : { contracts: [], servings: [] };
  const machines = has('hardware') ? await session.hardwarePools() : [];
  const costs = openCosts({
    plan,
    ledger,
    calls,
    overlays,
    machines,
    view,
    span,
    timeZone,
    shown,
    tagOfLine: told.tagOfLine,
  });
  const sources = sourcesOf(plan, { calls, costs, metered, timeZone });
  const allocation = runAllocation(plan, {
    span,
    stepsOf,
    costOf: costs.costOf,
    ownedBy: costs.ownedBy,
    weigh: (rule, step) => weigh(rule, step, sources),
  });
  const rows = chargeback(calls, allocation.shares, by, told.above);
  return {
    chargeback: {
      rows,
      allocation: { ...allocation, findings: [...costs.findings, ...allocation.findings] },
      pools: plan.pools,
      rules: plan.rules,
      reported: costOfRows(view.answer({ span, by: [], timeZone, where: [] }).rows),
      unratedReasons: calls.answer.unratedReasons,
      undatedLeftOut: calls.answer.undatedLeftOut,
    },
    evidence: () =>
      plan.pools.flatMap((pool) =>
        costs.linesOf(pool).map((line) => ({ ...line, pool: pool.name })),
      ),
  };
}

/** Where weights come from: calls, lines of bills, files, and what pools say of themselves. */
function sourcesOf(
  { pools }: AllocationPlan,
  {
    calls,
    costs,
    metered,
    timeZone,
  }: {
    readonly calls: LedgerCalls;
    readonly costs: PoolCosts;
    readonly metered: MeteredSignals;
    readonly timeZone: string;
  },
): WeightSources {
  /** A file goes before the ledger, unless the rule narrows calls. */
  const isMetered = ({ name, where }: AskedSignal): boolean =>
    SIGNALS.get(name)?.inLedger !== true || (where.length === 0 && metered.has(name));
  return {
    timeZone,
    direct: calls.directUse,
    owners: (rule, step) =>
      costs.ownedBy(rule, step).flatMap(({ to }) => (to.kind === 'consumer' ? [to.key] : [])),
    measured: (asked, rule, step) =>
      (isMetered(asked) ? metered.measured : calls.measured)(asked, rule, step),
    capacity: (rule, { name }, step) =>
      capacityOf(
        pools.find((pool) => pool.name === rule.pool),
        name,
        step,
        costs,
      ),
    wholeStep: ({ grain }, { start }) => wholeStepAt(grain, timeZone, start),
  };
}

/** What a pool itself can give in a step: clock time of machines, tokens of provisioned capacity. */
function capacityOf(
  pool: PoolPlan | undefined,
  signal: string,
  step: Required<Span>,
  costs: PoolCosts,
): Fraction | undefined {
  if (pool === undefined) return undefined;
  const isTimed = SIGNALS.get(signal)?.measure.includes('time') === true;
  const machine = costs.machineOf(pool);
  if (machine !== undefined && isTimed) {
    const start = Math.max(step.start, machine.inService ?? step.start);
    const running = BigInt(Math.max(0, step.end - start));
    return { part: running * BigInt(machine.accelerators), over: 1000n };
  }
  if (pool.source.kind !== 'capacity' || !signal.endsWith('tokens')) return undefined;
  let tokens = 0n;
  for (const { capacity, span } of costs.periodsOf(pool, step)) {
    const perMinute =
      capacity.kind === 'provisioned' ? capacity.of.term.tokensPerMinute : undefined;
    if (perMinute === undefined) return undefined;
    tokens += BigInt(perMinute) * BigInt(span.end - span.start);
  }
  return { part: tokens, over: 60_000n };
}
