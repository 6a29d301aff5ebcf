import { beforeEach, describe, expect, it } from 'vitest';
import {
  acme,
  AFTER,
  at,
  BEFORE,
  CALLS,
  codes,
  cost,
  here,
  ingest,
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
import { jsonl } from '../support/fake-runtime.ts';

beforeEach(layDesk);

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
      'changes in closed 2026-10 (+0 requests) booked as a correction of +$2.00',
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
