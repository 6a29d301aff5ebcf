import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import claudeCode from '../../src/adapters/claude-code.ts';
import { loadAdapters, loadBillAdapters } from '../../src/ingest/registry.ts';
import { isFixture, recordsOf } from '../support/fixtures.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');

const formats = { adapters: await loadAdapters(), bills: await loadBillAdapters() };

/** Records of every format, and what they hold under their keys. */
async function valuesOfFixtures(): Promise<readonly unknown[]> {
  const values: unknown[] = [];
  for (const [room, known] of Object.entries(formats))
    for (const { id } of known)
      for (const name of readdirSync(join(FIXTURES, room, id)).filter(isFixture))
        for (const record of (await recordsOf(join(FIXTURES, room, id, name))).slice(0, 5))
          values.push(record, ...Object.values(Object(record)));
  return values;
}

it('no other format recognizes a usual line of a session, whatever it says', async () => {
  const others = Object.values(formats)
    .flat()
    .filter(({ id }) => id !== claudeCode.id);
  const value = fc.constantFrom(...(await valuesOfFixtures()));
  const keys = 'cwd version slug requestId isMeta toolUseResult uuid timestamp sessionId'.split(
    ' ',
  );
  const line = fc.record(
    {
      ...Object.fromEntries(keys.map((key) => [key, value])),
      type: fc.constantFrom('user', 'assistant'),
      message: value,
    },
    { requiredKeys: ['type'] },
  );
  const check = fc.property(line, (record) => {
    expect(claudeCode.owns(record)).toBe(true);
    expect(others.filter((other) => other.recognizes(record)).map(({ id }) => id)).toEqual([]);
  });
  fc.assert(check, { seed: 20_261_122, numRuns: 300 });
});

it.each([
  ['of another type', { type: 'system', sessionId: 's-1' }],
  ['without a type', { sessionId: 's-1' }],
  ['with a key that another format may know', { type: 'user', sessionId: 's-1', result: {} }],
  ['that is no object', ['user']],
])('a line %s is asked for in every format', (_name, record) => {
  expect(claudeCode.owns(record)).toBe(false);
});
