import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { desk } from '../support/fake-runtime.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');
const table = (path: string): string => readFileSync(join(FIXTURES, path), 'utf8');
const USAGE = table('adapters/openai-usage-csv/basic.csv');
const FOCUS = table('bills/focus/focus_1_2.csv');

/** The table with a column more, the last one, in every row. */
const withColumn = (content: string, name: string): string =>
  content
    .trimEnd()
    .split(/\r?\n/)
    .map((line, index) => `${line},${index === 0 ? name : '5'}`)
    .join('\n');

describe('a table whose header has changed', () => {
  it.each([
    ['no column is new', USAGE, []],
    [
      'a column was renamed',
      USAGE.replace('input_cached_tokens', 'input_cached_toks'),
      ['openai-usage-csv: input_cached_toks'],
    ],
    ["a vendor's own column of a FOCUS bill is expected", withColumn(FOCUS, 'x_Team'), []],
    ['a column of a FOCUS bill is new', withColumn(FOCUS, 'TokenCount'), ['focus: TokenCount']],
  ])('counts what is not read when %s', async (_, content, columns) => {
    const { aicost, write } = desk();
    const path = write('export.csv', content);
    const { code, out } = await aicost('ingest', path, '--format', 'json', '--strict');
    expect(JSON.parse(out).unknown_columns).toEqual(columns);
    expect(code).toBe(columns.length === 0 ? 0 : 3);
  });

  it('says so in a sentence', async () => {
    const { aicost, write } = desk();
    const path = write('export.csv', USAGE.replace('input_cached_tokens', 'input_cached_toks'));
    const { code, out } = await aicost('ingest', path);
    expect(code).toBe(0);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'note: 1 column not known and not read: openai-usage-csv: input_cached_toks',
    );
  });
});
