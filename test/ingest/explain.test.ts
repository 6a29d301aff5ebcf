import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, desk, jsonl, linesOf } from '../support/fake-runtime.ts';

interface Explained {
  readonly records: number;
  readonly rows: readonly {
    readonly line: number;
    readonly field: string;
    readonly value: string;
  }[];
}

/** The values of a line's field. */
const valuesOf = ({ rows }: Explained, line: number, field: string): readonly string[] =>
  rows.filter((row) => row.line === line && row.field === field).map(({ value }) => value);

const explain = async (
  { must }: Pick<ReturnType<typeof desk>, 'must'>,
  ...argv: readonly string[]
): Promise<Explained> => JSON.parse(await must('ingest', '--explain', '--format', 'json', ...argv));

describe('aicost ingest --explain', () => {
  it('says of each record which format reads it and what becomes of it', async () => {
    const here = desk();
    const records = [
      call({ id: 'a', tags: { team: 'search' } }),
      call({ id: 'b', input_tokens: -1 }),
      { hello: 'world' },
    ];
    const found = await explain(here, here.write('a.jsonl', jsonl(...records)));
    expect(found.records).toBe(3);
    expect(valuesOf(found, 1, 'recognized by')[0]).toMatch(/^aicost-jsonl: /);
    expect(valuesOf(found, 1, 'usage.input')).toEqual(['1000']);
    expect(valuesOf(found, 1, 'tags.team')).toEqual(['search']);
    expect(valuesOf(found, 2, 'rejected')[0]).toMatch(/input_tokens: expected a whole number/);
    expect(valuesOf(found, 3, 'recognized by')).toEqual(['no format']);
    expect(valuesOf(found, 3, 'skipped')).toEqual(['not a usage record']);
  });

  it('shows an event as the export does', async () => {
    const here = desk();
    const path = here.write('a.jsonl', jsonl(call({ id: 'a' })));
    const found = await explain(here, path);
    await here.must('ingest', path);
    const [exported] = linesOf(await here.must('export', 'events'));
    expect(valuesOf(found, 1, 'cost_usd')).toEqual([exported?.cost_usd]);
    expect(valuesOf(found, 1, 'source.file')).toEqual([exported?.source.file]);
    expect(valuesOf(found, 1, 'time')).toEqual([exported?.time]);
  });

  it('reads five records, in the light of each other, and writes nothing', async () => {
    const here = desk();
    const codex = join(import.meta.dirname, '../fixtures/adapters/codex-rollout/basic.jsonl');
    const found = await explain(here, codex);
    expect(found.records).toBe(5);
    expect(valuesOf(found, 4, 'model')).toEqual(['gpt-5.1-codex']);
    expect(valuesOf(found, 5, 'skipped')).toEqual(['token_count written again']);
    expect(existsSync(here.ledger)).toBe(false);
  });

  it('takes what says how to read', async () => {
    const here = desk();
    const undated = {
      id: 'a',
      time: null,
      provider: 'openai',
      model: 'gpt-5',
      usage: { input: 7 },
    };
    const path = here.write('a.jsonl', jsonl(undated));
    const argv = ['--adapter', 'aicost-jsonl', '--time', '2026-11-01T09:00:00Z', '--tag', 'team=x'];
    const found = await explain(here, ...argv, path);
    expect(valuesOf(found, 1, 'time')).toEqual(['2026-11-01T09:00:00.000Z']);
    expect(valuesOf(found, 1, 'tags.team')).toEqual(['x']);
  });

  it('takes a pipe', async () => {
    const { aicostIn } = desk();
    const stdin = jsonl(call({ id: 'a' }));
    const { code, out } = await aicostIn({ stdin }, 'ingest', '--explain', '-');
    expect([code, out.includes('aicost-jsonl')]).toEqual([0, true]);
  });

  it.each([
    ['no file', [], /nothing to read/],
    ['two files', ['a.jsonl', 'b.jsonl'], /--explain takes one file/],
    ['a folder', ['.'], /not a file/],
    ['a file that is not there', ['none.jsonl'], /no such file/],
  ])('%s ends with 2', async (_, argv, message) => {
    const { aicost } = desk();
    const { code, err } = await aicost('ingest', '--explain', ...argv);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });
});
