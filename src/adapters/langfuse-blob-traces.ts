import type { Adapter } from './contract/adapter.ts';
import { lowerKeys } from './contract/columns.ts';
import { hasColumns } from './contract/csv-row.ts';
import { customTags } from './contract/custom-tags.ts';
import { fieldsOrJson, listOrJson, requiredText, textAt } from './contract/fields.ts';
import { langfuseOwners } from './contract/langfuse-observation.ts';

export default {
  id: 'langfuse-blob-traces',
  title: 'Langfuse blob storage export: traces, whose tags go to the observations',
  source: {
    url: 'https://langfuse.com/docs/api-and-data-platform/features/export-to-blob-storage',
    checked: '2026-11-21',
  },
  recognizes: (record) =>
    hasColumns(record, 'id', 'timestamp', 'project_id', 'session_id', 'tags', 'bookmarked') &&
    !hasColumns(record, 'trace_id'),
  normalize: (record) => {
    const columns = lowerKeys(record);
    const { tags, labels } = customTags(
      listOrJson(columns['tags']),
      fieldsOrJson(columns['metadata']),
    );
    return {
      events: [],
      skipped: ['trace: its tags are given to its observations'],
      tagsFor: {
        run: requiredText(columns, 'id'),
        columns: langfuseOwners({
          trace: undefined,
          traceName: textAt(columns, 'name'),
          environment: textAt(columns, 'environment'),
          user: textAt(columns, 'user_id'),
          session: textAt(columns, 'session_id'),
        }),
        custom: tags,
        labels,
      },
    };
  },
} satisfies Adapter;
