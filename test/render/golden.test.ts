import { describe, expect, it } from 'vitest';
import { money, parseMoney, sum, ZERO } from '../../src/domain/money.ts';
import type { Money } from '../../src/domain/money.ts';
import { FORMAT_NAMES, loadRenderer } from '../../src/render/formats.ts';
import type { Answer, Cell, Column } from '../../src/reports/answer.ts';

const usd = (text: string): Money => parseMoney(text) ?? ZERO;
const count = (value: bigint): Cell => ({ kind: 'count', value });

interface Spend {
  readonly feature: Cell;
  readonly requests: bigint;
  readonly errors: bigint;
  readonly input: bigint;
  readonly output: bigint;
  readonly cost?: Money;
  readonly partial?: boolean;
  readonly unrated: bigint;
}

const named = (value: string): Cell => ({ kind: 'text', value });

const SPEND: readonly Spend[] = [
  {
    feature: named('search'),
    requests: 1_284_112n,
    errors: 1_204n,
    input: 2_911_400_233n,
    output: 201_884_120n,
    cost: usd('557.840592'),
    unrated: 0n,
  },
  {
    feature: named('support'),
    requests: 48_230n,
    errors: 12n,
    input: 310_224_001n,
    output: 41_200_345n,
    cost: usd('1184.0512'),
    partial: true,
    unrated: 2_434n,
  },
  {
    feature: named('Müller, Schmidt & Partner Rechtsanwälte PartG mbB (Frankfurt)'),
    requests: 9_120n,
    errors: 0n,
    input: 88_120_400n,
    output: 6_120_900n,
    cost: usd('82.125'),
    unrated: 0n,
  },
  {
    feature: named('株式会社サポート検索'),
    requests: 412n,
    errors: 3n,
    input: 1_204_113n,
    output: 98_210n,
    cost: usd('0.239496'),
    unrated: 0n,
  },
  {
    feature: named('internal-eval'),
    requests: 77n,
    errors: 0n,
    input: 912_004n,
    output: 40_113n,
    unrated: 77n,
  },
  {
    feature: { kind: 'absent', label: '(untagged)' },
    requests: 3n,
    errors: 1n,
    input: 812n,
    output: 164n,
    cost: usd('0.0002202'),
    unrated: 0n,
  },
];

const COLUMNS: readonly Column[] = [
  { key: 'feature', title: 'Feature', yields: 0 },
  { key: 'requests', title: 'Requests', yields: 3 },
  { key: 'errors', title: 'Errors', yields: 8 },
  { key: 'input_tokens', title: 'Input', yields: 6 },
  { key: 'output_tokens', title: 'Output', yields: 5 },
  { key: 'cost_usd', title: 'Cost', yields: 0 },
  { key: 'share', title: 'Share', yields: 2, bar: true },
  { key: 'cost_per_request_usd', title: '$/request', yields: 4 },
  { key: 'unrated_requests', title: 'Unrated', yields: 9, only: 'programs' },
];

const TOTAL = sum(SPEND.flatMap(({ cost }) => cost ?? []));

const spendRow = ({
  feature,
  requests,
  errors,
  input,
  output,
  cost,
  partial,
  unrated,
}: Spend): readonly Cell[] => [
  feature,
  count(requests),
  count(errors),
  count(input),
  count(output),
  cost === undefined
    ? { kind: 'unknown' }
    : { kind: 'money', value: cost, ...(partial === true ? { partial } : {}) },
  cost === undefined ? { kind: 'unknown' } : { kind: 'share', part: cost, whole: TOTAL },
  cost === undefined ? { kind: 'unknown' } : { kind: 'money', value: money(cost / requests) },
  count(unrated),
];

const totalOf = (pick: (row: Spend) => bigint): bigint =>
  SPEND.reduce((total, row) => total + pick(row), 0n);

const ANSWER: Answer = {
  schema: 'aicost.report/1',
  headline: 'Spend by feature, 2026-10-01 to 2026-11-01 (Europe/Berlin), list prices of 2026-11-02',
  facts: {
    period: {
      start: '2026-09-30T22:00:00.000Z',
      end: '2026-10-31T23:00:00.000Z',
      timezone: 'Europe/Berlin',
    },
    currency: 'USD',
  },
  tables: [
    {
      name: 'rows',
      columns: COLUMNS,
      rows: SPEND.map(spendRow),
      totals: spendRow({
        feature: named('Total'),
        requests: totalOf(({ requests }) => requests),
        errors: totalOf(({ errors }) => errors),
        input: totalOf(({ input }) => input),
        output: totalOf(({ output }) => output),
        cost: TOTAL,
        partial: true,
        unrated: totalOf(({ unrated }) => unrated),
      }),
    },
  ],
  notes: [
    {
      code: 'unrated',
      message:
        '2,511 requests have no price (model support-ft-7, provider azure); costs with ~ are higher in truth.',
    },
    { code: 'failed', message: '1,220 requests failed and were not billed.' },
  ],
};

describe('a spend report as a table', () => {
  it.each([40, 60, 80, 120, 200])('reads well on %i columns', async (columns) => {
    const render = await loadRenderer('table');
    await expect(
      render(ANSWER, { columns, color: false, bars: true, unicode: true }),
    ).toMatchFileSnapshot(`golden/spend-${columns}.txt`);
  });

  it('keeps to ASCII where the screen has no more', async () => {
    const render = await loadRenderer('table');
    const ascii: Answer = {
      ...ANSWER,
      tables: ANSWER.tables.map((table) => ({
        ...table,
        rows: table.rows.filter((_, row) => row !== 2 && row !== 3),
      })),
    };
    const text = render(ascii, { columns: 120, color: false, bars: true, unicode: false });
    expect(text).toMatch(/^[\n -~]*$/);
    await expect(text).toMatchFileSnapshot('golden/spend-ascii.txt');
  });

  it('says in colour what is total and what is not known', async () => {
    const render = await loadRenderer('table');
    await expect(
      JSON.stringify(
        render(ANSWER, { columns: 60, color: true, bars: false, unicode: true }).split('\n'),
        null,
        1,
      ),
    ).toMatchFileSnapshot('golden/spend-color.json');
  });
});

describe('a spend report for elsewhere', () => {
  it.each(FORMAT_NAMES.filter((name) => name !== 'table'))('is %s', async (format) => {
    const render = await loadRenderer(format);
    await expect(
      render(ANSWER, { columns: 80, color: false, bars: false, unicode: true }),
    ).toMatchFileSnapshot(`golden/spend.${format}`);
  });
});

describe('a table with many keys', () => {
  it('becomes one block a row where columns do not fit', async () => {
    const render = await loadRenderer('table');
    const keys = ['Team', 'Customer', 'Model', 'Environment', 'Workflow'];
    const values = [
      'search',
      'Müller, Schmidt & Partner Rechtsanwälte PartG mbB',
      'claude-sonnet-4-5',
      'production',
      'nightly-reindex',
    ];
    const answer: Answer = {
      schema: 'aicost.report/1',
      facts: {},
      notes: [],
      tables: [
        {
          name: 'rows',
          columns: [
            ...keys.map((title) => ({ key: title, title, yields: 0 })),
            { key: 'cost_usd', title: 'Cost', yields: 0 },
          ],
          rows: [[...values.map(named), { kind: 'money', value: usd('12.5') }]],
          totals: [
            named('Total'),
            ...values.slice(1).map(() => named('')),
            { kind: 'money', value: usd('12.5') },
          ],
        },
      ],
    };
    await expect(
      render(answer, { columns: 40, color: false, bars: true, unicode: true }),
    ).toMatchFileSnapshot('golden/many-keys-40.txt');
  });
});
