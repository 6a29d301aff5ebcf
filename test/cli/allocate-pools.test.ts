import { beforeAll, describe, expect, it } from 'vitest';
import { cardText } from '../support/ledgers.ts';
import {
  ANSWERED,
  type AllocationDesk,
  allocationDesk,
  anvil,
} from '../support/allocation-desk.ts';
import { listedBills } from '../support/bills.ts';

const HEADER =
  'BilledCost,BillingAccountId,BillingCurrency,ChargeCategory,ChargeDescription,ChargePeriodEnd,ChargePeriodStart,EffectiveCost,ListCost,ProviderName,ServiceCategory,ServiceName,SkuId,ResourceId,Tags';
const line = (
  billed: string,
  service: string,
  more: Partial<Record<'day' | 'currency' | 'tag' | 'team', string>> = {},
): string => {
  const day = more.day ?? '2026-10-07';
  const tags = more.team === undefined ? '{}' : `{""${more.tag ?? 'team'}"": ""${more.team}""}`;
  return `${billed},acc-1,${more.currency ?? 'USD'},Usage,${service} hours,${day}T23:00:00Z,${day}T22:00:00Z,${billed},${billed},AWS,Databases,${service},sku,res,"${tags}"`;
};
const rule = (pool: string, more: string): string =>
  `{name: of-${pool}, pool: ${pool}, by: team, ${more}, ${ANSWERED}}`;

/** What is said when a chargeback is refused. */
async function refusal(here: AllocationDesk, ...argv: string[]): Promise<string> {
  const { code, err } = await here.aicost('allocate', '--period', '2026-10', '--quiet', ...argv);
  expect(code).toBe(2);
  return err.replaceAll(`${here.folder}/`, '');
}

describe('lines of a bill as a shared cost', () => {
  let here: AllocationDesk;
  beforeAll(async () => {
    here = await allocationDesk();
    const lines = [
      HEADER,
      line('30.10', 'OpenSearch'),
      line('0.0000000000004', 'OpenSearch'),
      // A credit, one of September, and one in another currency.
      line('-10.10', 'OpenSearch'),
      line('999', 'OpenSearch', { day: '2026-09-30' }),
      line('5.55', 'OpenSearch', { currency: 'EUR' }),
      line('1.00', 'CloudWatch'),
    ];
    await here.must('ingest', here.write('focus.csv', `${lines.join('\n')}\n`));
  });

  // 30.10 + 0.0000000000004 - 10.10 by 2 : 1 : 1 requests.
  it('are added exactly and split, credits too; other currencies are never mixed in', async () => {
    here.rules(`  pools: {search-index: {part: retrieval, bill: ["service=OpenS*"]}}
  rules: [${rule('search-index', 'method: usage, signal: requests')}]
`);
    const { code, answer } = await here.allocated();
    expect(answer.rows.map(({ allocated_usd }) => allocated_usd)).toEqual([
      '10.0000000000002',
      '5.0000000000001',
      '5.0000000000001',
    ]);
    expect(code).toBe(1);
    expect(answer.notes).toContainEqual({
      code: 'other-currency',
      message:
        'focus.csv:6: search-index leaves out 1 line of 5.55 EUR; currencies are never added up',
    });
    here.rules(`  pools: {search-index: {part: retrieval, bill: ["service=OpenS*", "currency=USD"]}}
  rules: [${rule('search-index', 'method: usage, signal: requests')}]
`);
    expect((await here.allocated()).code).toBe(0);
  });

  it('are what the bill says', async () => {
    here.rules('  pools: {all: {part: retrieval, bill: ["currency=USD"]}}\n');
    const { answer } = await here.allocated();
    const listed = await listedBills(here, '--period', '2026-10', '--where', 'currency=USD');
    expect(listed.map(({ billed }) => billed)).toEqual(['21.0000000000004']);
    expect([answer.beside_calls_usd, answer.total_usd]).toEqual([
      '21.0000000000004',
      '31.0000000000004',
    ]);
  });

  it('belong to one pool, or it is an error with both places', async () => {
    here.rules(`  pools:
    one: {part: retrieval, bill: ["service=OpenSearch"]}
    other: {part: retrieval, bill: ["service=*"]}
`);
    expect(await refusal(here)).toBe(
      'aicost: aicost.yaml:5:5: pools.other.bill: focus.csv:2 belongs to pools.one too, and would be counted twice\nNarrow one of the two, for example by service!=...\n',
    );
  });

  it('can be explained line by line', async () => {
    here.rules(`  pools: {search-index: {part: retrieval, bill: ["service=OpenS*", "currency=USD"]}}
  rules: [${rule('search-index', 'method: direct, to: search')}]
`);
    const out = await here.must(
      'allocate',
      '--period',
      '2026-10',
      '--explain',
      'team=search',
      '--format',
      'json',
    );
    const { pools, pools_totals } = JSON.parse(out);
    expect(pools.map((each: Record<string, unknown>) => [each['place'], each['cost_usd']])).toEqual(
      [
        ['focus.csv:2', '30.1'],
        ['focus.csv:3', '0.0000000000004'],
        ['focus.csv:4', '-10.1'],
      ],
    );
    expect(pools_totals.cost_usd).toBe('20.0000000000004');
  });
});

describe('lines of a bill with tags of their own', () => {
  let here: AllocationDesk;
  beforeAll(async () => {
    here = await allocationDesk();
    const lines = [
      HEADER,
      line('30.00', 'OpenSearch', { team: 'search' }),
      line('9.00', 'OpenSearch', { team: 'support' }),
      line('-3.00', 'OpenSearch', { team: 'support' }),
      line('1.00', 'OpenSearch'),
      line('2.00', 'OpenSearch', { tag: 'CostCenter', team: 'growth' }),
    ];
    await here.must('ingest', here.write('focus.csv', `${lines.join('\n')}\n`));
  });
  const POOL = 'part: retrieval, bill: ["service=OpenSearch"]';

  // 6 + 30, 3 + 9 - 3; one line has no team, one says it under another name.
  it('go to whom these name, credits too', async () => {
    const own = `  pools: {index: {${POOL}}}\n  rules: [${rule('index', 'method: direct')}]\n`;
    here.rules(own);
    expect(await here.totals()).toEqual(['search 36', 'support 9', '(untagged) 4']);
    here.rules(`${own}tags:\n  cloud: {CostCenter: team}\n`);
    expect(await here.totals()).toEqual(['search 36', 'support 9', 'growth 2', '(untagged) 2']);
  });

  it('are charged and credited where they come to nothing together', async () => {
    const even = await allocationDesk();
    const lines = [
      HEADER,
      line('5.00', 'OpenSearch', { team: 'search' }),
      line('-5.00', 'OpenSearch', { team: 'support' }),
    ];
    await even.must('ingest', even.write('focus.csv', `${lines.join('\n')}\n`));
    even.rules(`  pools: {index: {${POOL}}}\n  rules: [${rule('index', 'method: direct')}]\n`);
    expect(await even.totals()).toEqual(['search 11', 'support -2', '(untagged) 1']);
  });

  // 13.00 by 30 : 6 : 3, what they are charged themselves.
  it('carry overhead by what they are charged', async () => {
    here.rules(`  pools: {index: {${POOL}}, platform: {part: overhead, amounts: [{amount: 13.00, from: 2026-10-01, until: 2026-11-01}]}}
  rules: [{name: over, pool: platform, method: overhead, ${ANSWERED}}, ${rule('index', 'method: direct')}]
`);
    expect(await here.totals()).toEqual(['search 46', 'support 11', '(untagged) 5']);
  });

  it('are told to be used by others', async () => {
    here.write(
      'queries.csv',
      'time,team,quantity,unit\n2026-10,search,1,queries\n2026-10,growth,5,queries\n2026-10,payments,5,queries\n',
    );
    here.rules(
      `  pools: {index: {${POOL}}}\n  rules: [${rule('index', 'method: direct, signal: queries')}]\n`,
    );
    const { answer } = await here.allocated('--signal', 'queries.csv');
    expect(answer.notes).toContainEqual({
      code: 'charged-to-owner',
      message:
        'of-index: index is charged whole to team=search, team=support, team=(untagged), while others use it by queries: team=growth, team=payments; method: usage would split it',
    });
  });
});

describe('provisioned capacity of a contract', () => {
  // Two units at 1.00 an hour: 1,488.00 in October, whose tokens are included; 1,000 tokens a minute.
  const CONTRACT = `contract: 1
name: Acme 2026
currency: USD
from: 2026-10-01
terms:
  - {id: ptu, provisioned: {deployment: anvil-prod, units: 2, hourly_per_unit: 1.00, tokens_per_minute: 1000}}
`;
  const GPU = `infrastructure: 1
currency: USD
pools:
  h100-a: {accelerators: 1, hourly_per_accelerator: 1.00}
serves: []
`;
  let here: AllocationDesk;
  beforeAll(async () => {
    here = await allocationDesk(
      [
        anvil('s1', 11_160_000, { team: 'search' }, { model: 'anvil-prod' }),
        anvil('p1', 3_000_000, { team: 'support' }),
      ],
      {
        'rates/acme.yaml': cardText('acme', {
          anvil: { input: '1.00', output: '4.00' },
          'anvil-prod': { input: '1.00', output: '4.00' },
        }),
        'rates/contracts/acme.yaml': CONTRACT,
        'rates/infrastructure/gpu.yaml': GPU,
      },
    );
  });
  const RESERVED = `  pools: {ptu: {part: model, capacity: ptu}}
  rules: [${rule('ptu', 'method: reserved, signal: tokens, where: ["model=anvil-prod"]')}]
`;

  // 31 x 1,440 x 1,000 = 44,640,000 tokens; search uses a quarter: 372.00, and 1,116.00 stands idle.
  it('is split by use, with what stood idle', async () => {
    here.rules(RESERVED);
    const { code, answer } = await here.allocated();
    expect(code).toBe(0);
    expect(await here.totals()).toEqual(['search 372', 'support 3', '(idle) 1116']);
    expect([answer.reported_usd, answer.beside_calls_usd, answer.total_usd]).toEqual([
      '1491',
      '0',
      '1491',
    ]);
  });

  it('is in the whole without a pool too, where nobody can overlook it', async () => {
    here.rules('  pools: {}\n');
    expect(await here.totals()).toEqual(['support 3', 'search 0', '(unallocated) 1488']);
    const { answer } = await here.allocated();
    expect(answer.notes).toContainEqual({
      code: 'no-rule',
      message: 'contract charges: no rule splits this pool, so that it stays unallocated',
    });
  });

  it('is refused under a cost that has it in its calls already', async () => {
    here.rules(RESERVED);
    expect(await refusal(here, '--cost', 'effective')).toBe(
      'aicost: aicost.yaml:3:11: pools.ptu: under --cost effective the cost of calls has the tokens of this capacity in it already\nAsk with --cost contracted, which keeps the two apart.\n',
    );
  });

  it('and machines have to be there', async () => {
    here.rules('  pools: {a: {part: model, capacity: ptux}}\n');
    expect(await refusal(here)).toBe(
      'aicost: aicost.yaml:3:11: pools.a.capacity: no contract has provisioned capacity called "ptux"\nThere is "Acme 2026/ptu".\n',
    );
    here.rules('  pools: {a: {part: model, hardware: h100a}}\n');
    expect(await refusal(here)).toBe(
      'aicost: aicost.yaml:3:11: pools.a.hardware: no infrastructure has a pool "h100a"; did you mean "h100-a"?\nThere are h100-a.\n',
    );
  });
});
