import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Money, moneyText } from '../src/domain/money.ts';
import { loadAdapters } from '../src/ingest/registry.ts';
import { isFixture, outcomesOf, recordsOf } from './support/fixtures.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures/adapters');
const adapters = await loadAdapters();

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
  const inputs = existsSync(folder) ? readdirSync(folder).filter(isFixture) : [];

  it('has a fixture', () =>
    expect(inputs).toContainEqual(expect.stringMatching(/^basic\.(jsonl|json|csv)$/)));

  it.each(inputs)('normalizes %s', async (name) => {
    const outcomes = outcomesOf(adapter, await recordsOf(join(folder, name)));
    await expect(golden(outcomes)).toMatchFileSnapshot(
      join(folder, name.replace(/\.\w+$/, '.expected.json')),
    );
  });

  it('is the only one that recognizes the records of its fixtures', async () => {
    const records = await Promise.all(inputs.map((name) => recordsOf(join(folder, name))));
    const claims = records
      .flat()
      .map((record) => adapters.filter((other) => other.recognizes(record)).map(({ id }) => id));
    expect(claims.filter((ids) => ids.join() !== adapter.id)).toEqual([]);
  });

  it.each([null, undefined, 7, 'text', [], {}, [[]], { usage: null }, { message: 'hello' }])(
    'does not recognize %j',
    (record) => expect(adapter.recognizes(record)).toBe(false),
  );
});
