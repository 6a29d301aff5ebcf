import { providerName } from '../../domain/provider-names.ts';
import { NO_USAGE, totalInput, type Usage, type UsageEvent } from '../../domain/usage.ts';

/** What a gateway's or tracer's record says of one call. */
interface WrittenCall extends Pick<
  UsageEvent,
  'id' | 'time' | 'requestModel' | 'errorCode' | 'latencyMs' | 'reportedCost' | 'tags'
> {
  readonly serviceTier?: string | undefined;
  readonly retryCount?: number | undefined;
  readonly provider: string | undefined;
  readonly model: string | undefined;
  /** `chat` where the record does not say. */
  readonly operation?: string | undefined;
  readonly failed: boolean;
  readonly cancelled?: boolean;
  /** Answered from the gateway's own cache: the counts are those of an earlier call, nobody was called. */
  readonly cached?: boolean;
  /** `undefined` where the record has no counts. */
  readonly usage: Usage | undefined;
  readonly labels?: readonly string[];
}

/** The event of one written call: failures and cache hits without usage are not billed, absent counts are missing. */
export function callEvent({ cached = false, ...call }: WrittenCall): UsageEvent {
  const usage = call.usage === undefined || cached ? NO_USAGE : call.usage;
  const model = call.model ?? call.requestModel ?? 'unknown';
  const known = call.usage !== undefined || cached || call.failed;
  const ended = call.failed ? 'failure' : 'success';
  return {
    id: call.id,
    time: call.time,
    provider: providerName(call.provider ?? 'unknown'),
    model,
    requestModel: call.requestModel === model ? undefined : call.requestModel,
    operation: call.operation ?? 'chat',
    serviceTier: call.serviceTier,
    status: call.cancelled === true ? 'cancelled' : ended,
    errorCode: call.errorCode,
    billable: !cached && (!call.failed || totalInput(usage) + usage.output > 0),
    latencyMs: call.latencyMs,
    retryCount: call.retryCount,
    countSource: known ? 'reported' : 'missing',
    requests: 1,
    usage,
    reportedCost: call.reportedCost,
    tags: call.tags,
    ...(call.labels !== undefined && call.labels.length > 0 && { labels: call.labels }),
  };
}
