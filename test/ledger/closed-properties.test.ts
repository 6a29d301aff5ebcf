import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Dimension, SpendQuery, SpendRow } from '../../src/domain/spend.ts';
import { NO_USAGE } from '../../src/domain/usage.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { freshFolder } from '../support/fake-runtime.ts';
import { append, cardsWith, cardText, event, inMemory } from '../support/ledgers.ts';

const SEPTEMBER = Date.UTC(2026, 8, 1);
const OCTOBER = { start: Date.UTC(2026, 9, 1), end: Date.UTC(2026, 10, 1) };
const count = fc.integer({ min: 0, max: 300_000 });

const call = fc
  .record({
    id: fc.integer({ min: 0, max: 25 }).map((n) => `c${n}`),
    time: fc.option(
      fc.integer({ min: 0, max: 80 * 24 }).map((hours) => SEPTEMBER + hours * 3_600_000),
      { nil: undefined, freq: 12 },
    ),
    model: fc.constantFrom('anvil', 'bellows', 'cog'),
    status: fc.constantFrom('success', 'failure'),
    usage: fc
      .record({ input: count, output: count, write: count })
      .map(({ input, output, write }) => ({
        ...NO_USAGE,
        input,
        output,
        cacheWrite: { '5m': write },
      })),
    tags: fc.dictionary(fc.constantFrom('team', 'run'), fc.constantFrom('a', 'b')),
  })
  .map((fields) => event({ ...fields, status: fields.status as 'success', provider: 'acme' }));

const folder = freshFolder();
const card = (name: string, models: Parameters<typeof cardText>[1]) => {
  const file = join(folder, name);
  const text = cardText('acme', models).replaceAll('input:', 'cache_write: {5m: 0.75}, input:');
  writeFileSync(file, text);
  return cardsWith(file);
};
const CARDS = [
  card('one.yaml', {
    anvil: { input: '1.25', output: '4' },
    bellows: { input: '0.1', output: '2' },
  }),
  // A price moves, a model loses its price and another gains one.
  card('two.yaml', { anvil: { input: '1.75', output: '4' }, cog: { input: '3', output: '0.5' } }),
];

/** What happens to a ledger: calls come, or the cards change. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.array(call, { minLength: 1, maxLength: 8 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1) },
);
type Step = readonly ReturnType<typeof event>[] | number;

/** A ledger that prices by one card or the other, as processes do that come one after another. */
function play(ledger: Ledger, steps: readonly Step[]): void {
  for (const each of steps) {
    if (typeof each !== 'number') append(ledger, ...each);
    else {
      const cards = CARDS[each];
      if (cards !== undefined) ledger.rerate(cards.book, cards.cards);
    }
  }
}

/** Rows with anything in them, by their keys. */
const filled = (rows: readonly SpendRow[]): readonly SpendRow[] =>
  rows
    .filter((row) => Object.values(row).some((value) => typeof value === 'bigint' && value !== 0n))
    .sort((a, b) => (JSON.stringify(a.key) < JSON.stringify(b.key) ? -1 : 1));

const fact = (name: 'model' | 'status'): Dimension => ({ kind: 'fact', name });
const GROUPS: readonly (readonly Dimension[])[] = [
  [],
  [fact('model')],
  [{ kind: 'tag', name: 'team' }, fact('status')],
];
const query = (by: readonly Dimension[], more: Partial<SpendQuery> = {}): SpendQuery => ({
  span: {},
  by,
  timeZone: 'UTC',
  where: [],
  ...more,
});

it('whatever comes after a closing, the month stays, the whole is that of the calls, and doctor proves it', () => {
  const first = CARDS[0];
  if (first === undefined) throw new Error('no card');
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 3 }),
      fc.array(step, { maxLength: 4 }),
      (before, after) => {
        const [closed, open] = [inMemory(first.book), inMemory(first.book)];
        for (const ledger of [closed, open]) play(ledger, [0, ...before]);
        const asked = GROUPS.map((by) => query(by, { span: OCTOBER, grain: 'day' }));
        const october = asked.map((question) => closed.spend(question).rows);
        closed.months.close({ ...OCTOBER, month: '2026-10', timeZone: 'UTC', strict: false });
        for (const ledger of [closed, open]) play(ledger, after);
        expect(asked.map((question) => closed.spend(question).rows)).toEqual(october);
        for (const by of GROUPS)
          expect(filled(closed.spend(query(by)).rows)).toEqual(filled(open.spend(query(by)).rows));
        expect(closed.spend(query([])).unratedReasons).toEqual(
          open.spend(query([])).unratedReasons,
        );
        expect(closed.prove().filter(({ holds }) => !holds)).toEqual([]);
        closed.months.reopen('2026-10');
        expect(filled(closed.spend(query([], { grain: 'day' })).rows)).toEqual(
          filled(open.spend(query([], { grain: 'day' })).rows),
        );
        closed.close();
        open.close();
      },
    ),
    { seed: 20_261_122, numRuns: 40 },
  );
});
