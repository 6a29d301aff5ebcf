import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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

let files = 0;
/** A ledger in a file; `fewCells` says how large its cube may be to be read without roll-ups. */
function inFile(
  fewCells: number,
): Ledger & { readonly look: <Row>(sql: string) => readonly Row[] } {
  files += 1;
  const path = join(folder, `${files}.db`);
  const ledger = openLedger(path, { book: CARDS[0].book, now: () => NOW, fewCells });
  ledger.rerate(CARDS[0].book, CARDS[0].cards);
  return {
    ...ledger,
    look: <Row>(sql: string) => {
      const database = new Sqlite(path, { readonly: true });
      const rows = database.prepare<[], Row>(sql).all();
      database.close();
      return rows;
    },
  };
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
      tags: { ...owner.tags, shard },
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

describe('roll-ups', () => {
  it('answer any question as the calls do, and as the cube does once a month is closed', () => {
    let rolledDays = 0;
    fc.assert(
      fc.property(
        calls,
        calls,
        fc.array(question, { minLength: 4, maxLength: 10 }),
        (before, after, questions) => {
          const [rolled, plain] = [inFile(1), inFile(Number.POSITIVE_INFINITY)];
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
          rolledDays += rolled.look('SELECT 1 FROM rollup_day WHERE fresh = 1').length;
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
      { seed: 20_261_122, numRuns: 16 },
    );
    // So that a ledger which never rolls anything up cannot pass.
    expect(rolledDays).toBeGreaterThan(50);
  });
});

/** Calls of two teams and many shards, one an hour and shard, on four days from the 2nd of November. */
const FOUR_DAYS = Array.from({ length: 4 * 24 * 5 }, (_, n) =>
  event({
    id: `e${n}`,
    provider: 'acme',
    model: 'anvil',
    time: Date.UTC(2026, 10, 2) + Math.floor(n / 5) * HOUR,
    usage: { ...NO_USAGE, input: 1_000_000 },
    tags: { team: n % 2 === 0 ? 'a' : 'b', shard: String(n % 5) },
  }),
);
const BY_TEAM: SpendQuery = { span: {}, by: [tag('team')], timeZone: 'UTC', where: [] };
const requests = (ledger: Ledger, query = BY_TEAM) =>
  Object.fromEntries(ledger.spend(query).rows.map(({ key, ...row }) => [key[0], row.requests]));
const days = (ledger: ReturnType<typeof inFile>) =>
  ledger
    .look('SELECT fresh FROM rollup_day ORDER BY start_hour')
    .map((row) => Object.values(row as object)[0]);
/** One more call of team a on the third day. */
const LATE = event({
  id: 'late',
  provider: 'acme',
  model: 'anvil',
  time: Date.UTC(2026, 10, 4, 23, 59),
  tags: { team: 'a' },
});

describe('a roll-up', () => {
  it('sums again only the days that calls have come to', () => {
    const ledger = inFile(1);
    append(ledger, ...FOUR_DAYS);
    expect(requests(ledger)).toEqual({ a: 240n, b: 240n });
    expect(days(ledger)).toEqual([1, 1, 1, 1]);
    append(ledger, LATE);
    expect(days(ledger)).toEqual([1, 1, 0, 1]);
    expect(requests(ledger)).toEqual({ a: 241n, b: 240n });
    expect(days(ledger)).toEqual([1, 1, 1, 1]);
  });

  it('gives way to the cube for changed days while somebody else is writing', () => {
    const ledger = inFile(1);
    append(ledger, ...FOUR_DAYS);
    requests(ledger);
    append(ledger, LATE);
    const other = new Sqlite(ledger.path);
    other.exec('BEGIN IMMEDIATE');
    expect(requests(ledger)).toEqual({ a: 241n, b: 240n });
    expect(days(ledger)).toEqual([1, 1, 0, 1]);
    other.exec('ROLLBACK');
    other.close();
  });

  it('stays as it was when the transaction that would change it fails', () => {
    const ledger = inFile(1);
    append(ledger, ...FOUR_DAYS);
    requests(ledger);
    const broken = { event: LATE, key: 'late', format: 'test', fileId: null, line: 1 };
    const checkpoint = {
      fileId: 1,
      identity: '',
      options: '',
      size: 0,
      modifiedMs: 0,
      readOffset: 0,
    };
    // SQLite takes no symbol, so that the checkpoint fails after the calls are in.
    expect(() =>
      ledger.append([broken], { ...checkpoint, readLines: Symbol('none') as never }),
    ).toThrow(/bind/);
    expect(days(ledger)).toEqual([1, 1, 1, 1]);
    expect(requests(ledger)).toEqual({ a: 240n, b: 240n });
    expect(ledger.prove().every(({ holds }) => holds)).toBe(true);
  });

  it('is proved by doctor, and summed anew by its rebuilding', () => {
    const ledger = inFile(1);
    append(ledger, ...FOUR_DAYS);
    requests(ledger);
    const findings = () => ledger.prove().filter(({ check }) => check === 'roll-ups');
    expect(findings()).toEqual([
      { check: 'roll-ups', holds: true, detail: '1 roll-up by day equal the cube' },
    ]);
    const other = new Sqlite(ledger.path);
    other.exec(
      'UPDATE rollup_cell SET input = input + 1 WHERE hour = (SELECT min(hour) FROM rollup_cell)',
    );
    expect(findings()[0]).toMatchObject({ holds: false });
    other.exec(
      'UPDATE rollup_cell SET input = input - 1 WHERE hour = (SELECT min(hour) FROM rollup_cell)',
    );
    expect(findings()[0]).toMatchObject({ holds: true });
    // Team b is counted as team a.
    other.exec('UPDATE rollup_cell SET tag_set_id = tag_set_id + 1000 WHERE tag_set_id > 1');
    expect(findings()[0]).toMatchObject({ holds: false });
    other.close();
    ledger.rerate(CARDS[0].book, CARDS[0].cards, true);
    expect(findings()[0]).toMatchObject({ holds: true });
    expect(requests(ledger)).toEqual({ a: 240n, b: 240n });
  });

  it('that would be about as long as the cube is not kept', () => {
    const ledger = inFile(1);
    append(ledger, ...FOUR_DAYS.filter((_, n) => n % (24 * 5) < 2));
    expect(requests(ledger)).toEqual({ a: 4n, b: 4n });
    expect(ledger.look('SELECT 1 FROM rollup_cell')).toEqual([]);
    // The cube has more than doubled: it is worth another look.
    append(ledger, ...FOUR_DAYS);
    expect(requests(ledger)).toEqual({ a: 240n, b: 240n });
    expect(days(ledger)).toEqual([1, 1, 1, 1]);
  });

  it('is not made of a small ledger, nor of one in memory', () => {
    const ledger = inFile(481);
    append(ledger, ...FOUR_DAYS);
    expect(requests(ledger)).toEqual({ a: 240n, b: 240n });
    expect(ledger.look('SELECT 1 FROM rollup')).toEqual([]);
  });
});
