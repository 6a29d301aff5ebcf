import { describe, expect, it } from 'vitest';
import { CALLS, contract, deskWith } from '../support/acorn-desk.ts';

// It is noon of 2026-11-21: 492 hours of November at 10 x $1.00 are $4,920, which the calls a1 (list 12) and
// b1 (list 8) of the deployment share. c1 is of nobody's capacity and gets 10 % off: 2 x 0.9.
const TERMS = contract(
  `  - {id: ptu, provisioned: {deployment: oak-prod, units: 10, hourly_per_unit: 1.00}}
  - {id: off, discount_percent: 10}`,
  'from: 2026-11-01',
);
const [A1, B1] = CALLS;
const CALLED = [
  { ...A1, request_model: 'oak-prod', tags: { run: 'r-1', step: 'plan' } },
  { ...B1, request_model: 'oak-prod', tags: { run: 'r-1', step: 'answer' } },
  {
    id: 'c1',
    time: '2026-11-04T09:00:00Z',
    input_tokens: 1_000_000,
    tags: { run: 'r-1', step: 'check' },
  },
];

describe('the cost of a call', () => {
  it.each([
    { kind: 'list', a1: '12', b1: '8', c1: '2', total: '22' },
    { kind: 'contracted', a1: '0', b1: '0', c1: '1.8', total: '1.8' },
    { kind: 'effective', a1: '2952', b1: '1968', c1: '1.8', total: '4921.8' },
  ])('in a trace, $kind', async ({ kind, total, ...costs }) => {
    const here = await deskWith(TERMS, CALLED);
    const { rows, totals } = JSON.parse(
      await here.must('trace', 'r-1', '--cost', kind, '--format', 'json'),
    );
    const byId = rows.map((row: Record<string, unknown>) => [row['id'], row['cost_usd']]);
    expect(Object.fromEntries(byId)).toEqual(costs);
    expect(totals.cost_usd).toBe(total);
  });

  it.each([
    { kind: 'list', order: ['a1 12', 'b1 8', 'c1 2'] },
    { kind: 'contracted', order: ['c1 1.8', 'a1 0', 'b1 0'] },
    { kind: 'effective', order: ['a1 2952', 'b1 1968', 'c1 1.8'] },
  ])('ranks calls, $kind', async ({ kind, order }) => {
    const here = await deskWith(TERMS, CALLED);
    const { rows } = JSON.parse(await here.must('top', '--cost', kind, '--format', 'json'));
    expect(
      rows.map(({ id, cost_usd: cost }: Record<string, string>) => `${id ?? ''} ${cost ?? ''}`),
    ).toEqual(order);
  });

  it('is explained with the terms and the pool that made it', async () => {
    const here = await deskWith(TERMS, CALLED);
    const { negotiated } = JSON.parse(await here.must('explain', 'a1', '--format', 'json'));
    expect(negotiated).toEqual({
      terms: ['Acorn 2026/ptu'],
      pool: 'Acorn 2026/ptu/2026-11-01',
      commitment: null,
      contracted_cost_usd: '0',
      effective_cost_usd: '2952',
    });
    expect(await here.must('explain', 'c1')).toMatch(/terms +Acorn 2026\/off\n/);
  });

  it('without a contract that reaches it, is explained without a word of contracts', async () => {
    const here = await deskWith(TERMS, [{ ...A1, time: '2026-10-05T09:00:00Z' }]);
    expect(JSON.parse(await here.must('explain', 'a1', '--format', 'json'))).not.toHaveProperty(
      'negotiated',
    );
  });
});
