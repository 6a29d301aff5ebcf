import type { BillLine } from '../../domain/bill.ts';
import { AI_PROVIDER } from '../bills-contract/ai-service.ts';
import type { BillAdapter, BillNormalized } from '../bills-contract/bill-adapter.ts';
import { amountAt } from '../bills-contract/bill-fields.ts';
import { openAiLineItem } from '../bills-contract/openai-line-item.ts';
import { DecodeError } from '../contract/decode-error.ts';
import { at, epochSecondsAt, isFields, listAt, presentTags, textAt } from '../contract/fields.ts';

/**
 * OpenAI's organization Costs API: pages of daily buckets. Its amounts are JSON numbers, so digits past
 * the seventeenth are lost before they get here; those the API writes are shorter.
 */
export default {
  reads: 'bills',
  id: 'openai-costs',
  title: 'OpenAI Costs API pages (organization/costs)',
  source: {
    url: 'https://platform.openai.com/docs/api-reference/usage/costs',
    checked: '2026-11-21',
  },
  recognizes: (record) =>
    isBucket(record)
      ? holdsCosts(record)
      : at(record, 'object') === 'page' && listAt(record, 'data').some(holdsCosts),
  normalize(record): BillNormalized {
    const buckets = isBucket(record) ? [record] : listAt(record, 'data');
    const lines = buckets.flatMap((bucket) =>
      listAt(bucket, 'results').map((result) => costLine(bucket, result)),
    );
    const empty = buckets.filter((bucket) => listAt(bucket, 'results').length === 0);
    return { lines, skipped: empty.map(() => 'empty bucket') };
  },
} satisfies BillAdapter;

const isBucket = (record: unknown): boolean => at(record, 'object') === 'bucket';

const holdsCosts = (bucket: unknown): boolean =>
  listAt(bucket, 'results').some((result) => at(result, 'object') === 'organization.costs.result');

function costLine(bucket: unknown, result: unknown): BillLine {
  const [start, end] = [epochSecondsAt(bucket, 'start_time'), epochSecondsAt(bucket, 'end_time')];
  const billed = amountAt(result, 'amount', 'value');
  const currency = textAt(result, 'amount', 'currency');
  if (start === undefined || end === undefined || !isFields(result))
    throw new DecodeError('data', 'buckets with start_time and end_time', bucket);
  if (billed === undefined || currency === undefined)
    throw new DecodeError('amount', 'a value and a currency', at(result, 'amount'));
  const quantity = amountAt(result, 'quantity');
  const unit = textAt(result, 'quantity_unit');
  return {
    id: undefined,
    part: JSON.stringify([start, end, result]),
    start,
    end,
    provider: 'openai',
    account: textAt(result, 'organization_id'),
    category: 'Usage',
    currency: currency.toUpperCase(),
    billed,
    effective: billed,
    quantity,
    unit,
    ...openAiLineItem(textAt(result, 'line_item'), quantity, unit),
    tags: presentTags({
      project: textAt(result, 'project_name') ?? textAt(result, 'project_id'),
      api_key: textAt(result, 'api_key_id'),
      user: textAt(result, 'user_id'),
    }),
    labels: [],
    flags: [],
    ai: AI_PROVIDER,
  };
}
