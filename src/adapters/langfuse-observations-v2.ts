import type { Adapter } from './contract/adapter.ts';
import { lowerKeys } from './contract/columns.ts';
import { hasColumns } from './contract/csv-row.ts';
import { langfuseCall, snakeColumns } from './contract/langfuse-observation.ts';

export default {
  id: 'langfuse-observations-v2',
  title: 'Langfuse blob storage export: observations_v2',
  source: {
    url: 'https://langfuse.com/docs/api-and-data-platform/features/export-to-blob-storage',
    checked: '2026-11-21',
  },
  recognizes: (record) =>
    hasColumns(record, 'id', 'trace_id', 'start_time', 'type', 'provided_model_name') &&
    (hasColumns(record, 'trace_name') || hasColumns(record, 'is_root_observation')),
  normalize: (record) => langfuseCall(snakeColumns(lowerKeys(record))),
} satisfies Adapter;
