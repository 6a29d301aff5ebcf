import { ZERO } from '../domain/money.ts';
import type { Overlays } from '../domain/overlays.ts';
import {
  capacityPeriods,
  firstInstant,
  ownCharges,
  type UsedCapacity,
} from '../domain/own-charges.ts';
import { positionOf } from '../domain/position.ts';
import { createSettlement } from '../domain/settlement.ts';
import type { CostKind, Span, SpendAnswer, SpendQuery } from '../domain/spend.ts';
import { stepsIn } from '../domain/steps.ts';
import type { LedgerToRead } from '../ledger/ledger-to-read.ts';
import { withCharges } from '../reports/spend-charges.ts';
import type { CostView } from './cost-view.ts';

/** The view of contracted or effective cost: pools and commitments settled over the whole ledger. */
export function settledView(
  kind: CostKind,
  overlays: Overlays,
  ledger: LedgerToRead,
  now: number,
): CostView {
  const everything = ledger.spend({
    span: {},
    by: [],
    timeZone: 'UTC',
    where: [],
    negotiated: true,
  });
  const whole = everything.rows.flatMap(({ negotiated }) => negotiated?.positions ?? []);
  const settlement = createSettlement(kind, overlays, whole, now);
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
  ledger: LedgerToRead,
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
