import type { Adapter } from './contract/adapter.ts';
import { lowerKeys } from './contract/columns.ts';
import { hasColumns } from './contract/csv-row.ts';
import { dollarsAt, type Fields, isoTimeAt, textAt } from './contract/fields.ts';
import { langfuseCall } from './contract/langfuse-observation.ts';

export default {
  id: 'langfuse-ui-observations',
  title: 'Langfuse observations exported in the UI: JSONL, JSON or CSV',
  source: {
    url: 'https://langfuse.com/docs/api-and-data-platform/features/export-from-ui',
    checked: '2026-11-21',
  },
  recognizes: (record) =>
    hasColumns(record, 'id', 'traceid', 'starttime', 'type') &&
    (hasColumns(record, 'usagedetails') || hasColumns(record, 'inputusage', 'outputusage')),
  normalize: (record) => {
    const columns = lowerKeys(record);
    return langfuseCall({ ...observation(columns), totals: totals(columns) });
  },
} satisfies Adapter;

const observation = (columns: Fields) => ({
  id: textAt(columns, 'id'),
  type: textAt(columns, 'type'),
  start: isoTimeAt(columns, 'starttime'),
  end: isoTimeAt(columns, 'endtime'),
  latency: columns['latency'],
  model: textAt(columns, 'model'),
  level: textAt(columns, 'level'),
  statusMessage: textAt(columns, 'statusmessage'),
  usageDetails: columns['usagedetails'],
  costDetails: columns['costdetails'],
  cost: dollarsAt(columns, 'totalcost'),
  metadata: columns['metadata'],
  parameters: columns['modelparameters'],
  tags: columns['tracetags'],
  trace: textAt(columns, 'traceid'),
  traceName: textAt(columns, 'tracename'),
  environment: textAt(columns, 'environment'),
  user: textAt(columns, 'userid'),
  session: textAt(columns, 'sessionid'),
});

const totals = (columns: Fields): Fields => ({
  input: columns['inputusage'],
  output: columns['outputusage'],
});
