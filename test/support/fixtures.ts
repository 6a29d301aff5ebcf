import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Adapter, Normalized } from '../../src/adapters/contract/adapter.ts';
import { layoutOf } from '../../src/ingest/layout.ts';
import { readRecords } from '../../src/ingest/records.ts';

/** Whether a file of a fixture folder is read, not compared with. */
export const isFixture = (name: string): boolean =>
  /\.(jsonl|json|csv)$/.test(name) && !name.endsWith('.expected.json');

/** The records of a fixture in any layout, as ingest reads them. */
export async function recordsOf(file: string): Promise<unknown[]> {
  const bytes = await readFile(file);
  const batches = readRecords(Readable.from([bytes]), layoutOf(bytes.toString('utf8')), {
    offset: 0,
    lines: 0,
  });
  const values: unknown[] = [];
  for await (const batch of batches)
    for (const record of batch)
      values.push(record.kind === 'record' ? record.value : `unreadable: ${record.kind}`);
  return values;
}

/** What an adapter makes of the records of one source, one outcome a record; errors as text. */
export function outcomesOf(
  adapter: Adapter,
  records: readonly unknown[],
): readonly (Normalized | string)[] {
  const reader = adapter.open?.();
  const outcomes = records.map((record) => {
    try {
      return (reader ?? adapter).normalize(record);
    } catch (error) {
      return String(error);
    }
  });
  const waiting = reader?.end() ?? [];
  return waiting.length === 0 ? outcomes : [...outcomes, { events: waiting }];
}
