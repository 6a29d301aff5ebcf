import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { call, desk, type Desk, jsonl, type World } from '../support/fake-runtime.ts';
import { cardText } from '../support/ledgers.ts';

// Prices per million tokens, in and out.
const BEFORE = {
  anvil: { input: '1.00', output: '4.00' },
  bellows: { input: '2.00', output: '2.00' },
};
const AFTER = { ...BEFORE, anvil: { input: '1.50', output: '4.00' } };

const acme = (id: string, time: string, more: Readonly<Record<string, unknown>> = {}) =>
  call({
    id,
    time,
    provider: 'acme',
    model: 'anvil',
    input_tokens: 1_000_000,
    output_tokens: 0,
    ...more,
  });

// October: a1 1.00, a2 1 M out 4.00, b1 2.00: 7.00 in 3 requests. November: n1 1.00.
const CALLS = jsonl(
  acme('a1', '2026-10-05T10:00:00Z', { tags: { team: 'search' } }),
  acme('a2', '2026-10-20T10:30:00Z', { input_tokens: 0, output_tokens: 1_000_000 }),
  acme('b1', '2026-10-31T23:59:59Z', { model: 'bellows' }),
  acme('n1', '2026-11-10T08:00:00Z', { tags: { team: 'search', user: 'ana' } }),
);
// 1.00 at the old price.
const LATE = acme('late', '2026-10-05T10:20:00Z', { tags: { team: 'search' } });
const OCTOBER = ['--period', '2026-10'];
const NOVEMBER = ['--period', '2026-11'];

let here: Desk;
let rates: string;
const price = (models: Readonly<Record<string, { input: string; output: string }>>): string => {
  const text = cardText('acme', models);
  writeFileSync(rates, text);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
};
const must = (...argv: string[]): Promise<string> => here.must(...argv, '--rates', rates);
const report = async (...argv: string[]) =>
  JSON.parse(await must('report', '--format', 'json', ...argv));
/** What a report says of numbers, apart from which cards and months they come from. */
const numbers = async (...argv: string[]): Promise<unknown> => {
  const { rows, totals } = await report(...argv);
  return { rows, totals };
};
const cost = async (...argv: string[]): Promise<string> => (await report(...argv)).totals.cost_usd;
const codes = ({ notes }: { notes: { code: string }[] }): string[] => notes.map(({ code }) => code);
let files = 0;
const ingest = (...records: unknown[]): Promise<string> => {
  files += 1;
  return must('ingest', here.write(`more-${files}.jsonl`, jsonl(...records)));
};
/** As `must`, at another time. */
const at = async (now: string, ...argv: string[]): Promise<string> => {
  const world: World = { now: Date.parse(now) };
  const { code, out, err } = await here.aicostIn(world, ...argv, '--rates', rates);
  if (code !== 0) throw new Error(err);
  return out;
};
const inLedger = (sql: string): void => {
  const database = new Sqlite(here.ledger);
  database.exec(sql);
  database.close();
};

beforeEach(async () => {
  here = desk();
  rates = join(here.folder, 'acme.yaml');
  price(BEFORE);
  await must('ingest', here.write('a.jsonl', CALLS));
});

describe('a closed month', () => {
  it('keeps its numbers when a call comes late and a price changes', async () => {
    const questions = [
      [...OCTOBER],
      [...OCTOBER, '--by', 'day,team'],
      [...OCTOBER, '--where', 'model=anvil'],
    ];
    const before = [];
    for (const question of questions) before.push(await numbers(...question));
    expect(await cost(...OCTOBER)).toBe('7');
    await must('close', '2026-10');
    await ingest(LATE);
    price(AFTER);
    const after = [];
    for (const question of questions) after.push(await numbers(...question));
    expect(after).toEqual(before);
  });

  it('has what changed since in the month it became known, told as a correction', async () => {
    await must('close', '2026-10');
    await ingest(LATE);
    // November: n1 1.00, and the late call's 1.00.
    const booked = await report(...NOVEMBER);
    expect(booked.totals).toMatchObject({ cost_usd: '2', requests: 2 });
    expect(booked.corrections).toEqual([{ month: '2026-10', cost_usd: '1', requests: 1 }]);
    price(AFTER);
    // n1 is 1.50 now; a1 and the late call 0.50 more each, on top of the late call's 1.00.
    const repriced = await report(...NOVEMBER);
    expect(repriced.totals).toMatchObject({ cost_usd: '3.5', requests: 2 });
    expect(repriced.corrections).toEqual([{ month: '2026-10', cost_usd: '2', requests: 1 }]);
    expect(repriced.notes).toContainEqual({
      code: 'correction',
      message: 'includes corrections of the closed month 2026-10: +$2.00 (+1 request)',
    });
    expect(await report(...OCTOBER)).toMatchObject({ closed: ['2026-10'], corrections: [] });
    // October 7.00 and November 3.50 are what all calls cost at the new prices.
    expect(await cost()).toBe('10.5');
    const closed = await numbers();
    await must('close', '2026-10', '--reopen');
    expect(await numbers()).toEqual(closed);
    expect(await cost(...OCTOBER)).toBe('9');
  });

  it('has corrections that group, filter and fall on days as any usage', async () => {
    await must('close', '2026-10');
    await ingest(LATE, acme('late-b', '2026-10-06T00:00:00Z', { model: 'bellows' }));
    const { rows } = await report(...NOVEMBER, '--by', 'day,model', '--sort', 'name');
    const shown = rows.map(({ day, model, cost_usd }: Record<string, unknown>) => [
      day,
      model,
      cost_usd,
    ]);
    expect(shown).toEqual([
      ['2026-11-10', 'anvil', '1'],
      ['2026-11-21', 'anvil', '1'],
      ['2026-11-21', 'bellows', '2'],
    ]);
    const searched = await report(...NOVEMBER, '--where', 'team=search');
    expect(searched.corrections).toEqual([{ month: '2026-10', cost_usd: '1', requests: 1 }]);
  });

  it('is corrected twice in one cell, each on its day', async () => {
    await must('close', '2026-10');
    const late = (name: string) =>
      here.write(name, jsonl(acme(name, '2026-10-05T10:40:00Z', { tags: { team: 'search' } })));
    await at('2026-12-03T09:00:00Z', 'ingest', late('one'));
    await at('2026-12-05T09:00:00Z', 'ingest', late('two'));
    const { rows } = await report('--since', '2026-11-01', '--by', 'day');
    expect(rows.map((row: Record<string, unknown>) => [row['day'], row['cost_usd']])).toEqual([
      ['2026-11-10', '1'],
      ['2026-12-03', '1'],
      ['2026-12-05', '1'],
    ]);
  });

  it('has a price that moves there and back booked as two corrections that cancel out', async () => {
    await must('close', '2026-10');
    price(AFTER);
    await at('2026-12-12T09:00:00Z', 'report');
    price(BEFORE);
    await at('2026-12-13T09:00:00Z', 'report');
    const since = ['--since', '2026-11-01'];
    const { rows } = await report(...since, '--by', 'day', '--where', 'team=search');
    // a1's input, 1 M tokens at 1.50 and not 1.00.
    expect(rows.map((row: Record<string, unknown>) => [row['day'], row['cost_usd']])).toEqual([
      ['2026-11-10', '1'],
      ['2026-12-12', '0.5'],
      ['2026-12-13', '-0.5'],
    ]);
    const whole = await report(...since);
    expect([whole.totals.cost_usd, codes(whole)]).toEqual(['1', []]);
    await must('doctor');
  });

  it('takes a record that is completed later as a correction without a request', async () => {
    await must('close', '2026-10');
    const [a1] = CALLS.split('\n');
    const out = await ingest({ ...JSON.parse(a1 ?? ''), output_tokens: 500_000 });
    // 0.5 M out at 4.00.
    expect(out).toContain(
      'changes in closed 2026-10 booked as a correction of +$2.00 (+0 requests)',
    );
    expect(await cost(...OCTOBER)).toBe('7');
    expect(await cost(...NOVEMBER)).toBe('3');
    await must('doctor');
  });

  it('is told of by ingest in one line', async () => {
    await must('close', '2026-10');
    const out = await ingest(
      LATE,
      acme('late-2', '2026-10-06T00:00:00Z'),
      acme('n2', '2026-11-11T00:00:00Z'),
    );
    expect(out.match(/note: .*correction.*/g)).toEqual([
      'note: 2 late requests of closed 2026-10 booked as a correction of +$2.00',
    ]);
  });

  it('says under which cards its numbers stand, and those of later ones', async () => {
    const old = price(BEFORE);
    await must('close', '2026-10');
    const now = price(AFTER);
    expect((await report(...OCTOBER)).rate_cards).toEqual([
      { provider: 'acme', as_of: '2026-11-21', digest: old, closed_month: '2026-10' },
    ]);
    expect((await report(...NOVEMBER)).rate_cards).toEqual([
      { provider: 'acme', as_of: '2026-11-21', digest: now },
    ]);
    expect(JSON.parse(await must('explain', 'n1', '--format', 'json')).provenance).toMatchObject({
      as_of: '2026-11-21',
      digest: now,
    });
  });
});

describe('usage without a price in a closed month', () => {
  // A model without a price, in both months; and one more in November.
  const UNPRICED = [
    acme('c1', '2026-10-07T00:00:00Z', { model: 'cog' }),
    acme('c2', '2026-11-07T00:00:00Z', { model: 'cog' }),
    acme('d1', '2026-11-08T00:00:00Z', { model: 'dowel' }),
  ];
  const COG = { ...BEFORE, cog: { input: '3.00', output: '3.00' } };

  it('is closed without one, and priced later by a correction that hides no other gap', async () => {
    await ingest(...UNPRICED);
    expect(await must('close', '2026-10')).toContain(
      'note: 1 of 4 requests without a price, closed without one',
    );
    price(COG);
    expect((await report(...OCTOBER)).totals).toMatchObject({
      cost_usd: '7',
      unrated_requests: 1,
    });
    // November: n1 1.00 and c2 3.00; c1's 3.00 is booked; d1 has no price.
    const strict = await here.aicost('report', ...NOVEMBER, '--strict', '--rates', rates);
    expect(strict.code).toBe(3);
    expect((await report(...NOVEMBER)).totals).toMatchObject({
      cost_usd: '7',
      requests: 3,
      unrated_requests: 1,
    });
    expect((await report('--by', 'month')).totals).toMatchObject({
      cost_usd: '14',
      unrated_requests: 1,
    });
    await must('doctor');
  });

  it('that lost its price is taken out of the later month, seen in its row', async () => {
    await must('close', '2026-10');
    price({ anvil: BEFORE.anvil });
    const { rows, totals } = await report(...NOVEMBER, '--by', 'model');
    expect(rows.find(({ model }: { model: string }) => model === 'bellows')).toMatchObject({
      cost_usd: '-2',
      requests: 0,
      unrated_requests: 1,
    });
    expect(totals.cost_usd).toBe('-1');
    expect(await cost(...OCTOBER)).toBe('7');
    expect(await cost()).toBe('6');
  });

  it('keeps the month open under --strict', async () => {
    await ingest(...UNPRICED);
    const { code, err, out } = await here.aicost('close', '2026-10', '--strict', '--rates', rates);
    expect([code, out]).toEqual([3, '']);
    expect(err).toMatch(/^aicost: 2026-10 is not closed: 1 of 4 requests without a price\n/);
    expect(JSON.parse(await must('close', '--list', '--format', 'json')).rows).toEqual([]);
  });
});

describe('aicost close', () => {
  it('lists what was closed when, under which cards, and what was corrected since', async () => {
    await at('2026-11-02T06:30:00Z', 'close', '2026-10');
    await ingest(LATE);
    const { rows } = JSON.parse(await must('close', '--list', '--format', 'json'));
    expect(rows).toEqual([
      {
        month: '2026-10',
        timezone: 'UTC',
        closed_at: '2026-11-02T06:30:00.000Z',
        requests: 3,
        unrated_requests: 0,
        cost_usd: '7',
        correction_requests: 1,
        correction_cost_usd: '1',
        cards_as_of: '2026-11-21',
        cards_digest: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
    ]);
  });

  it('a second time changes nothing and says since when it is closed', async () => {
    await at('2026-11-02T06:30:00Z', 'close', '2026-10');
    await ingest(LATE);
    expect(await must('close', '2026-10', '--timezone', 'Europe/Berlin')).toContain(
      '2026-10 (UTC) is closed already, since 2026-11-02 06:30 UTC; nothing changed',
    );
    expect(await cost(...OCTOBER)).toBe('7');
  });

  it('--reopen drops what was frozen with its corrections, which show no more', async () => {
    await must('close', '2026-10');
    await ingest(LATE);
    expect(await must('close', '2026-10', '--reopen')).toContain('Reopened 2026-10 (UTC)');
    expect(await cost(...OCTOBER)).toBe('8');
    expect(await report(...NOVEMBER)).toMatchObject({ corrections: [], totals: { cost_usd: '1' } });
    await must('close', 'last-month');
    expect(await cost(...OCTOBER)).toBe('8');
  });

  it.each([
    ['a month that is not over', ['2026-11'], /2026-11 is not over: it ends 2026-12-01T00:00Z/],
    ['no month', [], /expected a month, found none/],
    ['no such month', ['2026-13'], /expected a month, found "2026-13"/],
    ['a day', ['2026-10-01'], /expected a month, found "2026-10-01"/],
    [
      'hours that are no hours UTC',
      ['2026-10', '--timezone', 'Asia/Kathmandu'],
      /months of Asia\/Kathmandu cannot be closed: 2026-10 has an edge at 2026-09-30T18:15Z/,
    ],
    ['a month that is not closed, to reopen it', ['2026-10', '--reopen'], /2026-10 is not closed/],
    ['a list of one', ['2026-10', '--list'], /--list lists all closed months/],
  ])('refuses %s', async (_, argv, message) => {
    const { code, err, out } = await here.aicost('close', ...argv, '--rates', rates);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
    expect(err.trimEnd().split('\n')).toHaveLength(2);
  });

  it('refuses a month that shares hours with one closed in another zone', async () => {
    await must('close', '2026-09');
    const { code, err } = await here.aicost(
      'close',
      '2026-10',
      '--timezone',
      'Europe/Berlin',
      '--rates',
      rates,
    );
    expect(code).toBe(2);
    expect(err).toContain('2026-10 in Europe/Berlin has hours of 2026-09, which is closed in UTC');
  });

  it('closes the month of a zone, to its hours', async () => {
    // 23:30 UTC on the last of October is November in Berlin, where clocks are an hour ahead by then.
    await ingest(acme('edge', '2026-10-31T22:30:00Z'));
    const berlin = ['--timezone', 'Europe/Berlin'];
    expect(await cost(...OCTOBER, ...berlin)).toBe('6');
    await must('close', '2026-10', ...berlin);
    await ingest(acme('in', '2026-09-30T22:00:00Z'), acme('out', '2026-10-31T23:00:00Z'));
    expect(await cost(...OCTOBER, ...berlin)).toBe('6');
    // b1 2.00, out 1.00, n1 1.00, and the late call 1.00.
    expect(await cost(...NOVEMBER, ...berlin)).toBe('5');
    await must('doctor');
  });

  it('does not reopen a month whose corrections are part of one closed later', async () => {
    await must('close', '2026-10');
    await ingest(LATE);
    await at('2026-12-02T00:00:00Z', 'close', '2026-11');
    const november = await numbers(...NOVEMBER);
    const reopen = async (...argv: string[]) =>
      here.aicostIn(
        { now: Date.parse('2026-12-03T00:00:00Z') },
        'close',
        ...argv,
        '--rates',
        rates,
      );
    const { code, err } = await reopen('2026-10', '--reopen');
    expect([code, err.split('\n')[1]]).toEqual([2, 'Reopen first: aicost close 2026-11 --reopen']);
    expect(await numbers(...NOVEMBER)).toEqual(november);
    expect((await reopen('2026-11', '--reopen')).code).toBe(0);
    expect((await reopen('2026-10', '--reopen')).code).toBe(0);
  });

  it('dates no correction into a closed month, however late the clock runs', async () => {
    await must('close', '2026-10');
    await at('2026-12-02T00:00:00Z', 'close', '2026-11');
    await at('2026-11-25T00:00:00Z', 'ingest', here.write('late.jsonl', jsonl(LATE)));
    expect([await cost(...OCTOBER), await cost(...NOVEMBER)]).toEqual(['7', '1']);
    const { rows } = await report('--by', 'hour');
    expect(rows.at(-1)).toMatchObject({ hour: '2026-12-01T00:00Z', cost_usd: '1' });
  });
});

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
    // a1, a2 and the late call; in Kathmandu b1 is a call of November.
    const live = await report(...OCTOBER, '--timezone', 'Asia/Kathmandu');
    expect([codes(live), live.closed, live.totals.cost_usd]).toEqual([['closed-live'], [], '6']);
  });

  it('are kept by a ledger that was opened before the month was closed', async () => {
    const { openLedger } = await import('../../src/ledger/ledger.ts');
    const { append, cardsWith, event } = await import('../support/ledgers.ts');
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
  const database = new Sqlite(here.ledger);
  for (const table of [
    'rated_card',
    'closed_month',
    'closed_card',
    'closed_cell',
    'closed_cell_extra',
    'correction_cell',
    'correction_cell_extra',
  ])
    database.exec(`DROP TABLE ${table}`);
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
