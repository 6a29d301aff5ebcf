import type { TokenType } from '../../domain/bill.ts';
import { AI_PROVIDER } from '../bills-contract/ai-service.ts';
import type { BillAdapter, BillNormalized } from '../bills-contract/bill-adapter.ts';
import { amountOf, dayOf, requiredAmount, rowOf } from '../bills-contract/bill-fields.ts';
import { hasColumns } from '../contract/csv-row.ts';
import { presentTags } from '../contract/fields.ts';

const TOKEN_TYPES: ReadonlyMap<string, TokenType> = new Map([
  ['input_no_cache', 'input'],
  ['input_cache_read', 'cache_read'],
  ['input_cache_write', 'cache_write'],
  ['input_cache_write_5m', 'cache_write@5m'],
  ['input_cache_write_1h', 'cache_write@1h'],
  ['output', 'output'],
]);

const LABELS = [
  'usage_type',
  'context_window',
  'cost_type',
  'inference_geo',
  'speed',
  'api_key_id',
  'api_key_status',
];

/** The cost export of Anthropic's Console, in its layouts since 2024: dollars rounded to cents, no tokens. */
// The header as the exports seen so far have it, and the names that the documentation adds.
const COLUMNS = [
  'usage_date_utc',
  'model',
  'workspace',
  'api_key',
  'usage_type',
  'context_window',
  'token_type',
  'cost_usd',
  'list_price_usd',
  'cost_type',
  'inference_geo',
  'speed',
  'api_key_id',
  'api_key_status',
];

export default {
  reads: 'bills',
  id: 'anthropic-console-cost-csv',
  title: 'Anthropic Console cost export (CSV)',
  source: {
    url: 'https://support.claude.com/en/articles/9534590-cost-and-usage-reporting-in-the-claude-console',
    checked: '2026-11-21',
  },
  columns: COLUMNS,
  recognizes: (record) => hasColumns(record, 'usage_date_utc', 'token_type', 'cost_usd'),
  normalize(record): BillNormalized {
    const row = rowOf(record);
    const billed = requiredAmount(row, 'cost_usd');
    const tokenType = row.get('token_type');
    return {
      lines: [
        {
          id: undefined,
          ...dayOf(row.get('usage_date_utc'), 'usage_date_utc'),
          provider: 'anthropic',
          account: row.get('workspace'),
          category: 'Usage',
          currency: 'USD',
          billed,
          effective: billed,
          list: amountOf(row, 'list_price_usd'),
          meter: tokenType ?? row.get('cost_type'),
          model: row.get('model'),
          tokenType: tokenType === undefined ? undefined : TOKEN_TYPES.get(tokenType),
          tags: presentTags({ project: row.get('workspace'), api_key: row.get('api_key') }),
          labels: LABELS.flatMap((column) => {
            const text = row.get(column);
            return text === undefined ? [] : [`${column}=${text}`];
          }),
          flags: [],
          ai: AI_PROVIDER,
        },
      ],
    };
  },
} satisfies BillAdapter;
