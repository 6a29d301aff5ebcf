import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { Dimension, SpendQuery } from '../../src/domain/spend.ts';
import { NO_USAGE } from '../../src/domain/usage.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { freshFolder, NOW } from '../support/fake-runtime.ts';
import { append, cardsWith, cardText, event } from '../support/ledgers.ts';

const folder = freshFolder();
const HOUR = 3_600_000;

writeFileSync(
  join(folder, 'acme.yaml'),
  cardText('acme', { anvil: { input: '1.25', output: '4' } }),
);
const { book, cards } = cardsWith(join(folder, 'acme.yaml'));

let files = 0;
/** A ledger in a file; `fewCells` says how large its cube may be to be read without roll-ups. */
function inFile(
  fewCells: number,
): Ledger & { readonly look: <Row>(sql: string) => readonly Row[] } {
  files += 1;
  const path = join(folder, `${files}.db`);
  const ledger = openLedger(path, { book: book, now: () => NOW, fewCells });
  ledger.rerate(book, cards);
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

const tag = (name: string): Dimension => ({ kind: 'tag', name });
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
const BY_DAY: SpendQuery = { ...BY_TEAM, grain: 'day' };
/** Requests of each team over all rows. */
const requests = (ledger: Ledger, query = BY_DAY) => {
  const sums: Record<string, bigint> = {};
  for (const { key, requests: count } of ledger.spend(query).rows)
    sums[String(key[0])] = (sums[String(key[0])] ?? 0n) + count;
  return sums;
};
const days = (ledger: ReturnType<typeof inFile>) =>
  ledger
    .look('SELECT fresh FROM rollup_span ORDER BY start_hour')
    .map((row) => Object.values(row as object)[0]);
const spans = (ledger: ReturnType<typeof inFile>) =>
  ledger.look<{ hours: number; fresh: number }>(
    'SELECT hours, fresh FROM rollup_span JOIN rollup ON rollup.id = rollup_id ORDER BY hours, start_hour',
  );
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

  it('of eight days answers where no step of time is asked, and one of days what it leaves over', () => {
    const ledger = inFile(1);
    append(ledger, ...FOUR_DAYS);
    expect(requests(ledger, BY_TEAM)).toEqual({ a: 240n, b: 240n });
    // Counted from 1970, eight days begin on the 26th of October and on the 3rd of November.
    const eight = { hours: 192, fresh: 1 };
    // Of these, one span each of 64 and of 512 days is made.
    const longer = [
      { hours: 8 * 192, fresh: 1 },
      { hours: 64 * 192, fresh: 1 },
    ];
    expect(spans(ledger)).toEqual([eight, eight, ...longer]);
    // From the third day on, which cuts the later eight: 240 of 480 calls, on two days.
    const span = { start: Date.UTC(2026, 10, 4) };
    expect(requests(ledger, { ...BY_TEAM, span })).toEqual({ a: 120n, b: 120n });
    expect(spans(ledger).filter((each) => each.hours === 24 && each.fresh === 1)).toHaveLength(2);
  });

  it('of many days is summed from shorter ones, of which only those are summed again that calls have come to', () => {
    const ledger = inFile(1);
    // The four days of November once more every 100 days: 100, 200 and 300 days earlier.
    const years = [0, 1, 2, 3].flatMap((times) =>
      FOUR_DAYS.map((each) => ({
        ...each,
        id: `${each.id}-${times}`,
        time: (each.time ?? 0) - times * 100 * 24 * HOUR,
      })),
    );
    append(ledger, ...years);
    expect(requests(ledger, BY_TEAM)).toEqual({ a: 960n, b: 960n });
    const stale = () => spans(ledger).filter(({ fresh }) => fresh === 0);
    expect(stale()).toEqual([]);
    append(ledger, LATE);
    expect(stale().map(({ hours }) => hours)).toEqual([192, 8 * 192, 64 * 192]);
    expect(requests(ledger, BY_TEAM)).toEqual({ a: 961n, b: 960n });
    expect(stale()).toEqual([]);
    expect(ledger.prove().every(({ holds }) => holds)).toBe(true);
    // Built again, they are what they were.
    ledger.rerate(book, cards, true);
    expect(requests(ledger, BY_TEAM)).toEqual({ a: 961n, b: 960n });
    expect(ledger.prove().every(({ holds }) => holds)).toBe(true);
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
      ledger.append([broken], [{ ...checkpoint, readLines: Symbol('none') as never }]),
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
      { check: 'roll-ups', holds: true, detail: 'the cube and 1 roll-up of it agree' },
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
    ledger.rerate(book, cards, true);
    expect(findings()[0]).toMatchObject({ holds: true });
    expect(requests(ledger)).toEqual({ a: 240n, b: 240n });
  });

  it('of more than eight days is kept as packed sums too, which doctor proves', () => {
    const ledger = inFile(1);
    append(ledger, ...FOUR_DAYS);
    expect(requests(ledger, BY_TEAM)).toEqual({ a: 240n, b: 240n });
    const packed = () =>
      ledger.look('SELECT hours, rows FROM rollup_sums JOIN rollup ON rollup.id = rollup_id');
    // Two teams under one rate.
    const [days64, days512] = [64 * 24, 512 * 24].map((hours) => ({ hours, rows: 2 }));
    expect(packed()).toEqual([days64, days512]);
    const answer = ledger.spend(BY_TEAM);
    const other = new Sqlite(ledger.path);
    other.exec(
      'ALTER TABLE rollup_sums RENAME TO hidden; CREATE TABLE rollup_sums AS SELECT * FROM hidden LIMIT 0',
    );
    expect(ledger.spend(BY_TEAM)).toEqual(answer);
    other.exec('DROP TABLE rollup_sums; ALTER TABLE hidden RENAME TO rollup_sums');
    const holds = () => ledger.prove().find(({ check }) => check === 'roll-ups');
    expect(holds()).toMatchObject({ holds: true });
    other.exec("UPDATE rollup_sums SET numbers = CAST(numbers || x'00' AS BLOB) WHERE hour > 0");
    expect(holds()).toMatchObject({
      holds: false,
      detail: 'roll-ups of packed sums differ from the cube; run aicost doctor --rebuild',
    });
    other.close();
    ledger.rerate(book, cards, true);
    expect(holds()).toMatchObject({ holds: true });
    expect(packed()).toEqual([days64, days512]);
  });

  it('packs no sums that floats would round', () => {
    const ledger = inFile(1);
    const most = Number.MAX_SAFE_INTEGER;
    append(
      ledger,
      ...FOUR_DAYS.map((each) => ({ ...each, usage: { ...each.usage, input: most } })),
    );
    const inputs = () => ledger.spend(BY_TEAM).rows.map(({ input }) => input);
    expect(inputs()).toEqual([240n * BigInt(most), 240n * BigInt(most)]);
    expect(ledger.look('SELECT 1 FROM rollup_span WHERE fresh = 1')).toHaveLength(4);
    expect(ledger.look('SELECT 1 FROM rollup_sums')).toEqual([]);
    expect(inputs()).toEqual([240n * BigInt(most), 240n * BigInt(most)]);
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
