import { NO_USAGE, type UsageEvent } from '../domain/usage.ts';
import { type Adapter, type AdapterReader, type Normalized, skip } from './contract/adapter.ts';
import { lowerKeys } from './contract/columns.ts';
import { hasColumns } from './contract/csv-row.ts';
import { DecodeError } from './contract/decode-error.ts';
import {
  countAt,
  type Fields,
  isoTimeAt,
  presentTags,
  requiredText,
  textAt,
} from './contract/fields.ts';
import { readAlone } from './contract/read-alone.ts';

// The header as the exports seen so far have it, and the names that the documentation adds.
const COLUMNS = [
  'user_id',
  'start_time_iso',
  'end_time_iso',
  'model',
  'api_key_name',
  'api_key',
  'type',
  'price',
  'amount',
  'utc_date',
];

export default {
  id: 'deepseek-usage-csv',
  title: 'DeepSeek usage export: amount-*.csv',
  source: { url: 'https://platform.deepseek.com/usage', checked: '2026-11-21' },
  columns: COLUMNS,
  recognizes: (record) => hasColumns(record, 'model', 'api_key_name', 'type', 'price', 'amount'),
  normalize: (record) => readAlone(openExport)(record),
  open: () => openExport(),
} satisfies Adapter;

const TYPES = [
  'request_count',
  'input_cache_hit_tokens',
  'input_cache_miss_tokens',
  'output_tokens',
] as const;

/** The counts of one model and key in one period, of which each row of the file has one. */
interface Period {
  readonly row: Fields;
  readonly counts: Map<string, number>;
}

function openExport(): AdapterReader {
  const open = new Map<string, Period>();
  return {
    normalize(record) {
      const row = lowerKeys(record);
      const type = textAt(row, 'type') ?? '';
      if (!TYPES.some((known) => known === type)) return skip(`amount of type ${type}`);
      const amount = countAt(row, 'amount');
      if (amount === undefined) throw new DecodeError('amount', 'a whole number, 0 or more', '');
      timeOf(row);
      return added(open, row, type, amount);
    },
    end() {
      const rest = [...open.values()].map(eventOf);
      open.clear();
      return rest.flat();
    },
  };
}

/** Adds a row to its period, which is an event as soon as all types are there or one comes again. */
function added(open: Map<string, Period>, row: Fields, type: string, amount: number): Normalized {
  const key = JSON.stringify(
    [
      'user_id',
      'start_time_iso',
      'end_time_iso',
      'utc_date',
      'model',
      'api_key_name',
      'api_key',
    ].map((name) => textAt(row, name) ?? ''),
  );
  const present = open.get(key);
  const repeated = present?.counts.has(type) === true ? present : undefined;
  const period =
    present === undefined || repeated !== undefined ? { row, counts: new Map() } : present;
  period.counts.set(type, amount);
  open.set(key, period);
  const events = repeated === undefined ? [] : eventOf(repeated);
  if (period.counts.size < TYPES.length) return { events };
  open.delete(key);
  return { events: [...events, ...eventOf(period)] };
}

/** Nothing for a period without requests. The prices are in the account's currency, which the file does not name. */
function eventOf({ row, counts }: Period): readonly UsageEvent[] {
  const requests = counts.get('request_count');
  const [cacheRead, input, output] = TYPES.slice(1).map((type) => counts.get(type) ?? 0);
  const usage = {
    ...NO_USAGE,
    input: input ?? 0,
    cacheRead: cacheRead ?? 0,
    output: output ?? 0,
  };
  if ((requests ?? 0) + usage.input + usage.cacheRead + usage.output === 0) return [];
  const counted = TYPES.slice(1).some((type) => counts.has(type));
  return [
    {
      id: undefined,
      time: timeOf(row),
      provider: 'deepseek',
      model: requiredText(row, 'model'),
      operation: 'chat',
      status: 'success',
      billable: true,
      countSource: counted ? 'aggregated' : 'missing',
      requests: counted ? Math.max(requests ?? 1, 1) : 1,
      usage,
      tags: presentTags({
        user: textAt(row, 'user_id'),
        api_key: textAt(row, 'api_key_name') ?? textAt(row, 'api_key'),
      }),
    },
  ];
}

/** The start of the period; older files have a day instead, `20261106`. */
function timeOf(row: Fields): number | undefined {
  const day = textAt(row, 'utc_date')?.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  return isoTimeAt(row, 'start_time_iso') ?? isoTimeAt({ utc_date: day }, 'utc_date');
}
