import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRateBook } from '../../src/domain/rate-book.ts';
import { UserError } from '../../src/errors.ts';
import { ingest } from '../../src/ingest/ingest.ts';
import { loadAdapters, loadBillAdapters } from '../../src/ingest/registry.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { isFixture } from '../support/fixtures.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/adapters');
const BILLS = join(import.meta.dirname, '../fixtures/bills');
const SEED = 20_261_121;
/** Wrong files made of each fixture. */
const CASES = 3;

/** The same numbers from 0 to 1 each time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;

const oneOf = <T>(random: Random, items: readonly T[]): T => {
  const found = items[Math.floor(random() * items.length)];
  if (found === undefined) throw new Error('nothing to choose from');
  return found;
};

const WRONG: readonly unknown[] = [
  null,
  '',
  '12',
  '1e3',
  'NaN',
  -1,
  0.5,
  1e308,
  2 ** 53,
  -0,
  true,
  [],
  {},
  [[null]],
  { input_tokens: 7 },
  '\u0000\ud800\u202e',
  '2026-13-45T99:99:99Z',
  '__proto__',
];

/** The value with one of its places made wrong, or its keys in another order. */
function spoiled(value: unknown, random: Random): unknown {
  if (random() < 0.15) return typeof value === 'number' ? String(value) : oneOf(random, WRONG);
  if (Array.isArray(value)) {
    if (value.length === 0) return [oneOf(random, WRONG)];
    const at = Math.floor(random() * value.length);
    return value.map((item: unknown, index) => (index === at ? spoiled(item, random) : item));
  }
  if (typeof value !== 'object' || value === null) return oneOf(random, WRONG);
  const entries = Object.entries(value);
  if (entries.length === 0) return { [String(oneOf(random, WRONG))]: oneOf(random, WRONG) };
  if (random() < 0.1) return Object.fromEntries(entries.toReversed());
  const at = Math.floor(random() * entries.length);
  if (random() < 0.1) return Object.fromEntries(entries.filter((_, index) => index !== at));
  return Object.fromEntries(
    entries.map(([key, inner], index) => [key, index === at ? spoiled(inner, random) : inner]),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A text with some of its records spoiled: JSON as values, anything else as cells between commas. */
function withSpoiledRecords(text: string, random: Random): string {
  const whole = parsed(text);
  if (whole !== undefined) return JSON.stringify(spoiled(whole, random));
  const lines = text.split('\n').map((line) => {
    if (line.trim() === '' || random() < 0.5) return line;
    const value = parsed(line);
    if (value !== undefined) return JSON.stringify(spoiled(value, random));
    const cells = line.split(',');
    cells[Math.floor(random() * cells.length)] = String(oneOf(random, WRONG));
    return cells.join(',');
  });
  return lines.join('\n');
}

type Spoil = (text: string, random: Random) => Buffer;

const spoilRecords: Spoil = (text, random) => Buffer.from(withSpoiledRecords(text, random));

const SPOIL: readonly Spoil[] = [
  (text, random) => Buffer.from(withSpoiledRecords(withSpoiledRecords(text, random), random)),
  (text, random) => Buffer.from(text.slice(0, Math.floor(text.length * random()))),
  (text, random) => Buffer.from(text.slice(Math.floor(text.length * random()))),
  (text) => Buffer.from(text, 'latin1'),
  (text) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  (text) => Buffer.from(`\uFEFF\u0000\n${text.replaceAll('\n', '\r\n')}`),
  (text, random) => Buffer.from(text.replace(/"/g, (quote) => (random() < 0.01 ? '\\"' : quote))),
  (text, random) => {
    const bytes = Buffer.from(text);
    for (let count = 0; count < 8; count += 1)
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    return bytes;
  },
];

const adapters = await loadAdapters();
const ledger = openLedger(':memory:', { book: createRateBook(new Map()) });
afterAll(() => ledger.close());

const fixtures = [...adapters, ...(await loadBillAdapters())].flatMap((adapter) => {
  const folder = join('reads' in adapter ? BILLS : FIXTURES, adapter.id);
  const names = existsSync(folder) ? readdirSync(folder).filter(isFixture) : [];
  return names.map((name) => ({ adapter, name, file: join(folder, name) }));
});

/** What an ingest of some bytes counted; `undefined` when it was refused with a message. */
async function read(bytes: Buffer) {
  const request = {
    paths: ['-'],
    cwd: FIXTURES,
    stdin: async function* () {
      yield await Promise.resolve(bytes);
    },
    additions: { tags: {} },
  };
  try {
    return await ingest(request, ledger);
  } catch (error) {
    // Refusing a file is an answer; anything else is a mistake of ours.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

const total = (reasons: ReadonlyMap<string, number>): number =>
  [...reasons.values()].reduce((sum, count) => sum + count, 0);

const counts = (value: unknown): readonly number[] =>
  typeof value === 'number'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(counts)
      : [];

describe('files that are wrong', () => {
  it.each(fixtures)(
    '$adapter.id/$name, spoiled, breaks nothing and loses no record',
    async ({ adapter, name, file }) => {
      const text = readFileSync(file, 'utf8').slice(0, 30_000);
      const random = seeded(SEED + adapter.id.length * 1000 + name.length);
      for (let number = 0; number < CASES; number += 1) {
        const bytes = (number < 2 ? spoilRecords : oneOf(random, SPOIL))(text, random);
        const found = await read(bytes);
        // Records that are read together with others need no outcome of their own.
        if (found === undefined || ('open' in adapter && adapter.open !== undefined)) continue;
        const outcomes =
          found.added +
          found.duplicate +
          found.completed +
          found.billLines.added +
          found.billLines.duplicate +
          found.billLines.replaced +
          total(found.skipped) +
          total(found.rejected);
        expect(outcomes, `case ${number}`).toBeGreaterThanOrEqual(found.records);
      }
    },
  );

  it('leaves only events that can be', () => {
    const events = [...ledger.events({ span: {}, where: [], order: 'time' })];
    expect(events.length).toBeGreaterThan(0);
    const wrong = events.filter(({ event }) =>
      [event.requests, ...counts(event.usage)].some(
        (count) => !Number.isSafeInteger(count) || count < 0,
      ),
    );
    expect(wrong.map(({ key }) => key)).toEqual([]);
    expect(ledger.prove().filter(({ holds }) => !holds)).toEqual([]);
  });
});
