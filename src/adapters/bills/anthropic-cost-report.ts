import type { BillLine, TokenType } from '../../domain/bill.ts';
import { AI_PROVIDER } from '../bills-contract/ai-service.ts';
import type { BillAdapter, BillNormalized } from '../bills-contract/bill-adapter.ts';
import { amountAt, isoPeriodAt } from '../bills-contract/bill-fields.ts';
import { DecodeError } from '../contract/decode-error.ts';
import { at, isFields, listAt, presentTags, textAt } from '../contract/fields.ts';

/** Token types as the cost report names them. */
const TOKEN_TYPES: ReadonlyMap<string, TokenType> = new Map([
  ['uncached_input_tokens', 'input'],
  ['output_tokens', 'output'],
  ['cache_read_input_tokens', 'cache_read'],
  ['cache_creation.ephemeral_1h_input_tokens', 'cache_write@1h'],
  ['cache_creation.ephemeral_5m_input_tokens', 'cache_write@5m'],
]);

/** Anthropic's cost report of the Admin API: daily buckets, amounts as decimal text in cents. */
export default {
  reads: 'bills',
  id: 'anthropic-cost-report',
  title: 'Anthropic Admin API cost report (organizations/cost_report)',
  source: {
    url: 'https://platform.claude.com/docs/en/api/admin/cost_report',
    checked: '2026-11-21',
  },
  recognizes: (record) =>
    isBucket(record) ? holdsCosts(record) : listAt(record, 'data').some(holdsCosts),
  normalize(record): BillNormalized {
    const buckets = isBucket(record) ? [record] : listAt(record, 'data');
    const lines = buckets.flatMap((bucket) =>
      listAt(bucket, 'results').map((result) => costLine(bucket, result)),
    );
    const empty = buckets.filter((bucket) => listAt(bucket, 'results').length === 0);
    return { lines, skipped: empty.map(() => 'empty bucket') };
  },
} satisfies BillAdapter;

const isBucket = (record: unknown): boolean =>
  isFields(record) && 'starting_at' in record && 'results' in record;

const holdsCosts = (bucket: unknown): boolean =>
  isBucket(bucket) &&
  listAt(bucket, 'results').some(
    (result) => isFields(result) && 'amount' in result && 'currency' in result,
  );

function costLine(bucket: unknown, result: unknown): BillLine {
  const period = isoPeriodAt(bucket, 'starting_at', 'ending_at');
  const cents = amountAt(result, 'amount');
  const currency = textAt(result, 'currency');
  if (cents === undefined || currency === undefined)
    throw new DecodeError('amount', 'cents and a currency', at(result, 'amount'));
  const billed = { digits: cents.digits, scale: cents.scale + 2 };
  const tokenType = TOKEN_TYPES.get(textAt(result, 'token_type') ?? '');
  const labels = ['cost_type', 'service_tier', 'context_window', 'inference_geo'].flatMap((key) => {
    const text = textAt(result, key);
    return text === undefined ? [] : [`${key}=${text}`];
  });
  return {
    id: undefined,
    part: JSON.stringify([period.start, period.end, result]),
    ...period,
    provider: 'anthropic',
    account: textAt(result, 'workspace_id'),
    category: 'Usage',
    currency: currency.toUpperCase(),
    billed,
    effective: billed,
    description: textAt(result, 'description'),
    meter: textAt(result, 'token_type') ?? textAt(result, 'cost_type'),
    model: textAt(result, 'model'),
    tokenType,
    tags: presentTags({ project: textAt(result, 'workspace_id') }),
    labels,
    flags: [],
    ai: AI_PROVIDER,
  };
}
