import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { costs, deskWith, dollars } from '../support/tag-desk.ts';

const OPENCOST = readFileSync(
  join(import.meta.dirname, '../fixtures/bills/opencost/opencost_allocation.csv'),
);

describe('bills and calls', () => {
  it('have one name for a cost center, whatever clouds call it', async () => {
    const here = await deskWith(
      `tags:
  virtual: [{tag: cost_center, value: CC-1, match: [search, cc-1]}]
  cloud: {namespace: cost_center}
`,
      dollars('t1', 3, { cost_center: 'cc-1' }),
      dollars('t2', 4, { cost_center: 'CC-2' }),
    );
    await here.must('ingest', here.write('gpu.csv', OPENCOST));
    expect(await costs(here, 'cost_center')).toEqual({ 'CC-1': '3', 'CC-2': '4' });
    const billed = async (...argv: readonly string[]) => {
      const { rows } = JSON.parse(await here.must('bills', 'list', '--format', 'json', ...argv));
      return rows.map((row: Readonly<Record<string, unknown>>) => [
        row['cost_center'],
        row['rows'],
        row['billed'],
      ]);
    };
    const all = await billed('--by', 'cost_center');
    // 148.01 for the namespace search: two accelerators, processors, memory and network.
    expect(all).toContainEqual(['CC-1', 1, '148.01']);
    expect(await billed('--by', 'cost_center', '--where', 'cost_center=CC-1')).toEqual([
      ['CC-1', 1, '148.01'],
    ]);
    const raw = await billed('--by', 'cost_center', '--no-virtual');
    expect(raw).toHaveLength(1);
    expect(raw[0][0]).toBeNull();
  });
});
