import { type Adapter, skip } from './contract/adapter.ts';
import { isFields, textAt } from './contract/fields.ts';

export default {
  id: 'openai-batch-input',
  title: 'OpenAI Batch API input files',
  source: { url: 'https://platform.openai.com/docs/guides/batch', checked: '2026-11-21' },
  recognizes: (record) =>
    isFields(record) &&
    ['custom_id', 'method', 'url'].every((key) => textAt(record, key) !== undefined) &&
    isFields(record['body']) &&
    !Object.hasOwn(record, 'response'),
  normalize: () => skip('request of a batch'),
  refuses: {
    reason: 'they hold the requests of a batch, which have not used anything yet',
    remedy: 'Ingest the output file of the finished batch instead (output_file_id).',
  },
} satisfies Adapter;
