import { termName } from './contract.ts';
import { type Money, money } from './money.ts';
import { contractSpan, HARDWARE_PERIOD, type Overlays, periodOf } from './overlays.ts';
import { type Instance, instancesIn, type TermPeriod } from './pool.ts';
import { type Capacity, capacityOver, termsOfKind } from './pool-money.ts';
import type { Settlement } from './settlement.ts';
import type { CostKind, Position, Span } from './spend.ts';

/** Money that no call is charged for: capacity as it accrues, capacity nobody used, the rest of a commitment. */
export interface OwnCharge {
  readonly kind: 'capacity' | 'unused capacity' | 'shortfall';
  /** Name of the term or of the hardware. */
  readonly of: string;
  readonly cost: Money;
}

/** A capacity in one of its periods, as far as a span and the present reach into it. */
export interface CapacityPeriod {
  readonly name: string;
  readonly capacity: Capacity;
  readonly instance: Instance;
  readonly span: Required<Span>;
  readonly cost: Money;
}

/** A capacity's period, and how much of it was used. */
export interface UsedCapacity extends CapacityPeriod {
  /** Hours with at least one call. */
  readonly hoursUsed: number;
  readonly tokens: bigint;
}

/** Every period of every capacity that a span meets, up to now. */
export function* capacityPeriods(
  { contracts, servings }: Overlays,
  span: Required<Span>,
  now: number,
): Generator<CapacityPeriod> {
  const all: readonly {
    readonly name: string;
    readonly capacity: Capacity;
    readonly period: TermPeriod;
    readonly own: Span;
  }[] = [
    ...termsOfKind(contracts, 'provisioned').map((of) => ({
      name: termName(of),
      capacity: { kind: 'provisioned', of } as const,
      period: periodOf(of),
      own: contractSpan(of.contract),
    })),
    ...servings.map((serving) => ({
      name: serving.name,
      capacity: { kind: 'hardware', serving } as const,
      period: HARDWARE_PERIOD,
      own: serving.span,
    })),
  ];
  for (const { name, capacity, period, own } of all)
    for (const instance of instancesIn(name, period, own, span)) {
      const part = {
        start: Math.max(span.start, instance.start),
        end: Math.min(span.end, instance.end, now),
      };
      if (part.end > part.start)
        yield {
          name,
          capacity,
          instance,
          span: part,
          cost: capacityOver(capacity, instance, part),
        };
    }
}

/**
 * The charges of a span beside those of calls. Contracted cost has capacity as it accrues; effective cost
 * spreads it over its usage, so that only capacity without any usage is left. What a commitment lacks is
 * charged at the end of its period. `now` is milliseconds UTC: nothing accrues after it.
 */
export function ownCharges(
  kind: CostKind,
  overlays: Overlays,
  settlement: Settlement,
  span: Required<Span>,
  now: number,
): readonly OwnCharge[] {
  if (kind === 'list') return [];
  const found: OwnCharge[] = [];
  for (const { name, capacity, instance, cost } of capacityPeriods(overlays, span, now)) {
    if (kind === 'contracted' && capacity.kind === 'provisioned')
      found.push({ kind: 'capacity', of: name, cost });
    if (kind === 'effective' && settlement.usageOf(instance.id).weight === 0n)
      found.push({ kind: 'unused capacity', of: name, cost });
  }
  for (const of of termsOfKind(overlays.contracts, 'commit')) {
    const own = contractSpan(of.contract);
    for (const instance of instancesIn(termName(of), of.term.period, own, span)) {
      const ended = instance.end <= now && instance.end <= span.end && instance.end > span.start;
      const short = of.term.amount - settlement.drawn(instance.id);
      if (ended && short > 0n && of.term.shortfall === 'billed')
        found.push({ kind: 'shortfall', of: termName(of), cost: money(short) });
    }
  }
  return summed(found);
}

/** One charge of each kind and name, in the order they were found. */
function summed(charges: readonly OwnCharge[]): readonly OwnCharge[] {
  const sums = new Map<string, OwnCharge>();
  for (const charge of charges) {
    const key = `${charge.kind}|${charge.of}`;
    const present = sums.get(key);
    sums.set(key, { ...charge, cost: money((present?.cost ?? 0n) + charge.cost) });
  }
  return [...sums.values()].filter(({ cost }) => cost !== 0n);
}

/** When anything that costs by the clock, or counts by the period, begins; `undefined` when nothing says. */
export function firstInstant(
  { contracts, servings }: Overlays,
  whole: readonly Position[],
): number | undefined {
  const starts = [
    ...contracts.map(({ from }) => from),
    ...servings.map(({ span, pool }) => span.start ?? pool.inService ?? Number.NaN),
    // Ids end with the first day of their period.
    ...whole.flatMap(({ pool, commit }) =>
      [pool, commit].map((id) => Date.parse((id ?? '').slice(-10))),
    ),
  ].filter((time) => Number.isFinite(time));
  return starts.length === 0 ? undefined : Math.min(...starts);
}
