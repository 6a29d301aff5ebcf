import { consumerText } from '../domain/allocation-shares.ts';
import type { CallSums, CallSumsQuery } from '../ledger/call-sums.ts';
import type { AttributedLedger } from './attributed-ledger.ts';

/** Time and retries of calls, by tags as the rules attribute them: summed by the ledger where there are no rules. */
export function sumCalls(ledger: AttributedLedger, query: CallSumsQuery): readonly CallSums[] {
  const { calls } = ledger;
  if (calls === undefined) return ledger.callSums(query);
  const { span, by, where } = query;
  const sums = new Map<string, CallSums>();
  for (const stored of ledger.events({ span, where, order: 'time' })) {
    const key = by.map(({ name }) => calls.find(stored, name)?.value ?? null);
    const id = consumerText(key);
    const { requests, latencyMs, retryCount } = stored.event;
    const before = sums.get(id) ?? { key, ...NO_SUMS };
    const count = BigInt(requests);
    sums.set(id, {
      key,
      requests: before.requests + count,
      latencyMs: before.latencyMs + BigInt(Math.round(latencyMs ?? 0)),
      timed: before.timed + (latencyMs === undefined ? 0n : count),
      retries: before.retries + BigInt(retryCount ?? 0),
      retryCounted: before.retryCounted + (retryCount === undefined ? 0n : count),
    });
  }
  return [...sums.values()];
}

const NO_SUMS = { requests: 0n, latencyMs: 0n, timed: 0n, retries: 0n, retryCounted: 0n };
