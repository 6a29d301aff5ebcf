import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aiVerdict } from '../../src/adapters/bills-contract/ai-service.ts';
import { billTags } from '../../src/adapters/bills-contract/bill-tags.ts';
import { tokenTypeOf, unitSize } from '../../src/adapters/bills-contract/bill-tokens.ts';
import { amountText, parseAmount } from '../../src/domain/bill.ts';
import { createFormatFinder } from '../../src/ingest/format-finder.ts';
import { loadAdapters, loadBillAdapters } from '../../src/ingest/registry.ts';
import { linesOfBill, listedBills } from '../support/bills.ts';
import { call, desk, jsonl } from '../support/fake-runtime.ts';
import { isFixture, recordsOf } from '../support/fixtures.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/bills');
const bills = await loadBillAdapters();

describe('an amount', () => {
  it.each([
    ['4.80', '4.80'],
    ['0.004217650000000000000000000000', '0.004217650000000000000000000000'],
    ['1.2E1', '12'],
    ['35.2E-7', '0.00000352'],
    ['-10', '-10'],
    ['-.5', '-0.5'],
    ['1e+2', '100'],
  ])('keeps the digits it was written with: %s', (written, shown) => {
    const amount = parseAmount(written);
    expect(amount && amountText(amount)).toBe(shown);
  });

  it.each(['', '-', '1,5', '1e999999999', '0x10', `${'9'.repeat(200)}`, 'NaN', '1e-61'])(
    'is not read from %s',
    (written) => expect(parseAmount(written)).toBeUndefined(),
  );
});

describe('tags of a bill', () => {
  it.each([
    ['"team": "payments","env": "prod"', { team: 'payments', env: 'prod' }, []],
    ['{"team":"payments","ai-reviewed":true}', { team: 'payments' }, ['ai-reviewed=true']],
    [
      '{"user_team":"payments","iamPrincipal_App":"x"}',
      { team: 'payments' },
      ['iamPrincipal_App=x'],
    ],
    [[{ key: 'team', value: 'search' }], { team: 'search' }, []],
    ['not: json', {}, ['tags=not: json']],
    ['', {}, []],
    [null, {}, []],
  ])('are read from %j', (written, tags, labels) =>
    expect(billTags(written)).toEqual({ tags, labels }),
  );

  it('of the resource win over those of the project', () =>
    expect(billTags({ team: 'a', env: 'prod' }, { team: 'b' }).tags).toEqual({
      team: 'b',
      env: 'prod',
    }));
});

it.each([
  ['USE1-Claude4.6Sonnet-cache-read-input-token-count', 'cache_read'],
  ['USE1-Claude4.6Sonnet-cache-write-input-token-count', 'cache_write'],
  ['gpt 5 cached Inp glbl Tokens', 'cache_read'],
  ['5.4 pp cd inp Dz 1M Tokens', 'cache_read'],
  ['5.6 Cd Wr Gl 1M Tokens', 'cache_write'],
  ['GPT 5 Mini outpt Glbl 1M Tokens', 'output'],
  ['gpt 4o 1120 Outp glbl Tokens', 'output'],
  ['gpt 5 opt Gl Tokens', 'output'],
  ['gpt 4o 1120 Inp glbl Tokens', 'input'],
  ['Million Response Tokens', 'output'],
  ['Provisioned Managed Global Unit', undefined],
])('a meter called %s counts %s', (meter, kind) => expect(tokenTypeOf(meter)).toBe(kind));

it.each([
  ['1K tokens', 1000n],
  ['1M tokens', 1_000_000n],
  ['1K', 1000n],
  ['1000 Tokens', 1000n],
  ['Tokens', 1n],
  ['10K', 10_000n],
  ['Million Input Tokens', 1_000_000n],
])('a unit of %s stands for %s', (unit, size) => expect(unitSize(unit)).toBe(size));

it.each([
  [{ service: 'AmazonBedrock' }, true],
  [{ service: 'AmazonEC2', meter: 'BoxUsage:p5.48xlarge' }, true],
  [{ service: 'AmazonEC2', meter: 'USW2-BoxUsage:g5.4xlarge' }, true],
  [{ service: 'AmazonEC2', meter: 'BoxUsage:m7g.large' }, false],
  [{ service: 'AmazonEC2', meter: 'BoxUsage:t3.medium' }, false],
  [{ service: 'Virtual Machines', meter: 'ND96isr H100 v5' }, true],
  [{ service: 'Virtual Machines', meter: 'D4s v5' }, false],
  [{ family: 'AI + Machine Learning', service: 'Foundry Models' }, true],
  [{ service: 'Compute Engine', description: 'Nvidia H100 80GB GPU running' }, true],
  [{ service: 'Compute Engine', description: 'N2 Instance Core' }, false],
  [{ service: 'Pinecone Vector Database' }, true],
  [{ service: 'Amazon Simple Storage Service' }, false],
])('the line %j is AI: %s', (words, kept) => expect(aiVerdict(words).kept).toBe(kept));

describe('FOCUS', () => {
  const path = join(FIXTURES, 'focus/focus_1_0_null.csv');

  it('refuses only what has no charge category, and flags what breaks the price rule', async () => {
    const here = desk();
    expect(await here.ingest(path)).toMatchObject({ rejected: 1 });
    const [bill] = await listedBills(here);
    expect(bill).toMatchObject({
      rows: 5,
      // 0.0000008 + 0.0000142 - 0.5 + 0.25 + 0.3
      billed: '0.050015',
      // 0 + 0.00000352 - 0.5 + 0.25 + 0.3
      effective: '0.05000352',
      // 0.0000008 + 0.0000142 - 0.5 + 0.26 + 0.26
      list: '0.020015',
      kept: '0.0000142',
      excluded: '0.0500008',
      flagged_rows: 1,
    });
  });

  it('reads NULL as unknown, E notation, American dates and tags without a value', async () => {
    const here = desk();
    await here.must('ingest', '--quiet', path);
    const [line] = await linesOfBill(here, '--where', 'ai=kept');
    expect(line).toMatchObject({
      start: '2026-09-18T00:00:00.000Z',
      end: '2026-09-19T00:00:00.000Z',
      billed: '0.0000142',
      effective: '0.00000352',
      tokens: 2000,
      token_type: 'input',
      tags: 'env=dev',
      labels: 'reviewed=true business_unit=labs',
    });
    expect(await linesOfBill(here, '--where', 'category=Credit')).toHaveLength(1);
    expect(await linesOfBill(here, '--where', 'category!=Usage')).toHaveLength(2);
    expect(await linesOfBill(here, '--where', 'env=d*')).toHaveLength(1);
    expect(await linesOfBill(here, '--period', '2026-08')).toEqual([]);
  });
});

describe('bills in the ledger', () => {
  const page = (...amounts: readonly number[]) => ({
    object: 'page',
    data: [
      {
        object: 'bucket',
        start_time: 1793923200,
        end_time: 1794009600,
        results: amounts.map((value) => ({
          object: 'organization.costs.result',
          amount: { value, currency: 'usd' },
          line_item: 'gpt-5.6-sol, input',
        })),
      },
    ],
  });

  it('keep two equal lines of a file as two, and those of a later page that overlaps as one', async () => {
    const here = desk();
    await here.must('ingest', '--quiet', here.write('a.jsonl', jsonl(page(0.5, 0.5))));
    await here.must('ingest', '--quiet', here.write('b.jsonl', jsonl(page(0.5, 0.5, 2))));
    expect((await linesOfBill(here)).map((line) => line['billed'])).toEqual(['0.5', '0.5', '2']);
  });

  it('stand beside usage of the same file without being added to it', async () => {
    const here = desk();
    const facts = await here.ingest(here.write('mixed.jsonl', jsonl(call(), page(3))));
    expect(facts).toMatchObject({ records: 2, new: 1, bill_lines: { new: 1 } });
    expect(await here.events()).toHaveLength(1);
    await here.must('doctor');
  });

  it('take a newer export of the same line for the line', async () => {
    const here = desk();
    const cur = (cost: string): string =>
      `identity_line_item_id,bill_billing_period_start_date,line_item_line_item_type,line_item_product_code,line_item_unblended_cost,line_item_usage_start_date,line_item_usage_end_date\nli-1,2026-11-01,Usage,AmazonBedrock,${cost},2026-11-18,2026-11-19\n`;
    await here.must('ingest', '--quiet', here.write('one.csv', cur('1.10')));
    await here.must('ingest', '--quiet', here.write('two.csv', cur('1.30')));
    expect((await linesOfBill(here)).map((line) => line['billed'])).toEqual(['1.30']);
  });

  it('say which rows could not be read', async () => {
    const here = desk();
    const file = here.write(
      'cost.csv',
      'user_id,start_time_iso,end_time_iso,model,wallet_type,cost,currency\nu,2026-11-06T08:00:00+08:00,2026-11-06T09:00:00+08:00,deepseek-v4-pro,Paid,a lot,CNY\nu,2026-13-06,2026-11-07,deepseek-v4-pro,Paid,1,CNY\nu,2026-11-06,2026-11-05,deepseek-v4-pro,Paid,1,CNY\nu,2026-11-06,2026-11-07,sk-abcdefghijklmnop,Paid,1,CNY\n',
    );
    expect(await here.ingest(file)).toMatchObject({ rejected: 3, bill_lines: { new: 1 } });
    expect(String((await linesOfBill(here))[0]?.['model'])).toMatch(/^hash:/);
  });
});

describe('other layouts', () => {
  it('reads the older AWS report with its columns by family', async () => {
    const here = desk();
    const file = here.write(
      'legacy.csv',
      'identity/LineItemId,bill/BillingPeriodStartDate,lineItem/LineItemType,lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/ProductCode,lineItem/UsageType,lineItem/UsageAmount,lineItem/CurrencyCode,lineItem/UnblendedCost,pricing/unit,product/ProductName,resourceTags/user:team\nx1,2026-11-01T00:00:00Z,Usage,2026-11-18T00:00:00Z,2026-11-19T00:00:00Z,AmazonBedrock,USE1-Nova2.0Lite-input-tokens,5,USD,0.0015,1K tokens,Amazon Bedrock,search\n',
    );
    await here.must('ingest', '--quiet', file);
    expect(await linesOfBill(here)).toMatchObject([
      { tokens: 5000, model: 'Nova2.0Lite', token_type: 'input', tags: 'team=search' },
    ]);
  });

  it('reads the customer agreement of Azure, whose names are in camel case', async () => {
    const here = desk();
    const file = here.write(
      'mca.csv',
      'date,meterId,meterCategory,meterName,quantity,unitOfMeasure,costInBillingCurrency,billingCurrency,pricingCurrency,payGPrice,chargeType,consumedService,tags\n2026-11-18,m-1,Foundry Models,gpt 5 Inp glbl Tokens,1000,1K,1.10,EUR,USD,0.00125,Usage,Microsoft.CognitiveServices,"""team"": ""search"""\n',
    );
    await here.must('ingest', '--quiet', file);
    // The list price is in dollars, the bill in euros: a product of both would be neither.
    expect(await linesOfBill(here)).toMatchObject([
      { currency: 'EUR', billed: '1.10', list: null, tokens: 1_000_000, tags: 'team=search' },
    ]);
  });

  it('reads the flattened export of Google with credits as a Python literal', async () => {
    const here = desk();
    const file = here.write(
      'gcp.csv',
      `billing_account_id,service.description,sku.description,usage_start_time,usage_end_time,project.id,labels,cost,currency,usage.amount,usage.unit,credits,cost_type\n01,Vertex AI,Gemini 2.5 Pro Text Input - Predictions,2026-11-18 00:00:00 UTC,2026-11-18 01:00:00 UTC,p,"[{""key"": ""team"", ""value"": ""search""}]",1.25,USD,1000000,count,"[{'name': 'Promo', 'amount': -0.25}]",regular\n`,
    );
    await here.must('ingest', '--quiet', file);
    expect(await linesOfBill(here)).toMatchObject([
      { billed: '1.00', tokens: 1_000_000, model: 'Gemini 2.5 Pro', tags: 'team=search' },
    ]);
  });

  it('reads the cost export of OpenAI as it was in 2025', async () => {
    const here = desk();
    const file = here.write(
      'cost.csv',
      'start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,line_item,project_id,organization_id,organization_name\n1762387200,1762473600,2025-11-06T00:00:00+00:00,2025-11-07T00:00:00+00:00,0.120000000000000000000001,usd,"gpt-4o-2024-08-06, output",proj_a1,org-1,Acme\n',
    );
    await here.must('ingest', '--quiet', file);
    expect(await linesOfBill(here)).toMatchObject([
      { billed: '0.120000000000000000000001', model: 'gpt-4o-2024-08-06', token_type: 'output' },
    ]);
  });
});

describe('formats', () => {
  it('have the name of their file', () => {
    const files = readdirSync(join(import.meta.dirname, '../../src/adapters/bills'));
    expect(bills.map(({ id }) => `${id}.ts`)).toEqual([...files].sort());
  });

  it('of usage and of bills cannot both take a record', () => {
    const [one, other] = bills;
    if (one === undefined || other === undefined) throw new Error('no formats of bills');
    const greedy = { ...one, id: 'greedy', recognizes: () => true };
    const finder = createFormatFinder([greedy, { ...other, recognizes: () => true }]);
    expect(() => finder.adapterFor({}, { file: 'x', line: 1 })).toThrow(/both greedy and /);
  });

  it('are told apart from each other and from usage in every fixture', async () => {
    const all = [...(await loadAdapters()), ...bills];
    const root = join(import.meta.dirname, '../fixtures');
    const files = ['adapters', 'bills'].flatMap((kind) =>
      readdirSync(join(root, kind), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.includes('/') && isFixture(name))
        .map((name) => ({ kind, name, format: name.split('/')[0] ?? '' }))
        .filter(({ format }) => format !== 'expected'),
    );
    const wrong: string[] = [];
    for (const { kind, name, format } of files)
      for (const record of await recordsOf(join(root, kind, name))) {
        const ids = all.filter((adapter) => adapter.recognizes(record)).map(({ id }) => id);
        const bill = ids.some((id) => bills.some((known) => known.id === id));
        if (kind === 'bills' ? ids.join() !== format : bill) wrong.push(`${name}: ${ids.join()}`);
      }
    expect(files.length).toBeGreaterThan(bills.length);
    expect(wrong).toEqual([]);
  });

  it.each([null, undefined, 7, 'text', [], {}, [[]], { data: [] }, { object: 'page', data: [] }])(
    'of bills do not recognize %j',
    (record) => expect(bills.filter((bill) => bill.recognizes(record))).toEqual([]),
  );
});
