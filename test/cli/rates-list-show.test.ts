import { beforeAll, describe, expect, it } from 'vitest';
import { desk } from '../support/fake-runtime.ts';

const here = desk();

const CARD = `rate_card: 1
provider: acorn
currency: USD
units: per million tokens
as_of: 2026-11-20
sources:
  page: {url: "https://acorn.example/pricing", read: 2026-11-20}
  table: {note: "a table of trees", read: 2026-10-01}
cache: {minimum: 1024, ttls: [5m, 1h]}
service_tiers: {batch: {multiply: 0.5}}
models:
  oak-1:
    aliases: [oak]
    context_window: [{from: 2026-01-01, tokens: 200000}, {from: 2026-06-01, tokens: 1000000}]
    max_output: 64000
    tokenizer: o200k_base
    modalities: {input: [text, image], output: [text]}
    features: [tools, reasoning]
    retires: 2027-03-01
    prices:
      - from: 2026-01-01
        source: page
        check_by: 2026-11-20
        note: half the price until spring, says the page
        input: 1.00
        cache_read: 0.10
        output: 4.00
        others_say: [{source: table, input: 1.10, why: with a surcharge}]
        service: {batch: {input: 0.40, output: 2.00}}
  elm-1: {kind: embedding, prices: [{from: 2026-01-01, source: table, status: single-source, input: 0.02}]}
  fir-1: {prices: [{from: 2025-01-01, until: 2026-02-01, source: table, status: single-source, input: 0.50}]}
`;

beforeAll(() => {
  here.write('acorn.yaml', CARD);
});

const own = ['--rates', 'acorn.yaml'];
const json = async (...argv: string[]) =>
  JSON.parse(await here.must('rates', ...argv, ...own, '--format', 'json'));

describe('rates show', () => {
  it('says what the model is, where its prices were read, and when each fact changed', async () => {
    const { about } = await json('show', 'oak');
    expect(
      about.map(({ fact, value }: { fact: string; value: string }) => `${fact}: ${value}`),
    ).toEqual([
      'aliases: oak',
      'kind: chat',
      'context window: 200,000 since 2026-01-01; 1,000,000 since 2026-06-01',
      'max output: 64,000',
      'tokenizer: o200k_base',
      'takes: text, image',
      'makes: text',
      'features: tools, reasoning',
      'cache: from 1,024 tokens, kept for 5m or 1h',
      'retires: 2027-03-01',
      `card: ${here.folder}/acorn.yaml:12, as of 2026-11-20`,
      'source page: https://acorn.example/pricing (read 2026-11-20)',
      'source table: a table of trees (read 2026-10-01)',
    ]);
  });

  it('gives every region with prices of its own a line a meter, with its own status and source', async () => {
    const table = CARD.replace(
      'source: table, status: single-source, input: 0.50}',
      'source: page, input: 0.50, regions: [{in: [tokyo, oslo], source: table, status: single-source, input: 0.60, service: {batch: {input: 0.30}}}]}',
    );
    here.write('regions.yaml', table);
    const { rows } = JSON.parse(
      await here.must('rates', 'show', 'fir-1', '--rates', 'regions.yaml', '--format', 'json'),
    );
    expect(
      rows.map((row: Record<string, string>) =>
        [row['applies'], row['price_usd_per_million'], row['status'], row['source']].join(' | '),
      ),
    ).toEqual([
      'every call | 0.50 | verified | page',
      'in tokyo, oslo | 0.60 | single-source | table',
      'in tokyo, oslo, batch | 0.30 | single-source | table',
      expect.stringMatching(/^every call \| /),
    ]);
  });

  it('lists every price with status, day to look again and note', async () => {
    const { rows } = await json('show', 'oak-1');
    expect(rows[0]).toEqual({
      from: '2026-01-01',
      applies: 'every call',
      meter: 'input',
      price_usd_per_million: '1.00',
      status: 'verified',
      check_by: '2026-11-20',
      source: 'page',
      note: 'half the price until spring, says the page',
    });
    expect(
      rows.map(({ applies, meter }: { applies: string; meter: string }) => `${applies} ${meter}`),
    ).toEqual([
      'every call input',
      'every call cache_read',
      'every call output',
      'batch input',
      'batch output',
    ]);
  });

  it('says who says otherwise, and why', async () => {
    const { others_say } = await json('show', 'oak-1');
    expect(others_say).toEqual([
      {
        from: '2026-01-01',
        source: 'table',
        meter: 'input',
        theirs_usd_per_million: '1.10',
        ours_usd_per_million: '1.00',
        difference_ratio: 0.1,
        why: 'with a surcharge',
      },
    ]);
  });

  it('says of each row where it was read, what it promises, and whether that has passed', async () => {
    const { history } = await json('show', 'oak-1');
    expect(history).toEqual([
      {
        from: '2026-01-01',
        status: 'verified',
        check_by: '2026-11-20',
        overdue: 'passed',
        source: 'page',
        note: 'half the price until spring, says the page',
      },
    ]);
    const out = await here.must('rates', 'show', 'oak-1', ...own);
    expect(out).toMatch(/2026-01-01 +verified +2026-11-20 +passed +page +half the price/);
    expect(out).toMatch(/Who says otherwise\n/);
  });

  it('says when the prices of a model ended', async () => {
    const { rows } = await json('show', 'fir-1');
    expect(rows.at(-1)).toMatchObject({
      from: '2026-02-01',
      meter: 'no price',
      price_usd_per_million: null,
    });
  });

  it.each([60, 80])('fits a screen of %i columns', async (columns) => {
    const { out } = await here.aicostIn({ columns }, 'rates', 'show', 'oak-1', ...own);
    expect(out.split('\n').filter((line) => line.length > columns)).toEqual([]);
  });
});

describe('rates list', () => {
  it('has one line per provider, with its models by how well they are known', async () => {
    const { schema, rows, totals } = await json('list');
    expect(schema).toBe('aicost.rates-providers/1');
    // fir-1 has no price any more.
    expect(rows.find(({ provider }: { provider: string }) => provider === 'acorn')).toMatchObject({
      models: 2,
      verified: 1,
      single_source: 1,
      as_of: '2026-11-20',
    });
    const sum = rows.reduce((total: number, { models }: { models: number }) => total + models, 0);
    expect(totals.models).toBe(sum);
  });

  it('has the models of one provider', async () => {
    const { schema, models, rows } = await json('list', '--provider', 'acorn');
    expect({ schema, models }).toEqual({ schema: 'aicost.rates-list/1', models: 2 });
    expect(rows).toEqual([
      {
        provider: 'acorn',
        model: 'oak-1',
        kind: 'chat',
        input: '1.00',
        cache_read: '0.10',
        output: '4.00',
        from: '2026-01-01',
        status: 'verified',
      },
      {
        provider: 'acorn',
        model: 'elm-1',
        kind: 'embedding',
        input: '0.02',
        cache_read: null,
        output: null,
        from: '2026-01-01',
        status: 'single-source',
      },
    ]);
  });

  it.each([
    [['--kind', 'embedding'], ['elm-1']],
    [['--status', 'verified'], ['oak-1']],
    [['--status', 'single-source', '--kind', 'chat'], []],
  ])('with %j only those', async (argv, models) => {
    const { rows } = await json('list', '--provider', 'acorn', ...argv);
    expect(rows.map(({ model }: { model: string }) => model)).toEqual(models);
  });

  it('has the models of all providers with --all', async () => {
    const { rows, models } = await json('list', '--all');
    expect(rows.length).toBe(models);
    expect(
      new Set(rows.map(({ provider }: { provider: string }) => provider)).size,
    ).toBeGreaterThan(5);
  });

  it('refuses a provider or a kind that there is not', async () => {
    const refused = async (...argv: string[]) =>
      (await here.aicost('rates', 'list', ...own, ...argv)).err;
    expect(await refused('--provider', 'acron')).toMatch(
      /^aicost: no rate card for provider "acron"\nKnown: acorn, /,
    );
    expect(await refused('--kind', 'caht')).toMatch(
      /^aicost: --kind: no model is of kind "caht"\nKnown: .*chat/,
    );
  });

  it.each([60, 80])('fits a screen of %i columns', async (columns) => {
    for (const argv of [[], ['--provider', 'acorn'], ['--all']]) {
      const { out } = await here.aicostIn({ columns }, 'rates', 'list', ...own, ...argv);
      expect(out.split('\n').filter((line) => line.length > columns)).toEqual([]);
    }
  });
});
