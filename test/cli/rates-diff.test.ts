import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { call, desk, jsonl } from '../support/fake-runtime.ts';

const here = desk();

const card = (models: string, header = ''): string => `rate_card: 1
provider: acorn
currency: USD
units: per million tokens
as_of: 2026-11-21
sources: {page: {url: "https://acorn.example/pricing", read: 2026-11-21}}
${header}
models:
${models}`;

const OLD = card(
  `  oak-1:
    aliases: [oak]
    prices:
      - {from: 2026-01-01, source: page, input: 1.00, output: 4.00, tiers: [{above: 1000, input: 2.00, output: 8.00}]}
      - {from: 2026-06-01, source: page, input: 0.80, output: 4.00}
  elm-1: {prices: [{from: 2026-01-01, source: page, input: 3.00}]}
  fir-1: {aliases: [tree], prices: [{from: 2026-01-01, source: page, input: 5.00}]}
`,
  'service_tiers: {batch: {multiply: 0.5}}\nfees: {lookup: {per: 1000 calls, prices: [{from: 2026-01-01, price: 10.00, source: page}]}}',
);

const NEW = card(
  `  oak-1:
    aliases: [oak]
    prices:
      - {from: 2026-01-01, source: page, input: 1.00, output: 4.00, tiers: [{above: 1000, input: 2.50, output: 8.00}]}
      - {from: 2026-06-01, source: page, input: 0.80, output: 4.00}
      - {from: 2026-11-10, source: page, input: 0.40, cache_read: 0.04, output: 5.00}
  fir-1: {prices: [{from: 2026-01-01, source: page, input: 5.00}]}
  yew-1: {prices: [{from: 2026-11-01, source: page, input: 7.00, output: 9.00}]}
  ash-1: {aliases: [tree], prices: [{from: 2026-01-01, source: page, input: 5.00}]}
`,
  'service_tiers: {batch: {multiply: 0.6}}\nfees: {lookup: {per: 1000 calls, prices: [{from: 2026-01-01, price: 10.00, source: page}, {from: 2026-05-01, price: 12.00, source: page}]}}',
);

const flat = (name: string, price: string): string =>
  here.write(
    name,
    card(`  oak-1: {prices: [{from: 2026-01-01, source: page, input: ${price}}]}\n`),
  );

const json = async (...argv: string[]) =>
  JSON.parse(await here.must('rates', 'diff', ...argv, '--format', 'json'));

interface Row {
  readonly [key: string]: string | number | null;
}

const brief = (rows: readonly Row[]): readonly string[] =>
  rows.map((row) =>
    [
      'change',
      'model',
      'from',
      'until',
      'applies',
      'meter',
      'before_usd_per_million',
      'after_usd_per_million',
      'change_ratio',
      'what',
    ]
      .map((key) => row[key] ?? '-')
      .join(' '),
  );

beforeAll(() => {
  here.write('old.yaml', OLD);
  here.write('new.yaml', NEW);
});

describe('rates diff', () => {
  it('says which models came and went, which prices moved and from which day', async () => {
    const answer = await json('old.yaml', 'new.yaml');
    expect(brief(answer.rows)).toEqual([
      'new model ash-1 2026-01-01 - every call input - 5.00 - -',
      'gone model elm-1 2026-01-01 - every call input 3.00 - - -',
      // The long prompt costs more until the next row, which both have alike.
      'price oak-1 2026-01-01 2026-06-01 prompt > 1,000 input 2.00 2.50 0.25 -',
      'price oak-1 2026-11-10 - every call input 0.80 0.40 -0.5 -',
      'price oak-1 2026-11-10 - every call cache_read - 0.04 - -',
      'price oak-1 2026-11-10 - every call output 4.00 5.00 0.25 -',
      'new model yew-1 2026-11-01 - every call input - 7.00 - -',
      'new model yew-1 2026-11-01 - every call output - 9.00 - -',
      'name ash-1 - - - - - - - "tree" meant fir-1, means ash-1',
      'fee - 2026-05-01 - every call lookup 10000.00 12000.00 0.2 -',
      'terms - - - - - - - - service tier batch: was x0.5 {"aliases":[],"covers":"tokens","onlyListedModels":false}, is x0.6 {"aliases":[],"covers":"tokens","onlyListedModels":false}',
    ]);
    expect(answer).toMatchObject({
      schema: 'aicost.rates-diff/1',
      compared: ['acorn'],
      new_models: 2,
      gone_models: 1,
      moved_prices: 4,
    });
  });

  it('says nothing of equal cards', async () => {
    expect((await json('old.yaml', 'old.yaml')).rows).toEqual([]);
    expect(await here.must('rates', 'diff', 'shipped', 'shipped')).toBe(
      'shipped → shipped: 0 new models, 0 gone models, 0 prices moved in 0 models\n\nNothing differs.\n',
    );
  });

  it('does not take a model that got its old id as an alias for a gone one', async () => {
    here.write(
      'one.yaml',
      card(`  oak-old: {prices: [{from: 2026-01-01, source: page, input: 1.00}]}\n`),
    );
    here.write(
      'two.yaml',
      card(
        `  oak-new: {aliases: [oak-old], prices: [{from: 2026-01-01, source: page, input: 1.00}]}\n`,
      ),
    );
    const { rows } = await json('one.yaml', 'two.yaml');
    expect(brief(rows)).toEqual([
      'name oak-new - - - - - - - "oak-old" meant oak-old, means oak-new',
    ]);
  });

  it('says from when a name means another model', async () => {
    const names = (aliases: string) =>
      card(
        `  oak-1: {aliases: [${aliases}], prices: [{from: 2026-01-01, source: page, input: 1.00}]}\n`,
      );
    here.write('always.yaml', names('oak'));
    here.write('once.yaml', names('{name: oak, until: 2026-05-01}'));
    const { rows } = await json('always.yaml', 'once.yaml');
    expect(brief(rows)).toEqual([
      'name oak-1 - - - - - - - "oak" meant oak-1, means oak-1 until 2026-05-01',
    ]);
  });

  it('takes own for the cards in force, yours over the shipped ones', async () => {
    here.write(
      'mine.yaml',
      card(
        `  gpt-4o: {prices: [{from: 2024-01-01, source: page, input: 1.00, output: 4.00}]}\n`,
      ).replace('acorn', 'openai'),
    );
    const { rows, compared } = await json('shipped', 'own', '--rates', 'mine.yaml');
    expect(compared.length).toBeGreaterThan(5);
    expect(new Set(rows.map(({ model }: Row) => model))).toEqual(new Set(['gpt-4o']));
  });

  it('compares only providers that both have, and names the others', async () => {
    const { notes } = await json('old.yaml', 'old.yaml', '--rates', 'old.yaml');
    expect(notes).toEqual([]);
    const { code, err } = await here.aicost('rates', 'diff', 'old.yaml', 'shipped');
    expect(code).toBe(2);
    expect(err).toMatch(
      /^aicost: old\.yaml and shipped have no provider in common\nold\.yaml: acorn;/,
    );
  });

  it('refuses what is no card', async () => {
    const { code, err } = await here.aicost('rates', 'diff', 'old.yaml', 'nowhere.yaml');
    expect([code, err]).toEqual([
      2,
      'aicost: no rate card at nowhere.yaml\nName a card, a folder of them, or one of the words shipped and own.\n',
    ]);
  });
});

const event = (more: object) => call({ provider: 'acorn', model: 'oak-1', ...more });

describe('rates diff --replay', () => {
  beforeAll(async () => {
    here.write(
      'log.jsonl',
      jsonl(
        event({ id: 'a', time: '2026-11-02T09:00:00Z', input_tokens: 900, output_tokens: 100 }),
        event({ id: 'b', time: '2026-11-12T09:00:00Z', input_tokens: 2000, output_tokens: 100 }),
        event({
          id: 'c',
          time: '2026-11-12T10:00:00Z',
          input_tokens: 500,
          cache_read_tokens: 100,
          output_tokens: 0,
        }),
        event({ id: 'd', time: '2026-03-01T09:00:00Z', input_tokens: 1001, output_tokens: 0 }),
        event({ id: 'e', time: '2026-03-01T09:00:00Z', input_tokens: 1000, output_tokens: 0 }),
        event({
          id: 'f',
          time: '2026-11-12T11:00:00Z',
          model: 'elm-1',
          input_tokens: 1000,
          output_tokens: 0,
        }),
        event({ id: 'g', time: '2026-11-12T11:00:00Z', provider: 'birch', model: 'b-1' }),
      ),
    );
    here.write('over.yaml', OLD);
    await here.must('ingest', 'log.jsonl', '--rates', 'over.yaml');
  });

  it('prices the usage of the period by both, exactly', async () => {
    const { replay, replay_totals } = await json('old.yaml', 'new.yaml', '--replay', '2026-11');
    expect({ replay, replay_totals }).toMatchObject({
      replay: [
        {
          model: 'oak-1',
          requests: 3,
          // old: a 900 x 0.80 + 100 x 4.00 = 1,120; b 2,000 x 0.80 + 400 = 2,000; c has no price for cache_read.
          before_usd: '0.00312',
          // new: a as before 1,120; b 2,000 x 0.40 + 100 x 5.00 = 1,300; c 500 x 0.40 + 100 x 0.04 = 204.
          after_usd: '0.002624',
          // a and b only: 2,420 - 3,120.
          difference_usd: '-0.0007',
          before_unrated: 1,
          after_unrated: 0,
        },
        {
          model: 'elm-1',
          requests: 1,
          before_usd: '0.003',
          after_usd: null,
          difference_usd: '0',
          after_unrated: 1,
        },
      ],
      replay_totals: {
        requests: 4,
        before_usd: '0.00612',
        after_usd: '0.002624',
        difference_usd: '-0.0007',
      },
    });
  });

  it('decides the tier of a long prompt call by call', async () => {
    const { replay } = await json('old.yaml', 'new.yaml', '--replay', '2026-03');
    // d: 1,001 tokens are above 1,000, at 2.00 and 2.50; e: 1,000 are not, at 1.00 by both.
    expect(replay[0]).toMatchObject({
      before_usd: '0.003002',
      after_usd: '0.0035025',
      difference_usd: '0.0005005',
    });
  });

  it('says what it left out and what has no price', async () => {
    const { notes } = await json('old.yaml', 'new.yaml', '--replay', '2026-11');
    expect(notes.map(({ message }: { message: string }) => message)).toEqual([
      '1 request without a price by new.yaml: acorn has no price for model "elm-1"',
      '1 request without a price by old.yaml: acorn/oak-1 (from 2026-06-01) has no price for cache_read',
      'the difference counts only requests that both sides can price',
      '1 request of birch left out: not both sides have a card of it',
    ]);
  });

  it('costs by the cards in force what report says', async () => {
    const own = ['--rates', 'over.yaml'];
    const { totals } = JSON.parse(
      await here.must(
        'report',
        '--where',
        'provider=acorn',
        '--format',
        'json',
        '--period',
        '2026-11',
        ...own,
      ),
    );
    const { replay_totals } = await json('own', 'own', '--replay', '2026-11', ...own);
    expect(replay_totals.before_usd).toBe(totals.cost_usd);
  });

  it('leaves the ledger as it is', async () => {
    const before = readFileSync(here.ledger);
    const doctor = async () =>
      JSON.parse(await here.must('doctor', '--format', 'json', '--rates', 'over.yaml'));
    const proof = await doctor();
    await json('old.yaml', 'new.yaml', '--replay', '2026-11');
    expect(readFileSync(here.ledger).equals(before)).toBe(true);
    expect(await doctor()).toEqual(proof);
  });

  it('needs a ledger and a period', async () => {
    const none = await here.aicost(
      'rates',
      'diff',
      'old.yaml',
      'new.yaml',
      '--replay',
      '7d',
      '--ledger',
      'no.db',
    );
    expect([none.code, none.err]).toEqual([2, expect.stringMatching(/no ledger at /)]);
    const odd = await here.aicost('rates', 'diff', 'old.yaml', 'new.yaml', '--replay', 'soon');
    expect([odd.code, odd.err]).toEqual([2, expect.stringMatching(/--replay: expected a day/)]);
  });

  it.each([60, 80])('fits a screen of %i columns', async (columns) => {
    flat('cheap.yaml', '0.50');
    flat('dear.yaml', '0.75');
    const { out } = await here.aicostIn(
      { columns },
      'rates',
      'diff',
      'cheap.yaml',
      'dear.yaml',
      '--replay',
      '2026-03',
    );
    expect(out.split('\n').filter((line) => line.length > columns)).toEqual([]);
    // 2,001 tokens at 0.50 and at 0.75 a million.
    expect(out).toMatch(/ \$0\.001 +\$0\.0015 +\$0\.0005 +\+50\.0%/);
    expect(out).toMatch(/price +oak-1 .*input +0\.50 +0\.75 +\+50\.0%/);
  });
});
