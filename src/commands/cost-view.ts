import { totalsOf, type UsageTotals } from '../domain/meters.ts';
import { type Money, ZERO } from '../domain/money.ts';
import type { UsedCapacity } from '../domain/own-charges.ts';
import { costAt } from '../domain/position.ts';
import type { CostKind, Span, SpendAnswer, SpendQuery } from '../domain/spend.ts';
import type { LedgerToRead } from '../ledger/ledger-to-read.ts';
import type { StoredEvent } from '../ledger/stored-event.ts';
import type { StoredRate } from '../ledger/stored-rate.ts';
import type { RatedEvent } from '../reports/event-record.ts';
import type { Session } from './session.ts';

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
  ledger: LedgerToRead,
  now: number,
): Promise<CostView> {
  if (kind !== 'list') {
    const { settledView } = await import('./settled-view.ts');
    return settledView(kind, await session.overlays(), ledger, now);
  }
  return {
    kind,
    spend: ledger.spend,
    answer: ledger.spend,
    costOf: listCost,
    capacity: () => [],
  };
}
