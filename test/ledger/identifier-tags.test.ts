import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dimension, Filter, SpendQuery } from '../../src/domain/spend.ts';
import { NO_USAGE, type UsageEvent } from '../../src/domain/usage.ts';
import type { IdentifierWishes } from '../../src/ledger/identifier-finding.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { freshFolder, NOW } from '../support/fake-runtime.ts';
import { append, cardsWith, cardText, event } from '../support/ledgers.ts';

const folder = freshFolder();
const HOUR = 3_600_000;
writeFileSync(
  join(folder, 'acme.yaml'),
  cardText('acme', { anvil: { input: '1', output: '4' } }).replaceAll(
    'input:',
    'cache_write: {5m: 0.75}, input:',
  ),
);
const { book, cards } = cardsWith(join(folder, 'acme.yaml'));

let files = 0;
const newPath = (): string => join(folder, `${(files += 1)}.db`);
function opened(path: string, identifiers: IdentifierWishes): Ledger {
  const ledger = openLedger(path, { book, now: () => NOW, identifiers });
  ledger.rerate(book, cards);
  return ledger;
}
const AS_THEY_LOOK: IdentifierWishes = { always: [], never: [] };

const tag = (name: string): Dimension => ({ kind: 'tag', name });
const by = (...names: readonly string[]): SpendQuery => ({
  span: {},
  by: names.map(tag),
  timeZone: 'UTC',
  where: [],
});
const countOf = (path: string, table: string): number => {
  const database = new Sqlite(path, { readonly: true });
  const rows = database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
  database.close();
  return rows;
};

/** Calls of two teams, each with an order's number of its own unless `orders` says otherwise. */
const callsWith = (count: number, orders: (index: number) => Record<string, string>) =>
  Array.from({ length: count }, (_, index) =>
    event({
      id: `e${index}`,
      provider: 'acme',
      model: 'anvil',
      time: Date.UTC(2026, 10, 2) + (index % 48) * HOUR,
      usage: { ...NO_USAGE, input: 1_000_000 },
      tags: { team: index % 2 === 0 ? 'a' : 'b', ...orders(index) },
    }),
  );
const inParts = (ledger: Ledger, events: readonly UsageEvent[]): void => {
  for (let from = 0; from < events.length; from += 500)
    append(ledger, ...events.slice(from, from + 500));
};

describe('a tag with a new value on every call', () => {
  const path = newPath();
  const ledger = opened(path, AS_THEY_LOOK);
  inParts(
    ledger,
    callsWith(6_000, (index) => ({ order: `o-${index}` })),
  );

  it('is found to be an identifier, and leaves cube and tag sets small', () => {
    // Looked at as soon as there are 2,048 tag sets, which the fifth 500 calls bring.
    const seen = { values: 2_500, requests: 2_500 };
    expect(ledger.identifiers()).toEqual([{ key: 'order', seen }]);
    // Two teams; 48 hours, in each of which only one of them calls.
    expect([countOf(path, 'tag_set'), countOf(path, 'tag'), countOf(path, 'cube')]).toEqual([
      2, 2, 48,
    ]);
  });

  it('still groups, filters and shows every call', () => {
    // A million tokens at $1 per million: 1e18 attodollars.
    const { rows } = ledger.spend(by('order'));
    expect(rows).toHaveLength(6_000);
    expect(rows.every(({ cost, requests }) => cost === 10n ** 18n && requests === 1n)).toBe(true);
    const where: readonly Filter[] = [
      { dimension: tag('order'), pattern: 'o-599*', negated: false },
    ];
    // o-599 and o-5990 to o-5999: odd ones are of team b.
    const some = ledger.spend({ ...by('team'), where }).rows;
    expect(Object.fromEntries(some.map(({ key, requests }) => [key[0], requests]))).toEqual({
      a: 5n,
      b: 6n,
    });
    const events = [...ledger.events({ span: {}, where: [...where], order: 'time' })];
    expect(events).toHaveLength(11);
    expect(events.every(({ event: { tags } }) => tags['order']?.startsWith('o-599'))).toBe(true);
    expect(ledger.prove().filter(({ holds }) => !holds)).toEqual([]);
  });

  it('is not lost when a call comes again that knows more of itself', () => {
    const [first] = callsWith(1, () => ({ order: 'o-0', region: 'north' }));
    if (first !== undefined) append(ledger, { ...first, tags: { ...first.tags, region: 'north' } });
    const [present] = ledger.events({ span: {}, where: [], id: 'e0', order: 'time' });
    expect(present?.event.tags).toEqual({ team: 'a', order: 'o-0', region: 'north' });
    expect(ledger.prove().filter(({ holds }) => !holds)).toEqual([]);
  });
});

describe('a tag stays in the tag sets', () => {
  it.each([
    [
      'of which each value has four calls',
      (n: number) => ({ batch: `b-${n >> 2}`, shard: `${n % 4}` }),
      AS_THEY_LOOK,
    ],
    ['that has a meaning of its own', (n: number) => ({ customer: `c-${n}` }), AS_THEY_LOOK],
    [
      'that aicost.yaml says is none',
      (n: number) => ({ order: `o-${n}` }),
      { always: [], never: ['order'] },
    ],
  ])('%s', (_name, orders, wishes) => {
    const ledger = opened(':memory:', wishes);
    inParts(ledger, callsWith(5_000, orders));
    expect(ledger.identifiers()).toEqual([]);
    expect(ledger.prove().filter(({ holds }) => !holds)).toEqual([]);
  });
});

it('another process that was writing meanwhile takes no tag set that is gone', () => {
  const path = newPath();
  const [one, other] = [opened(path, AS_THEY_LOOK), opened(path, AS_THEY_LOOK)];
  const calls = callsWith(4_000, (index) => ({ order: `o-${index}` }));
  append(other, ...calls.slice(0, 10));
  inParts(one, calls.slice(10, 3_000));
  // Tags that `other` has met before `one` found out: its tag sets of them are gone.
  append(other, ...calls.slice(0, 10).map((each) => ({ ...each, id: `again-${each.id}` })));
  append(other, ...calls.slice(3_000));
  expect(other.spend(by('order')).rows).toHaveLength(4_000);
  expect(one.prove().filter(({ holds }) => !holds)).toEqual([]);
});

const KEYS = ['order', '__proto__', 'we"ird.$[0]'];
const call = fc
  .record({
    id: fc.integer({ min: 0, max: 60 }).map((n) => `c${n}`),
    time: fc.option(
      fc.integer({ min: -72, max: 72 }).map((hours) => Date.UTC(2026, 9, 31) + hours * HOUR),
      { nil: undefined, freq: 10 },
    ),
    input: fc.integer({ min: 0, max: 9_000 }),
    write: fc.constantFrom(0, 0, 500),
    team: fc.constantFrom('a', 'b'),
    labels: fc.constantFrom([], ['order=label'], ['order']),
    apart: fc.dictionary(
      fc.constantFrom(...KEYS),
      fc.constantFrom('1', '2', 'null', '', '\0x', '\0y', '"', 'é*', '[1]'),
    ),
  })
  .map(({ team, apart, input, write, ...fields }): UsageEvent =>
    event({
      ...fields,
      provider: 'acme',
      model: 'anvil',
      usage: { ...NO_USAGE, input, cacheWrite: write === 0 ? {} : { '5m': write } },
      tags: Object.fromEntries([['team', team], ...Object.entries(apart)]),
    }),
  );
const question = fc
  .record({
    names: fc.subarray(['team', ...KEYS, 'nobody']),
    filter: fc.option(
      fc.record({
        dimension: fc.constantFrom(...['team', ...KEYS].map(tag)),
        negated: fc.boolean(),
        pattern: fc.constantFrom('1', '', '*', 'a', 'n*', 'label'),
      }),
      { nil: undefined },
    ),
    grain: fc.constantFrom('day' as const, undefined),
  })
  .map(({ names, filter, grain }): SpendQuery => ({
    ...by(...names),
    where: filter === undefined ? [] : [filter],
    ...(grain === undefined ? {} : { grain }),
  }));

/** What a question is answered with, in an order of its own. */
const answerOf = (ledger: Ledger, query: SpendQuery) => {
  const { rows, unratedReasons } = ledger.spend(query);
  const name = ({ key, step }: (typeof rows)[number]): string => JSON.stringify([key, step]);
  // What a correction takes out of a closed month leaves a row of nothing, where the calls have none.
  const some = rows.filter(({ requests }) => requests !== 0n);
  return [some.sort((a, b) => (name(a) < name(b) ? -1 : 1)), unratedReasons];
};
const tagsOf = (ledger: Ledger) =>
  [...ledger.events({ span: {}, where: [], order: 'time' })].map(
    ({ event: { id, tags, labels } }) => [id, Object.entries(tags), labels],
  );

it('identifiers change no answer, whenever a tag becomes one and in whichever order calls come', () => {
  const month = {
    start: Date.UTC(2026, 9, 1),
    end: Date.UTC(2026, 10, 1),
    month: '2026-10',
    timeZone: 'UTC',
    strict: false,
  };
  fc.assert(
    fc.property(
      fc.array(call, { minLength: 20, maxLength: 80 }),
      fc.nat({ max: 80 }),
      fc.boolean(),
      fc.array(question, { minLength: 3, maxLength: 8 }),
      (calls, turn, closes, questions) => {
        const [plain, asked] = [
          opened(':memory:', { always: [], never: KEYS }),
          opened(':memory:', { always: KEYS, never: [] }),
        ];
        const path = newPath();
        let later = opened(path, AS_THEY_LOOK);
        for (const ledger of [plain, asked, later]) {
          append(ledger, ...calls.slice(0, turn));
          if (closes) ledger.months.close(month);
        }
        later.close();
        later = opened(path, { always: KEYS, never: [] });
        const rest = calls.slice(turn);
        append(plain, ...rest);
        for (const each of rest) append(asked, each);
        append(later, ...rest);
        for (const { grain, ...query } of questions) {
          // What a late call changes in a closed month is dated apart where the books answer.
          const put = closes || grain === undefined ? query : { ...query, grain };
          expect(answerOf(asked, put)).toEqual(answerOf(plain, put));
          expect(answerOf(later, put)).toEqual(answerOf(plain, put));
        }
        for (const ledger of [asked, later]) expect(tagsOf(ledger)).toEqual(tagsOf(plain));
        for (const ledger of [plain, asked, later]) {
          expect(ledger.prove().filter(({ holds }) => !holds)).toEqual([]);
          ledger.close();
        }
      },
    ),
    { seed: 20_261_122, numRuns: 15, endOnFailure: true },
  );
});
