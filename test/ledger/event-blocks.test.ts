import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { money } from '../../src/domain/money.ts';
import { NO_USAGE, STATUSES, type UsageEvent } from '../../src/domain/usage.ts';
import { EventPacker } from '../../src/ingest/event-packer.ts';
import type { IncomingEvent } from '../../src/ledger/event-placement.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { openLedgerToRead } from '../../src/ledger/ledger-to-read.ts';
import { Column, packColumns, unpackColumns } from '../../src/ledger/number-columns.ts';
import { EventUnpacker, type PackedPart } from '../../src/ledger/packed-part.ts';
import { freshFolder, NOW } from '../support/fake-runtime.ts';
import { cardsWith, cardText, event } from '../support/ledgers.ts';

const { book } = cardsWith();
/** Patience with a machine that is busy with other things. */
const SLOW_MS = 60_000;

let path: string;
const open = (): Ledger => openLedger(path, { book, now: () => NOW });
const incoming = (events: readonly UsageEvent[]): readonly IncomingEvent[] =>
  events.map((each, index) => ({
    event: each,
    key: each.id ?? `#${index}`,
    format: 'test',
    fileId: null,
    line: index + 1,
  }));

/** Events as a thread hands them over. */
function packing(): (events: readonly IncomingEvent[]) => PackedPart {
  const [packer, unpacker] = [new EventPacker(), new EventUnpacker()];
  return (events) => {
    for (const each of events) packer.add(each);
    return unpacker.open(packer.take(null));
  };
}
const addPacked = (ledger: Ledger, ...events: readonly UsageEvent[]) => {
  const writing = ledger.writing();
  const added = writing.add(packing()(incoming(events)));
  writing.commit([]);
  return added;
};
const idsIn = (ledger: Pick<Ledger, 'events'>) =>
  [...ledger.events({ span: {}, where: [], order: 'time' })].map(({ key }) => key).sort();
const inFile = (sql: string): unknown => {
  const database = new Sqlite(path);
  const found = database.prepare(sql).pluck().get();
  database.close();
  return found;
};
const blocked = (): unknown => inFile('SELECT coalesce(sum(count), 0) FROM event_block');
const rows = (): unknown => inFile('SELECT count(*) FROM event');

beforeEach(() => {
  path = join(freshFolder(), 'ledger.db');
});

/** Any event that an adapter may make: most of them plain, with few ids, so that many are told twice. */
const anyEvent = fc
  .record({
    id: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 0, max: 40 }).map((n) => `call-${n}`) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 3 }) },
    ),
    time: fc.option(fc.oneof(fc.constant(-1), fc.integer({ min: NOW - 9_000_000, max: NOW })), {
      nil: undefined,
      freq: 9,
    }),
    model: fc.constantFrom('gpt-4o-mini', 'nobody-knows-it'),
    status: fc.constantFrom(...STATUSES),
    errorCode: fc.option(fc.constant('429'), { nil: undefined, freq: 1 }),
    latencyMs: fc.option(fc.nat(), { nil: undefined }),
    retryCount: fc.option(fc.nat(3), { nil: undefined }),
    input: fc.nat(5_000),
    cacheWrite: fc.constantFrom({}, { default: 30 }, { '5m': 20 }, { '5m': 20, default: 1 }),
    fees: fc.constantFrom({}, {}, {}, { web_search: 2 }),
    reportedCost: fc.option(fc.constant(money(5_000_000_000n)), { nil: undefined, freq: 1 }),
    family: fc.constantFrom(undefined, undefined, undefined, undefined, 'call-1', 'f'),
    replay: fc.constantFrom(false, false, false, true),
    tags: fc.dictionary(
      fc.constantFrom('team', 'run', 'user', 'step', 'order'),
      fc.string({ maxLength: 2 }),
    ),
    labels: fc.constantFrom(undefined, ['sidechain']),
  })
  .map(({ input, cacheWrite, fees, id, replay, labels, ...more }): UsageEvent => ({
    ...event({ id }),
    ...more,
    ...(replay ? { replay } : {}),
    ...(labels === undefined ? {} : { labels }),
    usage: { input, cacheRead: 0, cacheWrite, output: 10, reasoning: 0, parts: {}, fees },
  }));

/** What a ledger holds, whatever ids its rows have. */
const holds = (ledger: Ledger) => ({
  events: [...ledger.events({ span: {}, where: [], order: 'time' })]
    .map(({ rowId: _rowId, ids: _ids, ...rest }) => rest)
    .sort((a, b) => (a.key < b.key ? -1 : 1)),
  spend: ledger.spend({
    span: {},
    by: [{ kind: 'tag', name: 'team' }],
    timeZone: 'UTC',
    where: [],
  }),
  wrong: ledger.prove().filter((each) => !each.holds),
});

it('events that come packed leave what they leave one by one', { timeout: SLOW_MS }, () => {
  const parts = fc.array(fc.array(anyEvent, { maxLength: 12 }), { maxLength: 5 });
  const identifiers = { always: ['order'], never: [] };
  const check = fc.property(parts, (some) => {
    const [one, other] = [0, 1].map(() =>
      openLedger(':memory:', { book, now: () => NOW, identifiers }),
    );
    if (one === undefined || other === undefined) return;
    const pack = packing();
    for (const part of some) {
      const writing = one.writing();
      const added = writing.add(pack(incoming(part)));
      writing.commit([]);
      expect(added).toEqual(other.append(incoming(part)));
    }
    expect(holds(one)).toEqual(holds(other));
    one.close();
    other.close();
  });
  fc.assert(check, { seed: 20_261_122, numRuns: 12 });
});

describe('events in blocks', () => {
  const three = ['a', 'b', 'c'].map((id, n) =>
    event({ id, time: NOW - n * 1_000, tags: { run: `r-${id}`, team: 'search' } }),
  );
  /** Three calls of 1,000 in at $0.15 and 100 out at $0.60 a million: 3 x $0.00021. */
  const SPENT = money(630_000_000_000_000n);
  const byTeam = {
    span: {},
    by: [{ kind: 'tag', name: 'team' }],
    timeZone: 'UTC',
    where: [],
  } as const;

  it('stay there for sums, and become rows by the first question about calls', () => {
    const ledger = open();
    expect(addPacked(ledger, ...three)).toMatchObject({ added: 3 });
    ledger.close();
    expect([blocked(), rows()]).toEqual([3, 0]);
    const sums = openLedgerToRead(path, { sumsOnly: true });
    expect(sums.spend(byTeam).rows).toMatchObject([{ key: ['search'], requests: 3n, cost: SPENT }]);
    expect([blocked(), rows()]).toEqual([3, 0]);
    expect(sums.spend({ ...byTeam, by: [{ kind: 'tag', name: 'run' }] }).rows).toHaveLength(3);
    expect([blocked(), rows()]).toEqual([0, 3]);
    sums.close();
  });

  it('become rows when a ledger is opened for anything else', () => {
    const ledger = open();
    addPacked(ledger, ...three);
    ledger.close();
    const told: number[] = [];
    const onSettling = (events: number) => void told.push(events);
    openLedgerToRead(path, { onSettling }).close();
    expect([blocked(), rows()]).toEqual([0, 3]);
    openLedgerToRead(path, { onSettling }).close();
    expect(told).toEqual([3]);
  });

  it('are asked about while somebody else writes, and counted once when he has made rows of them', () => {
    const ledger = open();
    addPacked(ledger, ...three);
    ledger.close();
    const busy = new Sqlite(path);
    busy.exec('BEGIN IMMEDIATE');
    const reader = openLedgerToRead(path);
    expect(idsIn(reader)).toEqual(['a', 'b', 'c']);
    expect([...reader.events({ span: {}, where: [], order: 'time', id: 'b' })]).toHaveLength(1);
    busy.exec('ROLLBACK');
    busy.close();
    expect([blocked(), rows()]).toEqual([3, 0]);
    // An index that is made now is made of the ledger's own table.
    expect([...reader.events({ span: {}, where: [], order: 'time', run: 'r-b' })]).toHaveLength(1);
    openLedgerToRead(path).close();
    expect([blocked(), rows()]).toEqual([0, 3]);
    expect(idsIn(reader)).toEqual(['a', 'b', 'c']);
    reader.close();
  });

  it('are known to the next process, which changes the block that has a call it knows more of', () => {
    const ledger = open();
    addPacked(ledger, ...three);
    addPacked(ledger, event({ id: 'd' }));
    ledger.close();
    const next = open();
    const wiser = { ...event({ id: 'b' }), time: NOW - 1_000, latencyMs: 5 };
    expect(addPacked(next, wiser, event({ id: 'e' }))).toMatchObject({ added: 1, completed: 1 });
    next.close();
    expect([blocked(), rows()]).toEqual([5, 0]);
    const last = open();
    expect(last.prove().filter(({ holds: fine }) => !fine)).toEqual([]);
    expect(idsIn(last)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(inFile("SELECT latency_ms FROM event WHERE key = 'b'")).toBe(5);
    last.close();
  });

  it('become rows with the others of their block when more is known of one than a block keeps', () => {
    const ledger = open();
    addPacked(ledger, ...three);
    addPacked(ledger, event({ id: 'd' }));
    const charged = { ...event({ id: 'b' }), reportedCost: money(5_000_000_000n) };
    expect(addPacked(ledger, charged)).toMatchObject({ completed: 1 });
    ledger.close();
    expect([blocked(), rows()]).toEqual([1, 3]);
    expect(inFile("SELECT reported_picodollars FROM event WHERE key = 'b'")).toBe(5_000);
  });

  it('of an earlier version are read, although they have fewer columns', () => {
    const ledger = open();
    addPacked(ledger, ...three);
    ledger.close();
    const database = new Sqlite(path);
    const block = database
      .prepare<[], { numbers: Uint8Array; columns: number; count: number }>(
        'SELECT numbers, columns, count FROM event_block',
      )
      .get();
    if (block === undefined) throw new Error('no block');
    const first = unpackColumns(block.numbers, block.columns, block.count).slice(0, 20);
    database.prepare('UPDATE event_block SET numbers = ?, columns = 20').run(
      packColumns(
        first.map((values) => Column.of(values)),
        block.count,
      ),
    );
    database.close();
    const next = open();
    expect(addPacked(next, ...three)).toMatchObject({ added: 0, duplicate: 3 });
    expect(next.prove().filter(({ holds: fine }) => !fine)).toEqual([]);
    expect(idsIn(next)).toEqual(['a', 'b', 'c']);
    next.close();
  });

  it('of agents are found by their family, which is no row as long as nobody else is of it', () => {
    const ledger = open();
    const ofAgent = (id: string, more: Partial<UsageEvent> = {}): UsageEvent => ({
      ...event({ id, usage: { ...NO_USAGE, cacheWrite: { '5m': 20, '1h': 7 }, output: 3 } }),
      family: id.split(':')[0],
      ...more,
    });
    expect(addPacked(ledger, ofAgent('m:1'), ofAgent('n:1'))).toMatchObject({ added: 2 });
    // Resumed: the copy tells another session.
    const copy = ofAgent('m:1', { tags: { session: 's' } });
    expect(addPacked(ledger, copy, ofAgent('o:1'))).toMatchObject({ added: 1, completed: 1 });
    expect([blocked(), rows(), inFile('SELECT count(*) FROM call_family')]).toEqual([3, 0, 0]);
    // A tool that knows no requests.
    expect(addPacked(ledger, ofAgent('n', { family: undefined }))).toMatchObject({ duplicate: 1 });
    ledger.close();
    expect([blocked(), rows(), inFile('SELECT count(*) FROM call_family')]).toEqual([1, 2, 3]);
    expect(inFile("SELECT session || ' ' || extra FROM event WHERE key = 'm:1'")).toBe(
      's {"cache_write@5m":20,"cache_write@1h":7}',
    );
  });

  it('get new rates with all others', () => {
    const ledger = open();
    addPacked(ledger, ...three);
    const card = join(freshFolder(), 'openai.yaml');
    writeFileSync(card, cardText('openai', { 'gpt-4o-mini': { input: '1.50', output: '6.00' } }));
    const dearer = cardsWith(card);
    ledger.rerate(dearer.book, dearer.cards);
    expect(ledger.spend(byTeam).rows).toMatchObject([{ cost: money(SPENT * 10n) }]);
    expect(ledger.prove().filter(({ holds: fine }) => !fine)).toEqual([]);
    ledger.close();
  });
});
