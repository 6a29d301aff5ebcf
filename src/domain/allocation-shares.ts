import { allocate } from './allocation.ts';
import type { AllocationFinding, ConsumerKey, PoolPlan, RulePlan } from './allocation-plan.ts';
import type { Fraction } from './fraction.ts';
import { type Money, money, ZERO } from './money.ts';
import type { Dimension, Span } from './spend.ts';

/** What one consumer weighs under a rule in a step of time. */
export interface ConsumerWeight {
  readonly key: ConsumerKey;
  /** 0 or more, in the unit of the weighing. */
  readonly quantity: Fraction;
  /** Where the quantity was read, as `file:line`; empty for what the ledger or the rule itself says. */
  readonly places: readonly string[];
}

/** What a rule weighs in a step of time. */
export interface Weighing {
  /** FOCUS UsageUnit. */
  readonly unit: string;
  readonly consumers: readonly ConsumerWeight[];
  /** Capacity that nobody used or reserved, where the rule knows the capacity. */
  readonly idle?: Fraction;
  readonly findings: readonly AllocationFinding[];
}

/** A rule that cannot be applied, with the reason. */
export interface Unweighed {
  readonly failure: AllocationFinding;
}

/** Who gets a share. What nobody used is idle; what no rule could split is unallocated. */
export type Receiver =
  | { readonly kind: 'consumer'; readonly key: ConsumerKey }
  | { readonly kind: 'idle' }
  | { readonly kind: 'unallocated' };

/** Money of a pool on its way to a consumer. */
export interface Charge {
  /** The pool that the money comes from. */
  readonly of: PoolPlan;
  /** The pool whose rule carries it on, where that is another one. */
  readonly via?: string;
  readonly amount: Money;
}

/** A part of a charge with who carries it, and why. */
export interface Share extends Charge {
  readonly step: Required<Span>;
  /** Absent where no rule splits the pool. */
  readonly rule?: RulePlan;
  readonly by: readonly Dimension[];
  readonly to: Receiver;
  readonly unit?: string;
  /** What the receiver weighs, in the unit. */
  readonly quantity?: Fraction;
  /** The weight as a whole number, and the sum of all; of equal scale within a charge. */
  readonly weight: bigint;
  readonly weights: bigint;
  readonly places: readonly string[];
}

/** A part of what a pool costs that has an owner of its own, as lines of a bill have by their tags. */
export interface OwnedCost {
  readonly to: Receiver;
  readonly amount: Money;
  readonly places: readonly string[];
}

/** Whether a rule gives each line of a bill to whom its tags name. */
export const isByOwnTags = ({ method }: RulePlan): boolean =>
  method.kind === 'direct' && method.to === undefined;

/** The text that settles ties and tells consumers apart. */
export const consumerText = (key: ConsumerKey): string => JSON.stringify(key);

const IDLE = 'idle';

/** Splits charges in a step of time as a rule weighs it. Parts of a charge add up to it exactly. */
export function splitCharges(
  charges: readonly Charge[],
  rule: RulePlan,
  step: Required<Span>,
  weighing: Weighing,
): readonly Share[] {
  const { consumers, idle, unit } = weighing;
  const quantities = [
    ...consumers.map(({ quantity }) => quantity),
    ...(idle === undefined ? [] : [idle]),
  ];
  const weights = commonWeights(quantities);
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  const weighed = weights.map((weight, index) => {
    const consumer = consumers[index];
    return { key: consumer === undefined ? IDLE : consumerText(consumer.key), weight };
  });
  return charges.flatMap((charge): Share[] => {
    const parts = allocate(charge.amount, weighed);
    const split = { ...charge, step, rule, by: rule.by };
    if (parts === undefined) return [{ ...split, to: restOf(charge.of, rule), ...UNWEIGHED }];
    return parts.flatMap((part, index): Share[] => {
      const [consumer, weight = 0n] = [consumers[index], weights[index]];
      if (weight === 0n) return [];
      const quantity = quantities[index];
      return [
        {
          ...split,
          amount: money(part),
          to: consumer === undefined ? { kind: 'idle' } : { kind: 'consumer', key: consumer.key },
          unit,
          ...(quantity === undefined ? {} : { quantity }),
          weight,
          weights: whole,
          places: consumer?.places ?? [],
        },
      ];
    });
  });
}

/** A pool's own charge as its parts have owners; overhead that it has to carry follows these. */
export function ownedShares(
  charges: readonly Charge[],
  rule: RulePlan,
  step: Required<Span>,
  owned: readonly OwnedCost[],
): readonly Share[] {
  const parts = owned.map((part) => ({
    ...part,
    key: part.to.kind === 'consumer' ? consumerText(part.to.key) : part.to.kind,
    weight: part.amount > 0n ? part.amount : 0n,
  }));
  const weights = parts.reduce((sum, { weight }) => sum + weight, 0n);
  return charges.flatMap((charge): Share[] => {
    const amounts =
      charge.via === undefined ? parts.map(({ amount }) => amount) : allocate(charge.amount, parts);
    if (amounts === undefined)
      return [{ ...charge, step, rule, by: rule.by, to: { kind: 'unallocated' }, ...UNWEIGHED }];
    return parts.map(({ to, weight, places }, index) => ({
      ...charge,
      step,
      rule,
      by: rule.by,
      amount: money(amounts[index] ?? 0n),
      to,
      unit: 'USD',
      quantity: { part: weight, over: 10n ** 18n },
      weight,
      weights,
      places,
    }));
  });
}

const UNWEIGHED = { weight: 0n, weights: 0n, places: [] };

/** Charges that no rule splits, or whose rule failed. */
export const unallocated = (
  charges: readonly Charge[],
  step: Required<Span>,
  rule: RulePlan | undefined,
): readonly Share[] =>
  charges
    .filter(({ amount }) => amount !== ZERO)
    .map((charge) => ({
      ...charge,
      step,
      ...(rule === undefined ? {} : { rule }),
      by: [],
      to: { kind: 'unallocated' },
      ...UNWEIGHED,
    }));

/** Where money goes when nobody weighs anything: what was kept ready stood idle, anything else is left over. */
const restOf = ({ source }: PoolPlan, { method }: RulePlan): Receiver =>
  source.kind === 'hardware' || source.kind === 'capacity' || method.kind === 'reserved'
    ? { kind: 'idle' }
    : { kind: 'unallocated' };

/** Quotients as whole numbers of one scale, as small as they can be. */
function commonWeights(quantities: readonly Fraction[]): readonly bigint[] {
  const over = quantities.reduce((common, each) => leastCommon(common, each.over), 1n);
  const weights = quantities.map((each) => each.part * (over / each.over));
  const divisor = weights.reduce(greatestCommon, 0n);
  return divisor === 0n ? weights : weights.map((weight) => weight / divisor);
}

/** The exact sum of quotients, with a divisor that does not grow with their number. */
export function sumOfQuotients(quantities: readonly Fraction[]): Fraction {
  const over = quantities.reduce((common, each) => leastCommon(common, each.over), 1n);
  return {
    part: quantities.reduce((sum, each) => sum + each.part * (over / each.over), 0n),
    over,
  };
}

const leastCommon = (a: bigint, b: bigint): bigint => (a / greatestCommon(a, b)) * b;
const greatestCommon = (a: bigint, b: bigint): bigint => {
  let [one, other] = [a, b];
  while (other !== 0n) [one, other] = [other, one % other];
  return one < 0n ? -one : one;
};
