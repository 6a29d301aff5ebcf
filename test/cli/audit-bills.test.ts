import { describe, expect, it } from 'vitest';
import { call, desk, jsonl } from '../support/fake-runtime.ts';

// FOCUS wants a number of columns before it is recognized.
const COLUMNS = [
  'BilledCost',
  'BillingAccountId',
  'BillingCurrency',
  'ChargeCategory',
  'ChargeDescription',
  'ChargePeriodStart',
  'ChargePeriodEnd',
  'ContractedCost',
  'EffectiveCost',
  'ListCost',
  'ProviderName',
  'ServiceCategory',
  'ServiceName',
  'SubAccountName',
  'Tags',
];

/** A line of a bill for a day: what it costs, who bills and what tags it has. */
const line = (
  day: string,
  cost: string,
  tags: Readonly<Record<string, string>>,
  { provider = 'OpenAI', category = 'Usage', currency = 'USD' } = {},
): string =>
  [
    cost,
    'org-1',
    currency,
    category,
    'Model tokens',
    `${day} 00:00:00`,
    `${day} 12:00:00`,
    cost,
    cost,
    cost,
    provider,
    'AI and Machine Learning',
    'Model API',
    'apps',
    JSON.stringify(tags),
  ]
    .map((field) => `"${field.replaceAll('"', '""')}"`)
    .join(',');

const bill = (...lines: readonly string[]): string =>
  `${[COLUMNS.join(','), ...lines].join('\n')}\n`;

describe('an audit of bills', () => {
  // Saturday, 2026-11-21: of 90 days, today and 89 before it, the first is 2026-08-24.
  const here = desk();
  const audit = async (...argv: string[]) => {
    const { code, out } = await here.aicost(
      'audit',
      '--source',
      'bills',
      '--format',
      'json',
      ...argv,
    );
    return { code, ...JSON.parse(out) };
  };

  it('holds 90 days to their tags, and a line of day 91 changes nothing', async () => {
    const tagged = line('2026-08-24', '30.00', { team: 'search' });
    const untagged = line('2026-11-20', '10.00', { env: 'prod' });
    await here.must('ingest', here.write('calls.jsonl', jsonl(call())));
    await here.must('ingest', here.write('bill.csv', bill(tagged, untagged)));
    const before = await audit('--days', '90', '--keys', 'team');
    expect(before.coverage).toEqual([
      {
        currency: 'USD',
        tag: 'team',
        lines: 2,
        missing_lines: 1,
        by_count: 0.5,
        billed: '40',
        missing_billed: '10',
        by_spend: 0.75,
      },
    ]);
    await here.must('ingest', here.write('older.csv', bill(line('2026-08-23', '500.00', {}))));
    expect(await audit('--days', '90', '--keys', 'team')).toEqual(before);
    expect((await audit('--days', '91', '--keys', 'team')).coverage[0].missing_billed).toBe('510');
  });

  it('takes 90 days where nothing else is said', async () => {
    expect((await audit('--keys', 'team')).coverage[0].billed).toBe('40');
  });

  it.each([
    ['75', 0, []],
    ['75.01', 1, ['coverage of USD by spend is 75.0%, below 75.01%: 1 line lacks a required tag']],
  ])('holds --min-coverage %s with %i', async (percent, code, said) => {
    const ended = await audit('--keys', 'team', '--min-coverage', percent);
    expect([ended.code, ended.notes.map(({ message }: { message: string }) => message)]).toEqual([
      code,
      said,
    ]);
  });

  it('cannot judge a span without a charge', async () => {
    expect((await audit('--since', '2020-01-01', '--until', '2020-02-01')).code).toBe(3);
  });

  it('reads tags of clouds under the names that aicost.yaml gives them', async () => {
    const cloud = desk();
    const lines = [
      line('2026-11-20', '6.00', { CostCenter: 'cc-7', Stage: 'Production' }),
      line('2026-11-20', '2.00', { cost_center: 'cc-8' }),
      line('2026-11-20', '1.00', {}),
    ];
    await cloud.must('ingest', cloud.write('bill.csv', bill(...lines)));
    cloud.write(
      'aicost.yaml',
      `tags:
  required: [cost_center]
  cloud: {CostCenter: cost_center}
`,
    );
    const { coverage } = JSON.parse(
      (await cloud.aicost('audit', '--source', 'bills', '--format', 'json')).out,
    );
    expect([coverage[0].missing_billed, coverage[0].by_spend]).toEqual(['1', 0.888889]);
  });

  it('names who bills without a call, leaves credits and taxes out, and keeps currencies apart', async () => {
    const shadow = desk();
    const lines = [
      line('2026-11-20', '6.00', { team: 'search' }),
      line('2026-11-20', '20.00', {}, { provider: 'Anthropic' }),
      line('2026-11-20', '7.00', {}, { provider: 'DeepSeek', currency: 'CNY' }),
      line('2026-11-20', '-3.00', {}, { category: 'Credit' }),
      line('2026-11-20', '1.14', {}, { category: 'Tax' }),
    ];
    await shadow.must('ingest', shadow.write('bill.csv', bill(...lines)));
    await shadow.must(
      'ingest',
      shadow.write('calls.jsonl', jsonl(call({ time: '2026-11-20T09:00:00Z' }))),
    );
    shadow.write('aicost.yaml', 'owners: [{where: [provider=anthropic], owner: ana@example.com}]');
    const { out } = await shadow.aicost(
      'audit',
      '--source',
      'bills',
      '--keys',
      'team',
      '--format',
      'json',
    );
    const { unseen, coverage, notes } = JSON.parse(out);
    expect(
      unseen.map((row: Record<string, unknown>) => [
        row['provider'],
        row['currency'],
        row['billed'],
        row['owner'],
      ]),
    ).toEqual([
      ['Anthropic', 'USD', '20', 'ana@example.com'],
      ['DeepSeek', 'CNY', '7', null],
    ]);
    expect(
      coverage.map((row: Record<string, unknown>) => [
        row['currency'],
        row['billed'],
        row['by_spend'],
      ]),
    ).toEqual([
      ['USD', '26', 0.230769],
      ['CNY', '7', 0],
    ]);
    expect(notes).toEqual([
      {
        code: 'not-charges',
        message:
          '2 lines left out: credits, refunds, taxes and adjustments have no tags of their own',
      },
    ]);
  });
});
