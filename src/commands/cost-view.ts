import { type Command, Option } from 'commander';
import {
  capacityPeriods,
  firstInstant,
  ownCharges,
  type UsedCapacity,
} from '../domain/own-charges.ts';
import { stepsIn } from '../domain/steps.ts';
import { withCharges } from '../reports/spend-charges.ts';
import type { Overlays } from '../domain/overlays.ts';
import { createSettlement, type Settlement } from '../domain/settlement.ts';
import {
  COST_KINDS,
  type CostKind,
  type Span,
  type SpendAnswer,
  type SpendQuery,
} from '../domain/spend.ts';
import { totalsOf, type UsageTotals } from '../domain/meters.ts';
import { type Money, ZERO } from '../domain/money.ts';
import { costAt, positionOf } from '../domain/position.ts';
import type { StoredEvent } from '../ledger/stored-event.ts';
import type { StoredRate } from '../ledger/stored-rate.ts';
import type { RatedEvent } from '../reports/event-record.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Session } from './session.ts';

/** The flag that chooses which cost is meant. */
export interface CostFlags {
  readonly cost: CostKind;
}

/** Adds --cost. */
export const withCost = (command: Command): Command =>
  command.addOption(
    new Option('--cost <kind>', 'by list prices, contracts, or all that was paid spread over use')
      .choices([...COST_KINDS])
      .default('list'),
  );

/** Answers about spend in the kind of cost that was asked for. */
export interface CostView {
  readonly kind: CostKind;
  /** Costs of calls only. */
  readonly spend: (query: SpendQuery) => SpendAnswer;
  /** Costs of calls, with charges that no call makes as rows of their own unless something is filtered. */
  readonly answer: (query: SpendQuery) => SpendAnswer;
  /** What usage costs under a rate; `undefined` where that is not known. */
  readonly costOf: (rate: StoredRate, usage: UsageTotals, requests: bigint) => Money | undefined;
  /** Capacity in a span, with the hours of each period in which it was used; for effective cost only. */
  readonly capacity: (span: Span) => readonly UsedCapacity[];
}

const listCost: CostView['costOf'] = (rate, usage, requests) => {
  if (rate.kind === 'not-billable') return ZERO;
  return rate.kind === 'rated' ? costAt(rate.prices, usage, requests) : undefined;
};

/** An event with its cost of the kind that a view shows. */
export const settledEvent = (view: CostView, stored: StoredEvent): RatedEvent => {
  const { event, rate } = stored;
  if (view.kind === 'list') return stored;
  const cost = view.costOf(rate, totalsOf(event.usage), BigInt(event.requests));
  return { ...stored, settled: cost ?? null };
};

/** Opens the view on a ledger. List cost reads no contract. */
export async function openCostView(
  kind: CostKind,
  session: Session,
  ledger: Ledger,
  now: number,
): Promise<CostView> {
  if (kind === 'list')
    return {
      kind,
      spend: ledger.spend,
      answer: ledger.spend,
      costOf: listCost,
      capacity: () => [],
    };
  const overlays = await session.overlays();
  const everything = ledger.spend({
    span: {},
    by: [],
    timeZone: 'UTC',
    where: [],
    negotiated: true,
  });
  const whole = everything.rows.flatMap(({ negotiated }) => negotiated?.positions ?? []);
  const settlement: Settlement = createSettlement(kind, overlays, whole, now);
  const first = firstInstant(overlays, whole);
  const bounded = ({ start, end }: Span): Required<Span> => ({
    start: start ?? first ?? now,
    end: end ?? now,
  });
  const spend = (query: SpendQuery): SpendAnswer =>
    settlement.settle(ledger.spend({ ...query, negotiated: true }));
  const owed = (span: Required<Span>) => ownCharges(kind, overlays, settlement, span, now);
  return {
    kind,
    spend,
    costOf: (rate, usage, requests) =>
      rate.kind === 'not-billable'
        ? ZERO
        : rate.kind === 'unrated' && rate.pool === undefined
          ? undefined
          : settlement.costOf(positionOf(rate, usage, requests)),
    answer(query) {
      if (query.where.length > 0) return spend(query);
      const { grain, timeZone } = query;
      const span = bounded(query.span);
      const steps =
        grain === undefined
          ? [{ charges: owed(span) }]
          : [...stepsIn(grain, timeZone, span)].map((one) => ({
              step: one.step,
              charges: owed(one.span),
            }));
      return withCharges(spend(query), steps, query.by.length);
    },
    capacity: (span) =>
      kind === 'effective' ? usedCapacity(overlays, ledger, bounded(span), now) : [],
  };
}

function usedCapacity(
  overlays: Overlays,
  ledger: Ledger,
  span: Required<Span>,
  now: number,
): readonly UsedCapacity[] {
  const periods = [...capacityPeriods(overlays, span, now)];
  if (periods.length === 0) return [];
  const hours = new Map<string, number>();
  const tokens = new Map<string, bigint>();
  const byHour = ledger.spend({
    span,
    by: [],
    grain: 'hour',
    timeZone: 'UTC',
    where: [],
    negotiated: true,
  });
  for (const { negotiated } of byHour.rows)
    for (const pool of new Set(negotiated?.positions.map((position) => position.pool))) {
      if (pool === undefined) continue;
      const ofPool = negotiated?.positions.filter((position) => position.pool === pool) ?? [];
      hours.set(pool, (hours.get(pool) ?? 0) + 1);
      for (const { tokens: used } of ofPool) tokens.set(pool, (tokens.get(pool) ?? 0n) + used);
    }
  return periods.map((period) => ({
    ...period,
    hoursUsed: hours.get(period.instance.id) ?? 0,
    tokens: tokens.get(period.instance.id) ?? 0n,
  }));
}
