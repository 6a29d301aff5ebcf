import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Money, moneyText } from '../src/domain/money.ts';
import { loadAdapters } from '../src/ingest/registry.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures/adapters');
const adapters = await loadAdapters();

const records = (file: string): unknown[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** Events as the goldens hold them: money as decimal text, times as ISO text. */
const golden = (outcomes: readonly unknown[]): string =>
  `${JSON.stringify(
    outcomes,
    (key, value) => {
      if (typeof value === 'bigint') return moneyText(value as Money);
      return key === 'time' && typeof value === 'number' ? new Date(value).toISOString() : value;
    },
    2,
  )}\n`;

describe.each(adapters)('$id', (adapter) => {
  const folder = join(FIXTURES, adapter.id);
  const inputs = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));

  it('has a fixture', () => expect(inputs).toContain('basic.jsonl'));

  it.each(inputs)('normalizes %s', async (name) => {
    const outcomes = records(join(folder, name)).map((record) => {
      try {
        return adapter.normalize(record);
      } catch (error) {
        return String(error);
      }
    });
    await expect(golden(outcomes)).toMatchFileSnapshot(
      join(folder, name.replace('.jsonl', '.expected.json')),
    );
  });

  it('is the only one that recognizes the records of its fixtures', () => {
    const claims = inputs.flatMap((name) =>
      records(join(folder, name)).map((record) =>
        adapters.filter((other) => other.recognizes(record)).map(({ id }) => id),
      ),
    );
    expect(claims.filter((ids) => ids.join() !== adapter.id)).toEqual([]);
  });

  it.each([null, undefined, 7, 'text', [], {}, [[]], { usage: null }, { message: 'hello' }])(
    'does not recognize %j',
    (record) => expect(adapter.recognizes(record)).toBe(false),
  );
});
