import { totalsOf } from '../../domain/meters.ts';
import { costAt } from '../../domain/position.ts';
import { totalInput } from '../../domain/usage.ts';
import type { LedgerToRead } from '../../ledger/ledger-to-read.ts';
import type { StoredEvent } from '../../ledger/stored-event.ts';
import type { FailingRuns } from '../failing-runs.ts';
import { minuteAnswers } from '../minute-answers.ts';
import type { Pace } from '../pace.ts';
import type { LatestCall } from '../snapshot.ts';
import type { Questions } from '../take-snapshot.ts';

/** The screen's questions, put to a ledger. */
export const questionsOf = (ledger: LedgerToRead, failing: FailingRuns, pace: Pace): Questions => ({
  spend: ledger.spend,
  minute: minuteAnswers(ledger.spend),
  latest: (limit) =>
    [...ledger.events({ span: {}, where: [], order: 'latest', limit })].map(callOf),
  dearest: (start, where, limit) =>
    [...ledger.events({ span: { start }, where, order: 'dearest', limit })].map(callOf),
  first: () => ledger.extent()?.start,
  failing,
  pace,
});

/** A stored event as a line of the screen. */
function callOf({ key, event, rate }: StoredEvent): LatestCall {
  const cost =
    rate.kind === 'rated'
      ? costAt(rate.prices, totalsOf(event.usage), BigInt(event.requests))
      : undefined;
  return {
    id: key,
    model: event.model,
    tokens: BigInt(totalInput(event.usage) + event.usage.output),
    status: event.status,
    ...(event.time === undefined ? {} : { time: event.time }),
    ...(cost === undefined ? {} : { cost }),
    ...(event.latencyMs === undefined ? {} : { latencyMs: event.latencyMs }),
  };
}
