import { NO_USAGE, type UsageEvent } from '../domain/usage.ts';
import { type Adapter, skip } from './contract/adapter.ts';
import {
  at,
  countAt,
  isFields,
  isoTimeAt,
  listAt,
  presentTags,
  requiredText,
  textAt,
} from './contract/fields.ts';
import { positiveCounts } from './contract/positive-counts.ts';
import { scaledDollarsAt } from './contract/scaled-dollars.ts';

export default {
  id: 'anthropic-claude-code-report',
  title: 'Anthropic Admin API Claude Code report, one JSON page a file or line',
  source: {
    url: 'https://docs.anthropic.com/en/api/claude-code-analytics-api',
    checked: '2026-11-21',
  },
  recognizes: (record) =>
    daysOf(record).some(
      (day) => Array.isArray(at(day, 'model_breakdown')) && isFields(at(day, 'actor')),
    ),
  normalize: (record) => {
    const events = daysOf(record).flatMap((day) =>
      listAt(day, 'model_breakdown').map((part) => modelEvent(day, part)),
    );
    return events.length > 0 ? { events } : skip('page without usage');
  },
} satisfies Adapter;

const daysOf = (record: unknown): readonly unknown[] =>
  Array.isArray(at(record, 'data')) ? listAt(record, 'data') : [record];

function modelEvent(day: unknown, part: unknown): UsageEvent {
  const tokens = (name: string) => countAt(part, 'tokens', name);
  const [input, output] = [tokens('input'), tokens('output')];
  const known = input !== undefined || output !== undefined;
  const subscription = textAt(day, 'customer_type') === 'subscription';
  return {
    id: undefined,
    time: isoTimeAt(day, 'date'),
    provider: 'anthropic',
    model: requiredText(part, 'model'),
    operation: 'chat',
    status: 'success',
    // Seats of a subscription are not charged by the token.
    billable: !subscription,
    countSource: known ? 'aggregated' : 'missing',
    requests: 1,
    usage: {
      ...NO_USAGE,
      input: input ?? 0,
      cacheRead: tokens('cache_read') ?? 0,
      cacheWrite: positiveCounts({ default: tokens('cache_creation') }),
      output: output ?? 0,
    },
    reportedCost: estimatedCost(part),
    tags: presentTags({
      user: textAt(day, 'actor', 'email_address'),
      api_key: textAt(day, 'actor', 'api_key_name'),
    }),
    ...(subscription && { labels: ['customer_type=subscription'] }),
  };
}

/** The report counts in cents. */
const estimatedCost = (part: unknown) =>
  (textAt(part, 'estimated_cost', 'currency') ?? 'USD').toUpperCase() === 'USD'
    ? scaledDollarsAt(100n, part, 'estimated_cost', 'amount')
    : undefined;
