import Sqlite from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  acme,
  AFTER,
  BEFORE,
  codes,
  cost,
  here,
  ingest,
  inLedger,
  LATE,
  must,
  NOVEMBER,
  numbers,
  OCTOBER,
  price,
  rates,
  report,
  layDesk,
} from '../support/closing-desk.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { jsonl } from '../support/fake-runtime.ts';
import { append, cardsWith, cardText, event } from '../support/ledgers.ts';

beforeEach(layDesk);

describe('the books', () => {
  it('stay as they are when everything derived is built again', async () => {
    await must('close', '2026-10');
    await ingest(LATE);
    price(AFTER);
    const before = [await numbers(...OCTOBER), await numbers(...NOVEMBER)];
    const { err } = await here.aicost('doctor', '--rebuild', '--rates', rates);
    expect(err).toBe('rebuilt rates and sums of 5 events\n');
    expect([await numbers(...OCTOBER), await numbers(...NOVEMBER)]).toEqual(before);
  });

  it('have the whole of a late call or none of it', async () => {
    await must('close', '2026-10');
    const before = await must('export', 'events');
    inLedger(
      "CREATE TRIGGER full BEFORE INSERT ON correction_cell BEGIN SELECT RAISE(ABORT, 'disk full'); END",
    );
    const late = here.write('late.jsonl', jsonl(LATE));
    expect((await here.aicost('ingest', late, '--rates', rates)).code).not.toBe(0);
    expect(await must('export', 'events')).toBe(before);
    inLedger('DROP TRIGGER full');
    await must('ingest', late);
    await must('ingest', late);
    expect((await report(...NOVEMBER)).corrections).toEqual([
      { month: '2026-10', cost_usd: '1', requests: 1 },
    ]);
    await must('doctor');
  });

  it.each([
    ['a frozen sum', 'UPDATE closed_cell SET input = input + 1 WHERE id = 1'],
    ['a correction that is gone', 'DELETE FROM correction_cell'],
  ])('that were changed by hand are found by doctor: %s', async (_, sql) => {
    await must('close', '2026-10');
    await ingest(LATE);
    inLedger(sql);
    const { code, out } = await here.aicost('doctor', '--rates', rates);
    expect(code).toBe(1);
    expect(out).toMatch(/closed months +FAILED/);
    expect((await here.aicost('doctor', '--rebuild', '--rates', rates)).code).toBe(0);
  });

  it('do not answer for single calls, which is said', async () => {
    await must('close', '2026-10');
    const plain = await report(...NOVEMBER, '--by', 'user');
    expect(codes(plain)).toEqual([]);
    await ingest(LATE);
    expect(codes(await report(...NOVEMBER, '--by', 'user'))).toEqual(['closed-live']);
    // Its days begin at 18:15 UTC, so they are counted from calls: a1, a2 and the late one; b1 is of November there.
    const kathmandu = [...OCTOBER, '--timezone', 'Asia/Kathmandu'];
    const live = await report(...kathmandu, '--by', 'day');
    expect([codes(live), live.closed, live.totals.cost_usd]).toEqual([['closed-live'], [], '6']);
    // Its month as one sum is a quarter of an hour of calls beside the hours of the books: a1 and a2.
    const whole = await report(...kathmandu);
    expect([codes(whole), whole.closed, whole.totals.cost_usd]).toEqual([
      ['closed-live'],
      ['2026-10'],
      '5',
    ]);
  });

  it('answer a span that ends within an hour, with what was booked in that hour', async () => {
    await must('close', '2026-10');
    await ingest(
      LATE,
      acme('n2', '2026-11-21T12:10:00Z'),
      acme('n3', '2026-11-21T12:40:00Z', { model: 'bellows' }),
      acme('n0', '2026-11-09T07:59:59Z'),
    );
    // From n1 (1.00), which is the first call of the span, to n2 (1.00): n0 and n3 lie outside. Booked at 12: 1.00.
    const span = ['--since', '2026-11-09T08:00:01Z', '--until', '2026-11-21T12:30:00Z'];
    const { totals, corrections, notes } = await report(...span);
    expect([totals.cost_usd, totals.requests]).toEqual(['3', 3]);
    expect(corrections).toEqual([{ month: '2026-10', cost_usd: '1', requests: 1 }]);
    expect(codes({ notes })).toEqual(['correction']);
    const days = await report(...span, '--by', 'day', '--timezone', 'Europe/Berlin');
    expect(days.rows.map((row: Record<string, unknown>) => [row['day'], row['cost_usd']])).toEqual([
      ['2026-11-10', '1'],
      ['2026-11-21', '2'],
    ]);
    // Booked before the span began, or after it ended, is not in it.
    expect(await cost('--since', '2026-11-21T12:00:01Z', '--until', '2026-11-21T12:30:00Z')).toBe(
      '1',
    );
    expect(await cost('--since', '2026-11-10T00:00:01Z', '--until', '2026-11-21T12:00:00Z')).toBe(
      '1',
    );
    // The edge within October is counted from its calls, which is said: b1 in its last second.
    const edge = await report('--since', '2026-10-31T23:59:59Z', '--until', '2026-11-01');
    expect([codes(edge), edge.totals.cost_usd]).toEqual([['closed-live'], '2']);
  });

  it('are kept by a ledger that was opened before the month was closed', async () => {
    const { book, cards } = cardsWith(rates);
    const now = () => Date.parse('2026-11-21T12:00:00Z');
    const other = openLedger(here.ledger, { book, now });
    other.rerate(book, cards);
    const at10 = { provider: 'acme', model: 'anvil', time: Date.parse('2026-10-09T00:00:00Z') };
    append(other, event({ id: 'early', ...at10 }));
    await must('close', '2026-10');
    append(other, event({ id: 'after', ...at10 }));
    other.close();
    // Early, before the closing: 1,000 in and 100 out, 0.001 + 0.0004.
    expect(await cost(...OCTOBER)).toBe('7.0014');
    expect(await cost(...NOVEMBER)).toBe('1.0014');
    await must('doctor');
  });
});

it('a ledger of an earlier version learns its cards at the next command, and re-rates nothing', async () => {
  // Makes rows of all events, which is what earlier versions have.
  await here.must('doctor', '--rates', rates);
  const database = new Sqlite(here.ledger);
  for (const table of [
    'event_key',
    'event_key_filter',
    'event_key_list',
    'rated_card',
    'closed_month',
    'closed_card',
    'closed_cell',
    'closed_cell_extra',
    'correction_cell',
    'correction_cell_extra',
    'rollup',
    'rollup_span',
    'rollup_values',
    'rollup_tag_set',
    'rollup_cell',
    'rollup_cell_extra',
    'rollup_sums',
    'identifier_tag',
    'event_block',
  ])
    database.exec(`DROP TABLE ${table}`);
  database.exec('ALTER TABLE event DROP COLUMN identifiers');
  database.pragma('user_version = 3');
  database.close();
  const { out, err } = await here.aicost('report', '--format', 'json', '--rates', rates);
  expect(err).toBe('');
  expect(JSON.parse(out).rate_cards).toEqual([
    { provider: 'acme', as_of: '2026-11-21', digest: price(BEFORE) },
  ]);
});

describe('cards of different age', () => {
  it('are told apart in one note, and an old one is warned of', async () => {
    const text = cardText('zeta', { z: { input: '1.00', output: '1.00' } });
    const old = here.write('zeta.yaml', text.replaceAll('2026-11-21', '2026-10-01'));
    const log = here.write(
      'z.jsonl',
      jsonl(acme('z1', '2026-11-12T00:00:00Z', { provider: 'zeta', model: 'z' })),
    );
    await must('ingest', log, '--rates', old);
    const { notes, rate_card } = await report('--rates', old);
    expect(rate_card.as_of).toBe('2026-11-21');
    // The first of October is 51 days before the 21st of November.
    expect(notes).toEqual([
      {
        code: 'cards-as-of',
        message: 'prices of acme as of 2026-11-21; zeta as of 2026-10-01',
      },
      {
        code: 'stale-card',
        message:
          'prices of zeta were last checked on 2026-10-01, more than 45 days ago; a newer card may say otherwise',
      },
    ]);
    const alone = await must('report', '--rates', old, '--where', 'provider=zeta');
    expect(alone).toMatch(/^Spend by model, all time \(UTC\), list prices as of 2026-10-01\n/);
  });
});
