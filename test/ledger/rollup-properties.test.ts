import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Dimension, Filter, SpendAnswer, SpendQuery } from '../../src/domain/spend.ts';
import { NO_USAGE, type UsageEvent } from '../../src/domain/usage.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { freshFolder, NOW } from '../support/fake-runtime.ts';
import { append, cardsWith, cardText, event } from '../support/ledgers.ts';

const folder = freshFolder();
const HOUR = 3_600_000;
/** Berlin's clocks go back on the 25th at 01:00 UTC. */
const START = Date.UTC(2026, 9, 24);
const OCTOBER = { start: Date.UTC(2026, 9, 1), end: Date.UTC(2026, 10, 1) };
const HOURS = 3 * 24;

const card = (name: string, inputPrice: string) => {
  const file = join(folder, name);
  writeFileSync(
    file,
    cardText('acme', {
      anvil: { input: inputPrice, output: '4' },
      bellows: { input: '0.1', output: '2' },
    }).replaceAll('input:', 'cache_write: {5m: 0.75}, input:'),
  );
  return cardsWith(file);
};
const CARDS = [card('one.yaml', '1.25'), card('two.yaml', '1.75')] as const;

/** A ledger in memory; `fewCells` says how large its cube may be to be read without roll-ups. */
function opened(fewCells: number): Ledger {
  const ledger = openLedger(':memory:', { book: CARDS[0].book, now: () => NOW, fewCells });
  ledger.rerate(CARDS[0].book, CARDS[0].cards);
  return ledger;
}

/** Values that are JSON, look like absence or hold a NUL, none of which may become another; labels stand in for tags. */
const OWNERS = [
  { tags: { team: 'a' } },
  { tags: { team: '["a",null]' } },
  { tags: { team: '\0' } },
  { tags: { team: 'null' } },
  { tags: {} },
  { tags: {}, labels: ['team=x'] },
  { tags: { team: 'a' }, labels: ['team=x'] },
];

const call = fc
  .record({
    id: fc.integer({ min: 0, max: 900 }).map((n) => `c${n}`),
    time: fc.option(
      fc
        .tuple(fc.integer({ min: 0, max: HOURS - 1 }), fc.integer({ min: 0, max: HOUR - 1 }))
        .map(([hour, rest]) => START + hour * HOUR + rest),
      { nil: undefined, freq: 20 },
    ),
    model: fc.constantFrom('anvil', 'anvil', 'cog'),
    status: fc.constantFrom('success', 'success', 'success', 'failure'),
    usage: fc
      .record({
        input: fc.integer({ min: 0, max: 300_000 }),
        output: fc.integer({ min: 0, max: 9_000 }),
        write: fc.constantFrom(0, 0, 500),
      })
      .map(({ input, output, write }) => ({
        ...NO_USAGE,
        input,
        output,
        cacheWrite: write === 0 ? {} : { '5m': write },
      })),
    owner: fc.constantFrom(...OWNERS),
    shard: fc.integer({ min: 0, max: 30 }).map(String),
  })
  .map(({ owner, shard, ...fields }): UsageEvent =>
    event({
      ...fields,
      ...owner,
      provider: 'acme',
      status: fields.status as 'success',
      tags: { ...owner.tags, shard, ...(Number(shard) % 2 === 0 ? { half: shard[0] ?? '' } : {}) },
    }),
  );
const calls = fc.array(call, { minLength: 300, maxLength: 500 });

const tag = (name: string): Dimension => ({ kind: 'tag', name });
const fact = (name: 'model' | 'status'): Dimension => ({ kind: 'fact', name });
const filter = fc
  .record({
    dimension: fc.constantFrom(tag('team'), fact('model'), tag('nobody')),
    negated: fc.boolean(),
    pattern: fc.constantFrom('a', '*l*', '', 'x', 'null'),
  })
  .map((each): Filter => each);
const edge = fc.option(
  fc.oneof(
    fc.integer({ min: -30, max: HOURS }).map((hours) => START + hours * HOUR),
    fc.integer({ min: 0, max: HOURS * HOUR }).map((ms) => START + ms),
  ),
  { nil: undefined, freq: 3 },
);
const question = fc
  .record({
    by: fc.constantFrom<readonly Dimension[]>(
      [],
      [tag('team')],
      [fact('model')],
      [tag('team'), fact('status')],
      [tag('nobody')],
      [tag('half')],
    ),
    grain: fc.option(fc.constantFrom('hour', 'day', 'week', 'month'), { nil: undefined }),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu'),
    where: fc.array(filter, { maxLength: 1 }),
    start: edge,
    end: edge,
  })
  .map(({ start, end, grain, ...rest }): SpendQuery => {
    const [from, to] =
      start !== undefined && end !== undefined && start > end ? [end, start] : [start, end];
    const span = {
      ...(from === undefined ? {} : { start: from }),
      ...(to === undefined ? {} : { end: to }),
    };
    return { ...rest, span, ...(grain === undefined ? {} : { grain: grain as 'day' }) };
  });

/** An answer as it can be compared: rows come in no order. */
const settled = ({ rows, ...rest }: SpendAnswer) => ({
  ...rest,
  rows: [...rows].sort((a, b) => (rowName(a) < rowName(b) ? -1 : 1)),
});
const rowName = ({ key, step }: SpendAnswer['rows'][number]): string => JSON.stringify([key, step]);

/** The same question, put so that only the events can answer it. */
const ofCalls = (query: SpendQuery): SpendQuery => ({
  ...query,
  where: [...query.where, { dimension: tag('run'), negated: true, pattern: 'no such run' }],
});

it('roll-ups answer any question as the calls do, and as the cube does once a month is closed', () => {
  let rolledUp = 0;
  fc.assert(
    fc.property(
      calls,
      calls,
      fc.array(question, { minLength: 4, maxLength: 10 }),
      (before, after, questions) => {
        const [rolled, plain] = [opened(1), opened(Number.POSITIVE_INFINITY)];
        const both = [rolled, plain];
        const compare = (): void => {
          for (const query of questions)
            expect(settled(rolled.spend(query))).toEqual(settled(plain.spend(query)));
        };
        for (const ledger of both) append(ledger, ...before);
        compare();
        for (const query of questions)
          expect(settled(rolled.spend(query)).rows).toEqual(
            settled(plain.spend(ofCalls(query))).rows,
          );
        rolledUp += rolled.prove().filter(({ check }) => check === 'roll-ups').length;
        // Calls are completed, moved to other hours and added: the days they touch are summed again.
        for (const ledger of both) append(ledger, ...after.slice(0, 20));
        compare();
        for (const ledger of both)
          ledger.months.close({ ...OCTOBER, month: '2026-10', timeZone: 'UTC', strict: false });
        for (const ledger of both) append(ledger, ...after.slice(20));
        compare();
        for (const ledger of both) ledger.rerate(CARDS[1].book, CARDS[1].cards);
        compare();
        for (const ledger of both) ledger.months.reopen('2026-10');
        compare();
        expect(rolled.prove().filter(({ holds }) => !holds)).toEqual([]);
        for (const ledger of both) ledger.close();
      },
    ),
    { seed: 20_261_122, numRuns: 6 },
  );
  // So that a ledger which never rolls anything up cannot pass.
  expect(rolledUp).toBeGreaterThan(3);
});
