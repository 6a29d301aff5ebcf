import { beforeAll, describe, expect, it } from 'vitest';
import { plain } from '../support/bills.ts';
import {
  ANSWERED,
  type AllocationDesk,
  allocationDesk,
  anvil,
} from '../support/allocation-desk.ts';

let here: AllocationDesk;
beforeAll(async () => {
  here = await allocationDesk();
});

/** A pool of 90.00 in October. */
const NINETY = '{part: overhead, amounts: [{amount: 90.00, from: 2026-10-01, until: 2026-11-01}]}';
const rule = (more: string, name = 'split', pool = 'tools'): string =>
  `{name: ${name}, pool: ${pool}, by: team, ${more}, ${ANSWERED}}`;
const pooled = (more: string): string => `  pools: {tools: ${NINETY}}\n  rules: [${rule(more)}]\n`;

describe('overhead in two steps', () => {
  // 30.00 go over 80.00 and 40.00, so 20.00 and 10.00; then with them by requests 2:1:1 and all to support.
  const TWO = `  pools:
    platform: {part: overhead, amounts: [{amount: 30.00, from: 2026-10-01, until: 2026-11-01}]}
    gateway: {part: orchestration, amounts: [{amount: 80.00, from: 2026-10-01, until: 2026-11-01}]}
    store: {part: retrieval, amounts: [{amount: 40.00, from: 2026-10-01, until: 2026-11-01}]}
  rules:
    - {name: over, pool: platform, method: overhead, ${ANSWERED}}
    - ${rule('method: usage, signal: requests', 'gateway', 'gateway')}
    - ${rule('method: direct, to: support', 'store', 'store')}
`;

  it('follows what pools cost by themselves, and both steps are rows', async () => {
    here.rules(TWO);
    const { answer } = await here.allocated('--show', 'rules');
    expect(answer.loads.map((load) => [load['pool'], load['to_pool'], load['amount_usd']])).toEqual(
      [
        ['platform', 'gateway', '20'],
        ['platform', 'store', '10'],
      ],
    );
    expect(
      answer.allocations.map(({ pool, via, amount_usd, AllocatedTags }) =>
        [pool, via, AllocatedTags['team'], amount_usd].join(' '),
      ),
    ).toEqual([
      'gateway   20',
      'gateway  search 40',
      'gateway  support 20',
      'platform gateway  5',
      'platform gateway search 10',
      'platform gateway support 5',
      'store  support 40',
      'platform store support 10',
    ]);
    // 3 + 20 + 5 + 40 + 10, 6 + 40 + 10 and 1 + 20 + 5.
    expect(await here.totals()).toEqual(['support 78', 'search 56', '(untagged) 26']);
  });

  // 160.00 over 4 requests: models 10, retrieval 40, orchestration 80, overhead 30, and no machines.
  it('keeps its part in the cost of an inference', async () => {
    here.rules(TWO);
    const out = await here.must(
      'allocate',
      '--period',
      '2026-10',
      '--per-inference',
      '--format',
      'json',
    );
    const { parts, parts_totals } = JSON.parse(out);
    expect(
      parts.map((each: Record<string, unknown>) => [
        each['part'],
        each['cost_usd'],
        each['cost_per_request_usd'],
        each['recorded'],
      ]),
    ).toEqual([
      ['model', '10', '2.5', 'yes'],
      ['retrieval', '40', '10', 'yes'],
      ['orchestration', '80', '20', 'yes'],
      ['infrastructure', null, null, 'none recorded'],
      ['overhead', '30', '7.5', 'yes'],
    ]);
    expect([
      parts_totals.cost_usd,
      parts_totals.cost_per_request_usd,
      parts_totals.cost_per_1k_requests_usd,
    ]).toEqual(['160', '40', '40000']);
  });

  it('explains a cell down to rules, weights and places', async () => {
    here.rules(TWO);
    const out = await here.must(
      'allocate',
      '--period',
      '2026-10',
      '--explain',
      'team=search',
      '--format',
      'json',
    );
    const { rows, totals, loads, pools, rules } = JSON.parse(out);
    expect(
      rows.map((row: Record<string, unknown>) => [
        row['what'],
        row['via'],
        row['quantity'],
        row['amount_usd'],
      ]),
    ).toEqual([
      ['calls', '', '2', '6'],
      ['gateway', '', '2', '40'],
      ['platform', 'gateway', '2', '10'],
    ]);
    expect(totals.amount_usd).toBe('56');
    expect(loads.map((load: Record<string, unknown>) => load['to_pool'])).toEqual(['gateway']);
    expect(pools.map((pool: Record<string, unknown>) => [pool['place'], pool['cost_usd']])).toEqual(
      [
        ['aicost.yaml:4', '30'],
        ['aicost.yaml:5', '80'],
      ],
    );
    expect(rules.map((each: Record<string, unknown>) => [each['place'], each['evidence']])).toEqual(
      [
        ['aicost.yaml:9', 'docs/split.md#gpu'],
        ['aicost.yaml:8', 'docs/split.md#gpu'],
      ],
    );
  });
});

describe('a shared endpoint', () => {
  it('charged whole to the owner of its tag while five use it is told', async () => {
    const five = await allocationDesk(
      ['ana', 'bo', 'cy', 'di', 'ed'].map((user, index) =>
        anvil(`c${index}`, 1_000_000, { api_key: 'shared', team: 'platform', user }),
      ),
    );
    five.rules(
      `  pools: {endpoint: {part: model, spend: ["api_key=shared"]}}\n  rules: [{name: whole, pool: endpoint, by: user, method: direct, to: ana, signal: requests, where: ["api_key=shared"], ${ANSWERED}}]\n`,
    );
    const { answer } = await five.allocated('--by', 'user');
    expect(answer.notes).toContainEqual({
      code: 'charged-to-owner',
      message:
        'whole: endpoint is charged whole to user=ana, while others use it by requests: user=bo, user=cy, user=di, user=ed; method: usage would split it',
    });
    expect(answer.rows.map((row) => [row.allocated_usd, row.requests])).toEqual([
      ['5', 1],
      ['0', 1],
      ['0', 1],
      ['0', 1],
      ['0', 1],
    ]);
  });
});

describe('reviews', () => {
  const REVIEWS = `  pools: {tools: ${NINETY}, more: ${NINETY}}
  rules:
    - {name: late, pool: tools, by: team, method: even, owner: bo, review_every: 1m, last_reviewed: 2026-10-20, evidence: memo 7}
    - {name: timely, pool: more, by: team, method: even, owner: bo, review_every: 1m, last_reviewed: 2026-10-21, evidence: memo 7}
`;

  // Now is 2026-11-21: a month after 10-20 is over, one after 10-21 is today.
  it('that are overdue are listed, and end with 1', async () => {
    here.rules(REVIEWS);
    const { code, out } = await here.aicost('allocate', '--due', '--format', 'json');
    expect(code).toBe(1);
    expect(
      JSON.parse(out).rows.map((row: Record<string, unknown>) => [
        row['rule'],
        row['review_due'],
        row['state'],
      ]),
    ).toEqual([
      ['late', '2026-11-20', 'overdue'],
      ['timely', '2026-11-21', 'in time'],
    ]);
    const { answer } = await here.allocated();
    expect(answer.notes.map((note) => note.code)).toContain('review-overdue');
  });

  it('that are in time end with 0', async () => {
    here.rules(pooled('method: even'));
    expect((await here.aicost('allocate', '--due')).code).toBe(0);
  });
});

it('seats of 30.00 a month are 30.00 over the thirty days of November so far as it has gone', async () => {
  here.rules(
    `  pools: {seats: {part: overhead, seats: [{vendor: acme, plan: team, price: 3.00, users: 10, from: 2026-01-01}]}}\n  rules: [${rule('method: direct, to: search', 'seats', 'seats')}]\n`,
  );
  const november = async (now: string): Promise<string> => {
    const { out } = await here.aicostIn(
      { now: Date.parse(now) },
      'allocate',
      '--period',
      '2026-11',
      '--format',
      'json',
    );
    return plain(JSON.parse(out).total_usd);
  };
  expect(await november('2026-12-24T12:00:00Z')).toBe('30');
  // 20.5 of 30 days.
  expect(await november('2026-11-21T12:00:00Z')).toBe('20.5');
});
