import { consumerText } from '../domain/allocation-shares.ts';
import type { CallSums, CallSumsQuery } from '../domain/call-signals.ts';
import type { Dimension, Fact } from '../domain/spend.ts';
import type { StoredEvent } from '../ledger/stored-event.ts';
import type { AttributedLedger } from './attributed-ledger.ts';

/** Time and retries of calls, by tags as the rules attribute them: summed by the ledger where there are no rules. */
export function sumCalls(ledger: AttributedLedger, query: CallSumsQuery): readonly CallSums[] {
  if (ledger.rules === undefined) return ledger.callSums(query);
  const { span, by, where } = query;
  const sums = new Map<string, CallSums>();
  for (const stored of ledger.events({ span, where, order: 'time' })) {
    const tagged = ledger.tagged(stored);
    const key = by.map((dimension) => valueOf(tagged, dimension));
    const id = consumerText(key);
    const { requests, latencyMs, retryCount } = stored.event;
    const before = sums.get(id) ?? { key, ...NO_SUMS };
    const count = BigInt(requests);
    sums.set(id, {
      key,
      requests: before.requests + count,
      latencyMs: before.latencyMs + BigInt(latencyMs ?? 0),
      timed: before.timed + (latencyMs === undefined ? 0n : count),
      retries: before.retries + BigInt(retryCount ?? 0),
      retryCounted: before.retryCounted + (retryCount === undefined ? 0n : count),
    });
  }
  return [...sums.values()];
}

const NO_SUMS = { requests: 0n, latencyMs: 0n, timed: 0n, retries: 0n, retryCounted: 0n };

/** What an event has of a dimension; null where it has none. */
function valueOf({ event, format }: StoredEvent, { kind, name }: Dimension): string | null {
  if (kind === 'tag') return Object.hasOwn(event.tags, name) ? (event.tags[name] ?? null) : null;
  const facts: Readonly<Record<Fact, string | undefined>> = {
    provider: event.provider,
    model: event.model,
    request_model: event.requestModel,
    operation: event.operation,
    service_tier: event.serviceTier,
    region: event.region,
    status: event.status,
    count_source: event.countSource,
    format,
  };
  return facts[name] ?? null;
}
