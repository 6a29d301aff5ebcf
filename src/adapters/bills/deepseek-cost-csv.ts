import { AI_PROVIDER } from '../bills-contract/ai-service.ts';
import type { BillAdapter, BillNormalized } from '../bills-contract/bill-adapter.ts';
import { cellOf, dayOf, periodOf, requiredAmount, rowOf } from '../bills-contract/bill-fields.ts';
import { hasColumns } from '../contract/csv-row.ts';
import { presentTags } from '../contract/fields.ts';

/** The cost half of DeepSeek's monthly export: one row an hour, model and wallet, no tokens. */
// The header as the exports seen so far have it, and the names that the documentation adds.
const COLUMNS = [
  'user_id',
  'start_time_iso',
  'end_time_iso',
  'model',
  'wallet_type',
  'cost',
  'currency',
  'utc_date',
];

export default {
  reads: 'bills',
  id: 'deepseek-cost-csv',
  title: 'DeepSeek platform cost export (cost-YYYY-M.csv)',
  source: { url: 'https://platform.deepseek.com/usage', checked: '2026-11-21' },
  columns: COLUMNS,
  recognizes: (record) => hasColumns(record, 'model', 'wallet_type', 'cost', 'currency'),
  normalize(record): BillNormalized {
    const row = rowOf(record);
    const billed = requiredAmount(row, 'cost');
    const wallet = row.get('wallet_type');
    return {
      lines: [
        {
          id: undefined,
          // Files of before 2026 have the day as 20261106.
          ...(row.has('utc_date')
            ? dayOf(row.get('utc_date'), 'utc_date')
            : periodOf(row, 'start_time_iso', 'end_time_iso')),
          provider: 'deepseek',
          account: row.get('user_id'),
          category: 'Usage',
          currency: (row.get('currency') ?? 'CNY').toUpperCase(),
          billed,
          effective: billed,
          model: row.get('model'),
          tags: presentTags({
            user: row.get('user_id'),
            api_key: cellOf(row, 'api_key_name', 'api_key'),
          }),
          // Granted balance is a gift of DeepSeek: charged in this export, never paid.
          labels: wallet === undefined ? [] : [`wallet_type=${wallet}`],
          flags: [],
          ai: AI_PROVIDER,
        },
      ],
    };
  },
} satisfies BillAdapter;
