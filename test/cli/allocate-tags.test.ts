import { describe, expect, it } from 'vitest';
import { ANSWERED, allocationDesk, anvil } from '../support/allocation-desk.ts';

const POOL = '{part: overhead, amounts: [{amount: 100.00, from: 2026-10-01, until: 2026-11-01}]}';
const split = (more: string): string =>
  `  pools: {tools: ${POOL}}\n  rules: [{name: split, pool: tools, by: team, ${more}, ${ANSWERED}}]\n`;

// Search 3.00 under two spellings, support 1.00, and 1.00 that only its run tells.
const CALLS = [
  anvil('a', 2_000_000, { team: 'search', run: 'r1' }, { latency_ms: 3000, retry_count: 2 }),
  anvil('b', 1_000_000, { team: 'Search', run: 'r1' }, { latency_ms: 1000, retry_count: 0 }),
  anvil('c', 1_000_000, { team: 'support' }, { latency_ms: 1000, retry_count: 2 }),
  anvil('d', 1_000_000, { run: 'r1' }),
];
const VIRTUAL = 'tags:\n  virtual: [{tag: team, value: search, match: [Search]}]\n';

describe('rules about tags hold for shared cost too:', () => {
  // 100 by 3 : 1 of tagged spend and 1 of nobody.
  it('values that mean one thing are one consumer', async () => {
    const here = await allocationDesk(CALLS);
    here.rules(`${split('method: proportional')}${VIRTUAL}`);
    expect(await here.totals()).toEqual(['search 63', 'support 21', '(untagged) 21']);
    // 100 by 2 : 1 : 1 : 1 without the rule.
    expect(await here.totals('--no-virtual')).toEqual([
      'search 42',
      'Search 21',
      'support 21',
      '(untagged) 21',
    ]);
  });

  it('in files of metered usage as well', async () => {
    const here = await allocationDesk(CALLS);
    here.write(
      'gpu.csv',
      'time,team,quantity,unit\n2026-10,Search,20,hours\n2026-10,search,20,hours\n2026-10,support,10,hours\n',
    );
    here.rules(`${split('method: usage, signal: gpu_seconds')}${VIRTUAL}`);
    expect(await here.totals('--signal', 'gpu_seconds=gpu.csv')).toEqual([
      'search 83',
      'support 21',
      '(untagged) 1',
    ]);
  });

  // 4 s of search and 1 s of support; the call without a duration weighs nothing, which is told.
  it('and for time and retries, which only calls know', async () => {
    const here = await allocationDesk(CALLS);
    here.rules(`${split('method: usage, signal: compute_time')}${VIRTUAL}`);
    expect(await here.totals()).toEqual(['search 83', 'support 21', '(untagged) 1']);
    const { answer } = await here.allocated();
    expect(answer.notes).toContainEqual({
      code: 'signal-incomplete',
      message: 'split: 1 of 4 requests do not say how long they took and weigh nothing',
    });
    here.rules(`${split('method: usage, signal: retries')}${VIRTUAL}`);
    expect(await here.totals()).toEqual(['search 53', 'support 51', '(untagged) 1']);
  });

  // The call of run r1 is search's by inference: 1.00 of its 4.00 is not sure, and 80.00 is by a rule.
  it('what is only inferred is as sure as a rule, no more', async () => {
    const here = await allocationDesk(CALLS);
    here.rules(`${split('method: proportional')}${VIRTUAL.trimEnd()}\n  infer: [run]\n`);
    const { answer } = await here.allocated();
    expect(answer.rows.map(({ team, total_usd }) => [team, total_usd])).toEqual([
      ['search', '84'],
      ['support', '21'],
    ]);
    // 3 / 84 and 81 / 84; 1 / 21 and 20 / 21.
    expect(answer.rows.map(({ confidence }) => confidence)).toEqual([
      'A 3.6% D 96.4%',
      'A 4.8% D 95.2%',
    ]);
  });

  it('a roll-up carries what its members are charged, unless they moved within the month', async () => {
    const here = await allocationDesk(CALLS);
    const members = (day: string): string =>
      `${split('method: proportional')}${VIRTUAL}hierarchy:
  - of: team
    to: department
    members: [{team: search, department: discovery}, {team: support, department: care, until: ${day}}, {team: support, department: success, since: ${day}}]
`;
    const departments = async (day: string): Promise<readonly unknown[]> => {
      here.rules(members(day));
      const out = await here.must(
        'allocate',
        '--period',
        '2026-10',
        '--by',
        'department',
        '--format',
        'json',
      );
      return JSON.parse(out).rows.map((row: Record<string, unknown>) => [
        row['department'] ?? row['kind'],
        row['total_usd'],
      ]);
    };
    expect(await departments('2026-11-01')).toEqual([
      ['discovery', '63'],
      ['care', '21'],
      ['untagged', '21'],
    ]);
    // On the 20th support left care: its call of the 5th stays there, its month of tools is nobody's alone.
    expect(await departments('2026-10-20')).toEqual([
      ['discovery', '63'],
      ['care', '1'],
      ['elsewhere', '20'],
      ['untagged', '21'],
    ]);
  });
});
