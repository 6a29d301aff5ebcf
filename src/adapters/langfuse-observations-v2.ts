import type { Adapter } from './contract/adapter.ts';
import { hasKeys, lowerKeys } from './contract/columns.ts';
import { langfuseCall, snakeColumns } from './contract/langfuse-observation.ts';

export default {
  id: 'langfuse-observations-v2',
  title: 'Langfuse blob storage export: observations_v2',
  source: {
    url: 'https://langfuse.com/docs/api-and-data-platform/features/export-to-blob-storage',
    checked: '2026-11-21',
  },
  recognizes: (record) => {
    const columns = lowerKeys(record);
    return (
      hasKeys(columns, 'id', 'trace_id', 'start_time', 'type', 'provided_model_name') &&
      (hasKeys(columns, 'trace_name') || hasKeys(columns, 'is_root_observation'))
    );
  },
  normalize: (record) => langfuseCall(snakeColumns(lowerKeys(record))),
} satisfies Adapter;
