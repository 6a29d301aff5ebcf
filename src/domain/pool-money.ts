import type { Contract, ProvisionedTerm, TermOf, VolumeTerm } from './contract.ts';
import { asMoney, type Fraction, NOTHING, plus, times, timesDecimal } from './fraction.ts';
import type { Money } from './money.ts';
import { accruedOver, type Serving } from './own-hardware.ts';
import type { Instance } from './pool.ts';
import type { Span } from './spend.ts';

const HOUR_MS = 3_600_000n;

/** All usage of a pool in one of its periods. */
export interface PoolUsage {
  readonly weight: bigint;
  readonly tokens: bigint;
}

/** What a volume term leaves of the list cost of a period's usage. */
export function volumeMoney(term: VolumeTerm, { weight, tokens }: PoolUsage): Money {
  const volume = term.by === 'tokens' ? tokens : weight;
  if (volume <= 0n) return asMoney({ part: weight, over: 1n });
  const all: Fraction = { part: weight, over: 1n };
  if (term.scheme === 'whole') {
    const step = term.steps.findLast(({ from }) => from <= volume);
    return asMoney(step === undefined ? all : timesDecimal(all, step.factor));
  }
  const parts = term.steps.map(({ from, factor }, index): Fraction => {
    const next = term.steps[index + 1]?.from ?? volume;
    const within = (volume < next ? volume : next) - from;
    return within <= 0n ? NOTHING : timesDecimal(times(all, within, volume), factor);
  });
  return asMoney(parts.reduce(plus, NOTHING));
}

/** What capacity costs over a part of one of its months: reserved units by the month, the others by the hour. */
function provisionedOver(
  term: ProvisionedTerm,
  instance: Instance,
  { start, end }: Required<Span>,
): Fraction {
  if (end <= start) return NOTHING;
  const passed = BigInt(end - start);
  const reserved = Math.min(term.reserved?.units ?? 0, term.units);
  const hourly: Fraction = {
    part: term.hourlyPerUnit * BigInt(term.units - reserved) * passed,
    over: HOUR_MS,
  };
  if (term.reserved === undefined) return hourly;
  const month: Fraction = {
    part: term.reserved.monthlyPerUnit * BigInt(term.reserved.units),
    over: 1n,
  };
  return plus(hourly, times(month, passed, BigInt(instance.end - instance.start)));
}

/** Capacity that is paid by the clock: units of a vendor, or own machines. */
export type Capacity =
  | { readonly kind: 'provisioned'; readonly of: TermOf<ProvisionedTerm> }
  | { readonly kind: 'hardware'; readonly serving: Serving };

/**
 * What a capacity costs over a part of one of its periods. Counted from the period's beginning, so that
 * the costs of stretches that follow one another add up to the cost of all of them.
 */
export function capacityOver(
  capacity: Capacity,
  instance: Instance,
  { start, end }: Required<Span>,
): Money {
  const until = (edge: number): Money => {
    const span = {
      start: instance.start,
      end: Math.max(instance.start, Math.min(edge, instance.end)),
    };
    return asMoney(
      capacity.kind === 'provisioned'
        ? provisionedOver(capacity.of.term, instance, span)
        : accruedOver(capacity.serving, span),
    );
  };
  return asMoney({ part: until(end) - until(start), over: 1n });
}

/** Terms of one kind, with their contracts. */
export const termsOfKind = <Kind extends TermOf['term']['kind']>(
  contracts: readonly Contract[],
  kind: Kind,
): readonly TermOf<Extract<TermOf['term'], { readonly kind: Kind }>>[] =>
  contracts.flatMap((contract) =>
    contract.terms.flatMap((term) =>
      term.kind === kind
        ? [{ contract, term: term as Extract<TermOf['term'], { readonly kind: Kind }> }]
        : [],
    ),
  );
