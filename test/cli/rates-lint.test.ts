import { beforeAll, describe, expect, it } from 'vitest';
import { call, desk, jsonl } from '../support/fake-runtime.ts';

const here = desk();

const CARD = `rate_card: 1
provider: acorn
currency: USD
units: per million tokens
as_of: 2026-11-21
sources: {page: {url: "https://acorn.example/pricing", read: 2026-11-21}}
models:
  elm-1: {prices: [{from: 2026-01-01, source: page, status: single-source, input: 1.00, output: 4.00}]}
  oak-1: {prices: [{from: 2026-01-01, source: page, input: 3.00, output: 4.00}]}
`;

const event = (more: object) =>
  call({ provider: 'acorn', model: 'oak-1', output_tokens: 0, input_tokens: 1_000_000, ...more });

interface Lint {
  readonly errors: number;
  readonly warnings: number;
  readonly ledger: string | null;
  readonly unpriced_models?: readonly unknown[];
  readonly weak_models?: readonly unknown[];
  readonly notes: readonly { readonly message: string }[];
}

const lint = async (...argv: string[]): Promise<Lint> =>
  JSON.parse(
    await here.must('rates', 'lint', '--rates', 'acorn.yaml', '--format', 'json', ...argv),
  );

beforeAll(async () => {
  here.write('acorn.yaml', CARD);
  here.write(
    'log.jsonl',
    jsonl(
      event({ id: 'a', time: '2026-11-01T09:00:00Z' }),
      event({ id: 'b', time: '2026-11-02T09:00:00Z', model: 'elm-1' }),
      event({ id: 'c', time: '2026-11-03T09:00:00Z', model: 'fir-1', reported_cost_usd: '0.75' }),
      event({ id: 'd', time: '2026-11-04T09:00:00Z', model: 'fir-1', reported_cost_usd: '0.25' }),
      event({ id: 'e', time: '2025-11-04T09:00:00Z', input_tokens: 500_000 }),
    ),
  );
  await here.must('ingest', 'log.jsonl', '--rates', 'acorn.yaml');
});

describe('rates lint', () => {
  it('has nothing to say about the shipped cards, but promises whose day has come', async () => {
    const { out } = await desk().aicost('rates', 'lint', '--no-ledger', '--format', 'json');
    const { rows } = JSON.parse(out);
    expect(
      rows.filter(({ message }: { message: string }) => !message.includes('was to be checked by')),
    ).toEqual([]);
  });
});

describe('rates lint with a ledger', () => {
  // Every card of every provider is read for it, which takes a second.
  let whole: Promise<Lint> | undefined;
  const linted = (): Promise<Lint> => (whole ??= lint());

  it('names the models without a price, and how much of the usage they are', async () => {
    const { unpriced_models, ledger, errors } = await linted();
    expect({ ledger, errors }).toEqual({ ledger: 'ledger.db', errors: 0 });
    // 5 requests of 4.5 M tokens; fir-1 has 2 of them with 2 M, and all that was reported.
    expect(unpriced_models).toEqual([
      {
        provider: 'acorn',
        model: 'fir-1',
        unrated_requests: 2,
        requests_share: 0.4,
        tokens: 2_000_000,
        tokens_share: 0.444444,
        reported_cost_usd: '1',
        reported_share: 1,
      },
      {
        provider: 'acorn',
        model: 'oak-1',
        // One of its two calls was made before its first price: the tokens of that one alone are not known.
        unrated_requests: 1,
        requests_share: 0.2,
        tokens: null,
        tokens_share: null,
        reported_cost_usd: null,
        reported_share: null,
      },
    ]);
  });

  it('says how much of the spend rests on weak prices', async () => {
    const { weak_models, notes } = await linted();
    // 1 M x 1.00 of elm-1, which one source says, beside 1 M x 3.00 of oak-1.
    expect(weak_models).toEqual([
      { provider: 'acorn', model: 'elm-1', weak_cost_usd: '1', cost_share: 0.25 },
    ]);
    expect(notes.map(({ message }) => message)).toEqual([
      '3 of 5 requests in ledger.db without a price',
      '25.0 % of its spend rests on prices that are observed, single-source or disputed',
    ]);
  });

  it.each([
    ['with --no-ledger', ['--no-ledger']],
    ['of files that are named', ['acorn.yaml']],
  ])('leaves the ledger out %s', async (_, argv) => {
    const { ledger, notes, unpriced_models } = await lint(...argv);
    expect({ ledger, notes, unpriced_models }).toEqual({
      ledger: null,
      notes: [],
      unpriced_models: undefined,
    });
  });

  it('and where there is none', async () => {
    const other = desk();
    other.write('acorn.yaml', CARD);
    const argv = ['rates', 'lint', '--rates', 'acorn.yaml', '--format', 'json'];
    expect(JSON.parse(await other.must(...argv)).ledger).toBe(null);
  });

  it('exits 1 for an error, and does not price the ledger by cards that have one', async () => {
    here.write('broken.yaml', CARD.replace('input: 3.00', 'input: 0.3e-6'));
    const argv = ['rates', 'lint', '--rates', 'broken.yaml', '--format', 'json'];
    const { code, out } = await here.aicost(...argv);
    const { ledger, rows } = JSON.parse(out);
    expect({ code, ledger }).toEqual({ code: 1, ledger: null });
    expect(rows.filter(({ severity }: { severity: string }) => severity === 'error')).toEqual([
      {
        severity: 'error',
        place: `${here.folder}/broken.yaml:9:60`,
        message:
          'models.oak-1@2026-01-01.input: expected a number like 2.50, found "0.3e-6"; write 0.0000003, or 0.3 if it is a price per token',
      },
    ]);
  });

  it('fits a screen of 60 columns', async () => {
    const columns = 60;
    const argv = ['rates', 'lint', '--rates', 'acorn.yaml'];
    const { out } = await here.aicostIn({ columns }, ...argv);
    expect(out.split('\n').filter((line) => line.length > columns)).toEqual([]);
    expect(out).toMatch(/\n(Provider +)?Model +Unpriced +Of requests +(Tokens +)?Of tokens/);
    expect(out).toMatch(/fir-1 +2 +40\.0%/);
  });
});
