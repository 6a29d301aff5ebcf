import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moneyText } from '../../src/domain/money.ts';
import type { Dimension, Filter, SpendQuery, SpendRow } from '../../src/domain/spend.ts';
import { STATUSES } from '../../src/domain/usage.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { eventRecord } from '../../src/reports/event-record.ts';
import { freshFolder } from '../support/fake-runtime.ts';
import { append, cardsWith, cardText, event, inMemory } from '../support/ledgers.ts';

const SEED = 20_261_121;
const RUNS = { seed: SEED, numRuns: 24 };
const shipped = cardsWith().book;

const START = Date.parse('2026-10-20T00:00:00Z');
const DAYS = 40;
const count = fc.integer({ min: 0, max: 300_000 });

const usage = fc
  .record({
    input: count,
    cacheRead: count,
    w5: count,
    w1: count,
    output: count,
    fee: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ input, cacheRead, w5, w1, output, fee }) => ({
    input,
    cacheRead,
    cacheWrite: { ...(w5 > 0 && { '5m': w5 }), ...(w1 > 0 && { '1h': w1 }) },
    output,
    reasoning: Math.floor(output / 3),
    parts: {},
    fees: fee > 0 ? { web_search: fee } : {},
  }));

const call = (ids: number) =>
  fc
    .record({
      id: fc.integer({ min: 0, max: ids }).map((n) => `c${n}`),
      time: fc.option(
        fc.integer({ min: 0, max: DAYS * 86_400_000 }).map((ms) => START + ms),
        { nil: undefined, freq: 12 },
      ),
      model: fc.constantFrom(
        'claude-sonnet-4-5',
        'claude-haiku-4-5',
        'claude-none',
        'claude-opus-4-6',
      ),
      status: fc.constantFrom(...STATUSES),
      usage,
      reportedCost: fc.option(fc.bigInt({ min: 0n, max: 10n ** 18n }), { nil: undefined }),
      tags: fc.dictionary(
        fc.constantFrom('feature', 'team', 'run', 'session', 'user', 'colour', '__proto__'),
        fc.constantFrom('a', 'b', 'c*', "d'"),
      ),
    })
    .map(({ reportedCost, ...fields }) =>
      event({
        ...fields,
        provider: 'anthropic',
        // A cent of 10^-12 dollars is the finest that reported money is kept in.
        reportedCost:
          reportedCost === undefined ? undefined : ((reportedCost * 1_000_000n) as never),
      }),
    );

const NAMES = ['feature', 'team', 'colour', 'run', 'session', 'user', '__proto__'] as const;
const dimension: fc.Arbitrary<Dimension> = fc.oneof(
  fc.constantFrom(...NAMES).map((name): Dimension => ({ kind: 'tag', name })),
  fc
    .constantFrom('model', 'provider', 'status')
    .map((name): Dimension => ({ kind: 'fact', name: name as 'model' })),
);

interface Sums {
  readonly cost: string;
  readonly counts: readonly bigint[];
}

const sumsOf = (rows: readonly SpendRow[]): Sums => {
  const add = (pick: (row: SpendRow) => bigint): bigint =>
    rows.reduce((sum, row) => sum + pick(row), 0n);
  return {
    cost: moneyText(add((row) => row.cost) as never),
    counts: [
      add((row) => row.requests),
      add((row) => row.errors),
      add((row) => row.input),
      add((row) => row.cacheRead),
      add((row) => row.cacheWrite),
      add((row) => row.output),
      add((row) => row.reasoning),
      add((row) => row.rated),
      add((row) => row.unrated),
      add((row) => row.reported),
      add((row) => row.reportedRequests),
    ],
  };
};

const ask = (ledger: Ledger, more: Partial<SpendQuery>): Sums =>
  sumsOf(ledger.spend({ span: {}, by: [], timeZone: 'UTC', where: [], ...more }).rows);

const exported = (ledger: Ledger): readonly unknown[] =>
  [...ledger.events({ span: {}, where: [], order: 'time' })]
    .map((stored) => {
      const { source: _, ...record } = eventRecord(stored);
      return record;
    })
    .sort((a, b) => (JSON.stringify(a['id']) < JSON.stringify(b['id']) ? -1 : 1));

const failures = (ledger: Ledger) => ledger.prove().filter(({ holds }) => !holds);

describe('totals', () => {
  it('are equal under every grouping, grain and zone, from sums and from events', () => {
    fc.assert(
      fc.property(
        fc.array(call(1000), { minLength: 1, maxLength: 40 }),
        fc.uniqueArray(dimension, { maxLength: 3, selector: ({ name }) => name }),
        fc.constantFrom(undefined, 'hour', 'day', 'week', 'month'),
        fc.constantFrom(
          'UTC',
          'Asia/Kathmandu',
          'Europe/Berlin',
          'Australia/Lord_Howe',
          'America/St_Johns',
        ),
        (events, by, grain, timeZone) => {
          const ledger = inMemory(shipped);
          append(ledger, ...events);
          const wanted = ask(ledger, {});
          expect(ask(ledger, { by, timeZone, ...(grain !== undefined && { grain }) })).toEqual(
            wanted,
          );
          ledger.close();
        },
      ),
      RUNS,
    );
  });

  it('are the sum of what a filter takes and what its opposite takes', () => {
    fc.assert(
      fc.property(
        fc.array(call(1000), { minLength: 1, maxLength: 40 }),
        dimension,
        fc.constantFrom('a', 'c*', '*', '', "d'", 'claude-*'),
        fc.constantFrom('UTC', 'Asia/Kathmandu'),
        (events, filtered, pattern, timeZone) => {
          const ledger = inMemory(shipped);
          append(ledger, ...events);
          const part = (negated: boolean): readonly SpendRow[] =>
            ledger.spend({
              span: {},
              by: [],
              grain: 'day',
              timeZone,
              where: [{ dimension: filtered, negated, pattern }],
            }).rows;
          expect(sumsOf([...part(false), ...part(true)])).toEqual(ask(ledger, {}));
          ledger.close();
        },
      ),
      RUNS,
    );
  });

  it('of spans that tile a period are the total of the period, and dated plus undated is everything', () => {
    fc.assert(
      fc.property(
        fc.array(call(1000), { minLength: 1, maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: DAYS * 86_400_000 }), { maxLength: 4 }),
        (events, offsets) => {
          const ledger = inMemory(shipped);
          append(ledger, ...events);
          const cuts = [...new Set([0, ...offsets, (DAYS + 1) * 86_400_000])].sort((a, b) => a - b);
          const rows = cuts.slice(1).flatMap((end, index) => {
            const span = { start: START + (cuts[index] ?? 0), end: START + end };
            return ledger.spend({ span, by: [], timeZone: 'UTC', where: [] }).rows;
          });
          const undated = ledger
            .spend({ span: {}, by: [], grain: 'day', timeZone: 'UTC', where: [] })
            .rows.filter(({ step }) => step === null);
          expect(sumsOf([...rows, ...undated])).toEqual(ask(ledger, {}));
          ledger.close();
        },
      ),
      RUNS,
    );
  });

  it('a filter takes the same events for a report and for an export', () => {
    fc.assert(
      fc.property(
        fc.array(call(1000), { minLength: 1, maxLength: 30 }),
        dimension,
        fc.constantFrom('a', 'c*', '*', '', "d'", '[ab]', '?'),
        fc.boolean(),
        (events, filtered, pattern, negated) => {
          const ledger = inMemory(shipped);
          append(ledger, ...events);
          const where: readonly Filter[] = [{ dimension: filtered, negated, pattern }];
          const found = [...ledger.events({ span: {}, where, order: 'time' })].length;
          expect(BigInt(found)).toBe(ask(ledger, { where }).counts[0]);
          ledger.close();
        },
      ),
      RUNS,
    );
  });
});

describe('the ledger', () => {
  it('does not depend on the order of ingest, nor on how records came in batches', () => {
    fc.assert(
      fc.property(
        // Few ids, so that many records are of one call.
        fc
          .array(call(12), { minLength: 2, maxLength: 30 })
          .chain((events) =>
            fc.tuple(
              fc.constant(events),
              fc.shuffledSubarray(events, { minLength: events.length }),
              fc.integer({ min: 1, max: 7 }),
            ),
          ),
        ([events, shuffled, size]) => {
          const [one, other] = [inMemory(shipped), inMemory(shipped)];
          append(one, ...events);
          for (let at = 0; at < shuffled.length; at += size)
            append(other, ...shuffled.slice(at, at + size));
          expect(exported(other)).toEqual(exported(one));
          expect(failures(one)).toEqual([]);
          expect(failures(other)).toEqual([]);
          one.close();
          other.close();
        },
      ),
      { ...RUNS, numRuns: 40 },
    );
  });

  it('taking everything a second time changes nothing and completes nothing', () => {
    fc.assert(
      fc.property(fc.array(call(12), { minLength: 1, maxLength: 30 }), (events) => {
        const ledger = inMemory(shipped);
        append(ledger, ...events);
        const before = exported(ledger);
        expect(append(ledger, ...events)).toEqual({
          added: 0,
          duplicate: events.length,
          completed: 0,
          joined: 0,
        });
        expect(exported(ledger)).toEqual(before);
        expect(failures(ledger)).toEqual([]);
        ledger.close();
      }),
      RUNS,
    );
  });

  it('proves itself after a re-rating, and all from nothing gives the same sums', () => {
    const folder = freshFolder();
    const own = join(folder, 'anthropic.yaml');
    writeFileSync(own, cardText('anthropic', { 'claude-none': { input: '1.25', output: '7' } }));
    const other = cardsWith(own);
    fc.assert(
      fc.property(fc.array(call(40), { minLength: 1, maxLength: 40 }), (events) => {
        const [rerated, fresh] = [inMemory(shipped), inMemory(other.book)];
        append(rerated, ...events);
        rerated.rerate(other.book, other.cards);
        append(fresh, ...events);
        const by: readonly Dimension[] = [
          { kind: 'fact', name: 'model' },
          { kind: 'tag', name: 'team' },
        ];
        expect(ask(rerated, { by })).toEqual(ask(fresh, { by }));
        expect(exported(rerated)).toEqual(exported(fresh));
        expect(failures(rerated)).toEqual([]);
        rerated.close();
        fresh.close();
      }),
      { ...RUNS, numRuns: 25 },
    );
  });
});
