import { AI_PROVIDER } from '../bills-contract/ai-service.ts';
import { type BillAdapter, type BillNormalized, skipRow } from '../bills-contract/bill-adapter.ts';
import {
  amountOf,
  cellOf,
  type ChargePeriod,
  requiredAmount,
  type Row,
  rowOf,
  timeFrom,
} from '../bills-contract/bill-fields.ts';
import { openAiLineItem } from '../bills-contract/openai-line-item.ts';
import { hasColumns } from '../contract/csv-row.ts';
import { DecodeError } from '../contract/decode-error.ts';
import { epochSecondsAt, presentTags } from '../contract/fields.ts';

/** The cost export of OpenAI's dashboard, in its layouts of 2025 and 2026. */
// The header as the exports seen so far have it, and the names that the documentation adds.
const COLUMNS = [
  'start_time',
  'end_time',
  'start_time_iso',
  'end_time_iso',
  'amount_value',
  'amount_currency',
  'quantity',
  'quantity_unit',
  'line_item',
  'user_id',
  'api_key_id',
  'project_id',
  'organization_id',
  'project_name',
  'organization_name',
  'user_email',
  'api_source',
];

export default {
  reads: 'bills',
  id: 'openai-cost-csv',
  title: 'OpenAI dashboard cost export (CSV)',
  source: { url: 'https://help.openai.com/en/articles/8554956', checked: '2026-11-21' },
  columns: COLUMNS,
  recognizes: (record) => hasColumns(record, 'start_time', 'amount_value', 'amount_currency'),
  normalize(record): BillNormalized {
    const row = rowOf(record);
    if (!row.has('amount_value') && !row.has('line_item')) return skipRow('empty bucket');
    const billed = requiredAmount(row, 'amount_value');
    const quantity = amountOf(row, 'quantity');
    const unit = row.get('quantity_unit');
    return {
      lines: [
        {
          id: undefined,
          ...periodOfRow(row),
          provider: 'openai',
          account: cellOf(row, 'organization_id', 'organization_name'),
          category: 'Usage',
          currency: (row.get('amount_currency') ?? 'usd').toUpperCase(),
          billed,
          effective: billed,
          quantity,
          unit,
          ...openAiLineItem(row.get('line_item'), quantity, unit),
          tags: presentTags({
            project: cellOf(row, 'project_name', 'project_id'),
            api_key: row.get('api_key_id'),
            user: cellOf(row, 'user_email', 'user_id'),
          }),
          labels: ['project_id', 'api_source'].flatMap((column) => {
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

/** The seconds are exact; the ISO columns may lack their offset, which is UTC. */
function periodOfRow(row: Row): ChargePeriod {
  const [start, end] = ['start_time', 'end_time'].map((column) => {
    const iso = row.get(`${column}_iso`);
    const time = row.has(column)
      ? epochSecondsAt(row.get(column))
      : iso === undefined
        ? undefined
        : timeFrom(iso);
    if (time === undefined) throw new DecodeError(column, 'a time', row.get(column));
    return time;
  });
  if (start === undefined || end === undefined)
    throw new DecodeError('start_time', 'a time', start);
  return { start, end };
}
