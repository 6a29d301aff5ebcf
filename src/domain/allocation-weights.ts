import type {
  AllocationFinding,
  AskedSignal,
  ConsumerKey,
  DatedQuantity,
  RulePlan,
} from './allocation-plan.ts';
import {
  type ConsumerWeight,
  consumerText,
  sumOfQuotients,
  type Unweighed,
  type Weighing,
} from './allocation-shares.ts';
import { instantOf } from './accrual.ts';
import { type Fraction, NOTHING, plus, times } from './fraction.ts';
import { type Money, ZERO } from './money.ts';
import { SIGNALS } from './signals.ts';
import type { Span } from './spend.ts';

/** What calls that are charged directly come to for one consumer. */
export interface DirectUse {
  readonly key: ConsumerKey;
  readonly cost: Money;
  readonly requests: bigint;
}

/** What a signal says of one consumer, in the signal's unit. */
export interface MeasuredUse extends ConsumerWeight {
  /** What the consumer had reserved, where the signal says that too. */
  readonly reserved?: Fraction;
}

/** What a signal says in a step; a reason where it says nothing, which is not the same as nothing used. */
export type Measured =
  | {
      readonly kind: 'measured';
      readonly uses: readonly MeasuredUse[];
      /** The unit of the quantities, where it is not the signal's own. */
      readonly unit?: string;
      /** What somebody has to know about the measurement. */
      readonly caution?: string;
    }
  | { readonly kind: 'missing'; readonly reason: string };

/** What rules are weighed by. Steps are spans as an allocation asks of them. */
export interface WeightSources {
  readonly direct: (rule: RulePlan, step: Required<Span>) => readonly DirectUse[];
  /** Whom the lines of a bill name by their tags. */
  readonly owners: (rule: RulePlan, step: Required<Span>) => readonly ConsumerKey[];
  readonly measured: (asked: AskedSignal, rule: RulePlan, step: Required<Span>) => Measured;
  /** The capacity of a rule's pool in a step, in the unit of the signal, where the pool itself knows it. */
  readonly capacity: (
    rule: RulePlan,
    asked: AskedSignal,
    step: Required<Span>,
  ) => Fraction | undefined;
  /** The whole step of the rule's grain that a clipped one is part of. */
  readonly wholeStep: (rule: RulePlan, step: Required<Span>) => Required<Span>;
  readonly timeZone: string;
}

/** Weighs the consumers of a rule in a step of time. */
export function weigh(
  rule: RulePlan,
  step: Required<Span>,
  sources: WeightSources,
): Weighing | Unweighed {
  const { method } = rule;
  const plainly = (unit: string, consumers: readonly ConsumerWeight[]): Weighing => ({
    unit,
    consumers: merged(consumers),
    findings: [],
  });
  switch (method.kind) {
    case 'direct':
      return {
        ...plainly('Owner', method.to === undefined ? [] : [alike(method.to)]),
        findings:
          method.signal === undefined
            ? []
            : usersBeside(
                rule,
                method.to === undefined ? sources.owners(rule, step) : [method.to],
                method.signal,
                step,
                sources,
              ),
      };
    case 'even':
      return plainly(
        'Consumers',
        (method.among ?? activeConsumers(sources.direct(rule, step))).map(alike),
      );
    case 'weighted':
      return plainly('Weight', inForce(method.table, step, step, sources.timeZone));
    case 'proportional':
      return plainly(
        'USD',
        sources.direct(rule, step).map(({ key, cost }) => ({
          key,
          quantity: { part: cost > 0n ? cost : ZERO, over: ATTO_PER_DOLLAR },
          places: [],
        })),
      );
    case 'usage': {
      const measured = sources.measured(method.signal, rule, step);
      return measured.kind === 'missing'
        ? { failure: missing(rule, measured.reason) }
        : {
            ...plainly(measured.unit ?? unitOf(method.signal), measured.uses),
            findings: cautionsOf(rule, measured),
          };
    }
    case 'reserved':
      return reservedWeights(rule, method, step, sources);
    case 'overhead':
      return plainly('USD', []);
  }
}

const ATTO_PER_DOLLAR = 10n ** 18n;
const ONE: Fraction = { part: 1n, over: 1n };
const alike = (key: ConsumerKey): ConsumerWeight => ({ key, quantity: ONE, places: [] });
const unitOf = ({ name }: AskedSignal): string => SIGNALS.get(name)?.unit ?? name;

/** Consumers with calls of their own; what has no tag is nobody that an even share could go to. */
const activeConsumers = (direct: readonly DirectUse[]): readonly ConsumerKey[] =>
  direct
    .filter(({ key, requests }) => requests > 0n && key.every((value) => value !== null))
    .map(({ key }) => key);

const missing = (rule: RulePlan, reason: string): AllocationFinding => ({
  code: 'signal-missing',
  about: rule.name,
  message: `${rule.name}: ${reason}, so that ${rule.pool} stays unallocated`,
  failed: true,
});

const cautionsOf = (rule: RulePlan, measured: Measured): readonly AllocationFinding[] =>
  measured.kind === 'missing' || measured.caution === undefined
    ? []
    : [
        {
          code: 'signal-incomplete',
          about: rule.name,
          message: `${rule.name}: ${measured.caution}`,
          failed: false,
        },
      ];

/** One weight for each consumer, in the order of their first. */
function merged(consumers: readonly ConsumerWeight[]): readonly ConsumerWeight[] {
  const found = new Map<string, ConsumerWeight>();
  for (const one of consumers) {
    const id = consumerText(one.key);
    const present = found.get(id);
    found.set(
      id,
      present === undefined
        ? one
        : {
            ...one,
            quantity: sumOfQuotients([present.quantity, one.quantity]),
            places: [...present.places, ...one.places],
          },
    );
  }
  return [...found.values()];
}

/**
 * What a table gives in a step: each quantity for the part of `whole` in which it is in force, so that a change in
 * the middle of a month counts for half of it.
 */
function inForce(
  table: readonly DatedQuantity[],
  step: Required<Span>,
  whole: Required<Span>,
  timeZone: string,
): readonly ConsumerWeight[] {
  return table.flatMap(({ key, quantity, since, until }) => {
    const start = Math.max(
      step.start,
      since === undefined ? step.start : instantOf(since, timeZone),
    );
    const end = Math.min(step.end, until === undefined ? step.end : instantOf(until, timeZone));
    if (end <= start) return [];
    const lasting = times(quantity, BigInt(end - start), BigInt(whole.end - whole.start));
    return [{ key, quantity: lasting, places: [] }];
  });
}

function reservedWeights(
  rule: RulePlan,
  method: Extract<RulePlan['method'], { readonly kind: 'reserved' }>,
  step: Required<Span>,
  sources: WeightSources,
): Weighing | Unweighed {
  const measured = sources.measured(method.signal, rule, step);
  if (measured.kind === 'missing') return { failure: missing(rule, measured.reason) };
  if (measured.unit !== undefined)
    return {
      failure: {
        code: 'unit-of-capacity',
        about: rule.name,
        message: `${rule.name}: ${method.signal.name} is measured over time, and its capacity is not, so that ${rule.pool} stays unallocated`,
        failed: true,
      },
    };
  const whole = sources.wholeStep(rule, step);
  const capacity =
    method.capacity === undefined
      ? sources.capacity(rule, method.signal, step)
      : times(method.capacity, BigInt(step.end - step.start), BigInt(whole.end - whole.start));
  if (capacity === undefined)
    return {
      failure: {
        code: 'capacity-unknown',
        about: rule.name,
        message: `${rule.name}: nothing says how much of ${method.signal.name} ${rule.pool} can give, so that it stays unallocated; write capacity: {quantity, unit} into the rule`,
        failed: true,
      },
    };
  const requests = merged([
    ...inForce(method.reserved, step, whole, sources.timeZone),
    ...measured.uses.map((one) => ({ ...one, quantity: one.reserved ?? NOTHING })),
  ]);
  const used = merged(measured.uses);
  const usedOf = new Map(used.map((one) => [consumerText(one.key), one]));
  const consumers = requests.map((request): ConsumerWeight => {
    const usage = usedOf.get(consumerText(request.key))?.quantity ?? NOTHING;
    return { ...request, quantity: isMore(usage, request.quantity) ? usage : request.quantity };
  });
  const sum = sumOfQuotients(consumers.map(({ quantity }) => quantity));
  const isOver = isMore(sum, capacity);
  return {
    unit: measured.unit ?? unitOf(method.signal),
    consumers,
    idle: isOver ? NOTHING : plus(capacity, times(sum, -1n)),
    findings: isOver
      ? [
          ...cautionsOf(rule, measured),
          {
            code: 'over-capacity',
            about: rule.name,
            message: `${rule.name}: more of ${rule.pool} is reserved or used than there is, so that nothing of it is idle; look at its capacity and at the unit of ${method.signal.name}`,
            failed: false,
          },
        ]
      : cautionsOf(rule, measured),
  };
}

const isMore = (a: Fraction, b: Fraction): boolean => a.part * b.over > b.part * a.over;

/** Tells that a resource charged whole to the owner of its tag is used by others. */
function usersBeside(
  rule: RulePlan,
  owners: readonly ConsumerKey[],
  signal: AskedSignal,
  step: Required<Span>,
  sources: WeightSources,
): readonly AllocationFinding[] {
  const measured = sources.measured(signal, rule, step);
  if (measured.kind === 'missing')
    return [
      {
        code: 'signal-missing',
        about: rule.name,
        message: `${rule.name}: ${measured.reason}, so that nobody knows who else uses ${rule.pool}`,
        failed: false,
      },
    ];
  const users = merged(measured.uses).filter(({ quantity }) => quantity.part > 0n);
  const owning = new Set(owners.map(consumerText));
  const others = users.filter(({ key }) => !owning.has(consumerText(key)));
  if (others.length === 0) return [];
  const named = (keys: readonly ConsumerKey[]): string =>
    [
      ...keys.slice(0, MOST_NAMED).map((key) => consumerName(rule, key)),
      ...(keys.length > MOST_NAMED ? [`${keys.length - MOST_NAMED} more`] : []),
    ].join(', ');
  return [
    {
      code: 'charged-to-owner',
      about: rule.name,
      message: `${rule.name}: ${rule.pool} is charged whole to ${named(owners)}, while others use it by ${signal.name}: ${named(others.map(({ key }) => key))}; method: usage would split it`,
      failed: false,
    },
  ];
}

/** Most consumers that a message names. */
const MOST_NAMED = 5;

/** A consumer as messages name it: `team=search`. */
const consumerName = ({ by }: Pick<RulePlan, 'by'>, key: ConsumerKey): string =>
  by.map(({ name }, index) => `${name}=${key[index] ?? '(untagged)'}`).join(', ');
