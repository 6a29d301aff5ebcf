import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contract, deskWith } from '../support/acorn-desk.ts';
import { type Desk, jsonl } from '../support/fake-runtime.ts';

// oak-1 costs 2.00 per million tokens in. October lists 6 (3 M tokens), November 20 (10 M).
const asked = async (here: Desk, ...argv: string[]) =>
  JSON.parse(await here.must('report', '--format', 'json', ...argv));
const cost = async (here: Desk, kind: string, month: string): Promise<string> =>
  (await asked(here, '--cost', kind, '--period', month)).totals.cost_usd;

describe('a contract that changes after a month was closed', () => {
  it('leaves its contracted cost as it was, and books the difference by contract', async () => {
    const here = await deskWith(contract('  - {id: off, discount_percent: 50}'));
    await here.must('close', '2026-10');
    here.write('rates/contracts/terms.yaml', contract('  - {id: off, discount_percent: 25}'));
    // 6 x 0.5 as it was closed; 20 x 0.75 and 6 x (0.75 - 0.5) in November.
    expect(await cost(here, 'contracted', '2026-10')).toBe('3');
    const november = await asked(here, '--cost', 'contracted', '--period', '2026-11');
    expect(november.totals.cost_usd).toBe('16.5');
    expect(november.corrections).toEqual([{ month: '2026-10', cost_usd: '1.5', requests: 0 }]);
    expect(november.notes).toEqual([
      {
        code: 'correction',
        message:
          'includes corrections of the closed month 2026-10: +$0.00 at list prices, +$1.50 by contract (+0 requests)',
      },
    ]);
    const list = await asked(here, '--period', '2026-11');
    expect([list.totals.cost_usd, list.notes]).toEqual(['20', []]);
  });

  it('says that a share of a commitment is not fixed', async () => {
    // 26 M tokens are prepaid for 13 dollars: 0.50 per million, used or not.
    const here = await deskWith(
      contract('  - {id: prepaid, commit: {period: year, tokens: 26000000, amount: 13.00}}'),
    );
    await here.must('close', '2026-10');
    const { notes } = await asked(here, '--cost', 'effective', '--period', '2026-10');
    expect(notes).toContainEqual({
      code: 'closed-shares',
      message:
        'closing fixes list cost and contracted prices; the part of 2026-10 in capacity, volume discounts and commitments still follows all usage',
    });
    expect((await asked(here, '--period', '2026-10')).notes).toEqual([]);
  });

  it('that takes its pool away leaves the closed month at list prices, since nothing else is known', async () => {
    const steps = '{period: month, scheme: whole, steps: [{from: 0, discount_percent: 50}]}';
    const here = await deskWith(contract(`  - {id: volume, volume: ${steps}}`));
    expect(await cost(here, 'contracted', '2026-10')).toBe('3');
    await here.must('close', '2026-10');
    expect(await cost(here, 'contracted', '2026-10')).toBe('3');
    rmSync(join(here.folder, 'rates/contracts/terms.yaml'));
    // No discount is left: 6 in October, whose rate still names the pool, and 20 in November.
    expect(await cost(here, 'contracted', '2026-10')).toBe('6');
    expect(await cost(here, 'contracted', '2026-11')).toBe('20');
    expect((await asked(here, '--cost', 'contracted', '--by', 'month')).totals.cost_usd).toBe('26');
    await here.must('doctor');
  });

  it('a late call shares its pool from where it is booked, and the whole stays the whole', async () => {
    const steps =
      '{period: month, steps: [{from: 0, discount_percent: 0}, {from: 6, discount_percent: 50}]}';
    const here = await deskWith(contract(`  - {id: volume, volume: ${steps}}`));
    await here.must('close', '2026-10');
    const late = { id: 'late', time: '2026-10-06T09:00:00Z', provider: 'acorn', model: 'oak-1' };
    await here.must(
      'ingest',
      here.write('late.jsonl', jsonl({ ...late, input_tokens: 3_000_000, output_tokens: 0 })),
    );
    // October lists 12 now: 6 in full and 6 at half, 9 in all, half of it booked in November.
    // November itself: 6 in full and 14 at half, 13.
    const { rows, totals } = await asked(here, '--cost', 'contracted', '--by', 'month');
    expect(rows.map(({ month, cost_usd }: Record<string, unknown>) => [month, cost_usd])).toEqual([
      ['2026-10', '4.5'],
      ['2026-11', '17.5'],
    ]);
    expect(totals.cost_usd).toBe('22');
  });
});
