import { NO_USAGE, type Usage, type UsageEvent } from '../../domain/usage.ts';

/** What Anthropic's usage report and the Console's CSV say of a row, each under names of its own. */
interface AnthropicAggregate extends Pick<
  UsageEvent,
  'time' | 'model' | 'serviceTier' | 'inferenceGeo' | 'tags'
> {
  /** `undefined` where the row has no count at all: its tokens are then missing, not zero. */
  readonly usage: Usage | undefined;
  /** Anthropic's name of a range of context sizes, kept as a label. */
  readonly contextWindow: string | undefined;
}

/** One row of sums over many messages. Neither source says how many: the event stands for one. */
export const anthropicAggregate = (row: AnthropicAggregate): UsageEvent => ({
  id: undefined,
  time: row.time,
  provider: 'anthropic',
  model: row.model,
  operation: 'chat',
  serviceTier: row.serviceTier,
  inferenceGeo: row.inferenceGeo,
  status: 'success',
  billable: true,
  countSource: row.usage === undefined ? 'missing' : 'aggregated',
  requests: 1,
  usage: row.usage ?? NO_USAGE,
  tags: row.tags,
  ...(row.contextWindow !== undefined && { labels: [`context_window=${row.contextWindow}`] }),
});
