import { type Adapter, skip } from './contract/adapter.ts';
import { hasKeys, lowerKeys } from './contract/columns.ts';
import { hasColumns } from './contract/csv-row.ts';
import { epochSecondsAt, type Fields, isoTimeAt } from './contract/fields.ts';
import { usageResult } from './contract/openai-usage-result.ts';

// The header as the exports seen so far have it, and the names that the documentation adds.
const KNOWN_COLUMNS = [
  'start_time',
  'end_time',
  'start_time_iso',
  'end_time_iso',
  'project_id',
  'num_model_requests',
  'user_id',
  'api_key_id',
  'model',
  'batch',
  'service_tier',
  'input_tokens',
  'output_tokens',
  'input_cached_tokens',
  'input_uncached_tokens',
  'input_text_tokens',
  'output_text_tokens',
  'input_cached_text_tokens',
  'input_audio_tokens',
  'input_cached_audio_tokens',
  'output_audio_tokens',
  'input_image_tokens',
  'input_cached_image_tokens',
  'output_image_tokens',
  'input_cache_write_tokens',
  'seconds',
  'characters',
  'images',
  'size',
  'source',
  'usage_bytes',
  'num_sessions',
  'vector_store_id',
  'num_requests',
  'context_level',
  'project_name',
  'organization_id',
  'organization_name',
  'user_email',
  'api_key_name',
];

export default {
  id: 'openai-usage-csv',
  title: 'OpenAI dashboard usage export (CSV)',
  source: { url: 'https://help.openai.com/en/articles/8554956', checked: '2026-11-21' },
  columns: KNOWN_COLUMNS,
  recognizes: (record) => {
    if (!hasColumns(record, ...PERIOD)) return false;
    const row = lowerKeys(record);
    // A range in which nothing was used is exported with these columns only.
    return Object.keys(row).length === PERIOD.length || endpointOf(row) !== undefined;
  },
  normalize: (record) => {
    const row = lowerKeys(record);
    const endpoint = endpointOf(row);
    if (endpoint === undefined) return skip('empty bucket');
    // The text of a time may lack its zone; the number beside it does not need one.
    const time = epochSecondsAt(row, 'start_time') ?? isoTimeAt(row, 'start_time_iso');
    const event = usageResult(row, endpoint, time);
    return event.countSource === 'missing' ? skip('empty bucket') : { events: [event] };
  },
} satisfies Adapter;

const PERIOD: readonly string[] = ['start_time', 'end_time', 'start_time_iso', 'end_time_iso'];

/** Columns that only the export of one endpoint has; of several that fit the first is meant. */
const COLUMNS: readonly (readonly [string, string])[] = [
  ['output_tokens', 'completions'],
  ['images', 'images'],
  ['characters', 'audio_speeches'],
  ['seconds', 'audio_transcriptions'],
  ['num_sessions', 'code_interpreter_sessions'],
  ['usage_bytes', 'vector_stores'],
  ['vector_store_id', 'file_searches'],
  ['context_level', 'web_searches'],
  ['input_tokens', 'embeddings'],
];

const endpointOf = (row: Fields): string | undefined =>
  COLUMNS.find(([column]) => hasKeys(row, column))?.[1];
