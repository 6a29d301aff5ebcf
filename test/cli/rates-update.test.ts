import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { desk, type Desk } from '../support/fake-runtime.ts';

const TABLES = join(import.meta.dirname, '../fixtures/price-tables');
const CARD = readFileSync(join(TABLES, 'acorn.yaml'), 'utf8');
const table = (name: string): string => join(TABLES, name);

/** A desk with a folder rates/ that holds the card of acorn. */
function grove(card = CARD): Desk {
  const here = desk();
  mkdirSync(join(here.folder, 'rates'));
  here.write('rates/acorn.yaml', card);
  return here;
}

interface Row {
  readonly proposal: string;
  readonly model: string;
  readonly applies: string;
  readonly meter: string;
  readonly ours_usd_per_million: string | null;
  readonly theirs_usd_per_million: string;
  readonly change_ratio: number | null;
  readonly held_from: string | null;
  readonly held_status: string | null;
}

async function update(here: Desk, name: string, ...argv: string[]) {
  const answer = JSON.parse(
    await here.must('rates', 'update', '--from', table(name), '--format', 'json', ...argv),
  );
  const rows: readonly Row[] = answer.rows;
  const said = rows.map((row) =>
    [
      row.proposal,
      row.model,
      row.applies === undefined || row.applies === 'every call' ? undefined : row.applies,
      row.meter,
      row.ours_usd_per_million ?? '-',
      row.theirs_usd_per_million,
    ]
      .filter((part) => part !== undefined && part !== null)
      .join(' '),
  );
  return { answer, rows, said };
}

const card = (here: Desk): string => readFileSync(join(here.folder, 'rates/acorn.yaml'), 'utf8');

describe('rates update --from a LiteLLM table', () => {
  it('says what the table has that the card has not', async () => {
    const { answer, said } = await update(grove(), 'litellm.json');
    // 8e-07 dollars a token are 0.80 a million.
    expect(said).toEqual([
      'changed oak-2 input 1.00 0.80',
      'changed oak-2 cache_read 0.10 0.08',
      'changed oak-2 cache_write@5m 1.25 1.00',
      'changed oak-2 cache_write@1h - 1.60',
      'changed oak-2 output 4.00 3.20',
      'new model elm-9 input - 0.15',
      'new model elm-9 output - 0.60',
      'new model elm-9 prompt > 200,000 input - 0.30',
      'new model elm-9 prompt > 200,000 output - 0.90',
      'disagrees oak-1 input 2.50 2.40',
      'doubtful fig-1 input 1.00 6.00',
      'by hand pine-1 input 1.00 0.90',
      'by hand yew-1 input 1.00 1.10',
    ]);
    expect(answer).toMatchObject({
      schema: 'aicost.rates-update/1',
      format: 'litellm',
      as_of: '2026-11-21',
      into: 'rates',
      written: null,
      new_models: 1,
      changed: 1,
      disagreements: 1,
      doubtful: 3,
      by_hand: 2,
      // oak-latest is a name of oak-1, at the card's price.
      same: 1,
      passed_over_rows: 4,
    });
  });

  it('says why it does not propose', async () => {
    const { answer } = await update(grove(), 'litellm.json');
    const why = (model: string) =>
      answer.not_proposed.find((row: { model: string }) => row.model === model)?.why;
    expect(why('oak-1')).toBe(
      'page says otherwise (https://acorn.example/pricing, read 2026-11-20)',
    );
    expect(why('ash-1')).toBe(
      'input_cost_per_token: "1.4024999999999999e-07" has more than 8 decimals per million tokens',
    );
    expect(why('asp-1')).toBe(
      'input_cost_per_token: "-1" is negative; output_cost_per_token: "ask us" is no number',
    );
    expect(why('fig-1')).toBe('input goes from 1.00 to 6.00, more than five times');
    expect(why('pine-1')).toBe(
      'the row in force lists prices for fast, which the table does not say',
    );
    expect(why('yew-1')).toBe(
      'its prices stand in one line; write each row on a line of its own first',
    );
  });

  it('counts every row that it did not compare', async () => {
    const { answer } = await update(grove(), 'litellm.json');
    expect(answer.passed_over_rows).toBe(4);
    expect(
      (await grove().must('rates', 'update', '--from', table('litellm.json'), '--format', 'csv'))
        .split('\n\n')[2]
        ?.trim(),
    ).toBe(
      'provider,reason,rows\nbirch,no rate card,2\nacorn,no price per token,1\nacorn,only prices of 0,1',
    );
  });

  it('writes nothing unless told to', async () => {
    const here = grove();
    await update(here, 'litellm.json');
    expect(card(here)).toBe(CARD);
  });

  it('writes a row behind the last one, a model in its place, and the source it is from', async () => {
    const here = grove();
    const { answer } = await update(here, 'litellm.json', '--as-of', '2026-11-15', '--write');
    expect(answer.written).toEqual(['rates/acorn.yaml']);
    const wanted = CARD.replace(
      '  hearsay: {note: "a table of trees", read: 2026-10-01}\n',
      (line) =>
        `${line}  litellm-2026-11-15: {note: "price table of litellm, litellm.json", read: 2026-11-15}\n`,
    )
      .replace(
        '        audio: {input: 3.00}   # spoken\n',
        (line) => `${line}      - from: 2026-11-15
        source: litellm-2026-11-15
        status: single-source
        note: "input_audio as from 2026-01-01: the table lists none"
        input: 0.80
        cache_read: 0.08
        cache_write: {5m: 1.00, 1h: 1.60}
        output: 3.20
        audio: {input: 3.00}
`,
      )
      .replace(
        '  fig-1:\n',
        (line) => `  elm-9:
    prices:
      - from: 2026-11-15
        source: litellm-2026-11-15
        status: single-source
        input: 0.15
        output: 0.60
        tiers: [{above: 200000, input: 0.30, output: 0.90}]
${line}`,
      );
    expect(card(here)).toBe(wanted);
  });

  it('prices calls by the written rows from their day on, and as before until then', async () => {
    const here = grove();
    await update(here, 'litellm.json', '--as-of', '2026-11-15', '--write');
    const cost = async (at: string, ...argv: string[]) =>
      JSON.parse(
        await here.must(
          ...['rates', 'quote', 'oak-2', '--provider', 'acorn', '--rates', 'rates', '--at', at],
          ...['--format', 'json', ...argv],
        ),
      ).cost_usd;
    expect(await cost('2026-11-14', '--input', '1000000')).toBe('1');
    expect(await cost('2026-11-15', '--input', '1000000')).toBe('0.8');
    expect(await cost('2026-11-15', '--meter', 'cache_write@1h=1000000')).toBe('1.6');
  });

  it('proposes nothing twice', async () => {
    const here = grove();
    await update(here, 'litellm.json', '--write');
    const once = card(here);
    const { answer } = await update(here, 'litellm.json', '--write');
    expect(answer).toMatchObject({ new_models: 0, changed: 0, same: 3, written: [] });
    expect(card(here)).toBe(once);
  });

  it.each([
    ['as it is', CARD],
    ['with the line breaks of Windows', CARD.replaceAll('\n', '\r\n')],
    ['without a line break at its end', CARD.trimEnd()],
    ['that ends in comments', `${CARD}\n  # more to come\n# end\n`],
    ['whose models are not sorted', CARD.replace('  fig-1:', '  zebra-1:')],
  ])('keeps every old line of a card %s, in order', async (_, before) => {
    const here = grove(before);
    await update(here, 'litellm.json', '--write');
    const lines = card(here).split('\n');
    let at = 0;
    for (const line of before.split('\n')) {
      // The last line may have got the break that it lacked.
      const found = lines.indexOf(line, at);
      expect({ line, found: found >= at }).toEqual({ line, found: true });
      at = found + 1;
    }
    expect(lines.length).toBeGreaterThan(before.split('\n').length + 10);
    expect((await here.aicost('rates', 'lint', 'rates')).code).toBe(0);
  });
});

describe('rates update --from other tables', () => {
  it('reads models.dev, with both ways of writing tiers', async () => {
    const { answer, said } = await update(grove(), 'models-dev.json');
    expect(answer).toMatchObject({ format: 'models.dev', passed_over_rows: 2 });
    expect(said).toEqual([
      'changed oak-2 input 1.00 0.80',
      'new model elm-9 input - 0.15',
      'new model elm-9 output - 0.60',
      'new model elm-9 prompt > 200,000 input - 0.30',
      'new model elm-9 prompt > 200,000 output - 0.90',
      'new model elm-9 prompt > 500,000 input - 0.45',
      'new model elm-9 prompt > 500,000 output - 1.20',
    ]);
  });

  it.each([
    ['2026-11-09', []],
    ['2026-11-10', ['changed oak-2 input 1.00 0.80']],
    ['2026-11-21', ['changed oak-2 input 1.00 0.80']],
  ])('reads genai-prices as of %s, by the price of that day', async (day, changed) => {
    const { said, answer } = await update(grove(), 'genai-prices.json', '--as-of', day);
    expect(said).toEqual([
      ...changed,
      'new model elm-9 input - 0.15',
      'new model elm-9 output - 0.60',
      'new model elm-9 prompt > 200,000 input - 0.30',
      'new model elm-9 prompt > 200,000 output - 0.90',
      'doubtful fir-1 input - 1.00',
    ]);
    expect(answer.not_proposed.at(-1)).toMatchObject({
      model: 'fir-1',
      why: 'prices by the hour of the day',
    });
  });

  it('reads OpenRouter, whose boundary is inside the tier', async () => {
    const here = grove(CARD.replace('provider: acorn', 'provider: openrouter'));
    const { answer, said } = await update(here, 'openrouter.json');
    expect(said).toEqual([
      'new model acorn/elm-9 input - 0.15',
      'new model acorn/elm-9 output - 0.60',
      'new model acorn/elm-9 prompt >= 200,000 input - 0.30',
      'new model acorn/elm-9 prompt >= 200,000 output - 0.90',
      'new model acorn/oak-2 input - 0.80',
      'new model acorn/oak-2 cache_read - 0.10',
      'new model acorn/oak-2 output - 4.00',
    ]);
    expect(answer.not_proposed).toEqual([
      {
        proposal: 'doubtful',
        provider: 'openrouter',
        model: 'openrouter/auto',
        why: 'prompt: "-1" is negative; completion: "-1" is negative',
      },
    ]);
    // The free variant: 0 may mean free, unknown or not billed.
    expect(answer.passed_over_rows).toBe(1);
  });

  it('does not repeat what the card says that others say', async () => {
    const here = grove(
      CARD.replace(
        '        audio: {input: 3.00}   # spoken\n',
        '        audio: {input: 3.00}\n        others_say: [{source: hearsay, input: 0.80}]\n',
      ),
    );
    expect((await update(here, 'models-dev.json')).said[0]).toBe('new model elm-9 input - 0.15');
  });

  it('compares with the shipped cards where there is no folder of cards', async () => {
    const { answer } = await update(desk(), 'litellm.json');
    expect(answer).toMatchObject({ into: 'shipped', changed: 0, passed_over_rows: 13 });
  });

  it.each([60, 80])('fits a screen of %i columns', async (columns) => {
    const { out } = await grove().aicostIn(
      { columns },
      ...['rates', 'update', '--from', table('litellm.json')],
    );
    const lines = out.split('\n').slice(3);
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
    expect(out).toMatch(/changed +oak-2 .*input +1\.00 +0\.80 +-20\.0%/);
  });

  it('takes one provider alone', async () => {
    const { answer } = await update(grove(), 'litellm.json', '--provider', 'acorn');
    expect(answer.passed_over_rows).toBe(2);
  });
});

describe('rates update refuses', () => {
  const refused = async (here: Desk, ...argv: string[]) => {
    const { code, out, err } = await here.aicost('rates', 'update', ...argv);
    expect([code, out]).toEqual([2, '']);
    return err;
  };

  it.each([
    ['other JSON', '{"models": []}', 'no price table that is known here'],
    ['no JSON', 'acorn: 1', 'not valid JSON'],
    ['nothing', '', 'not valid JSON'],
    ['a list', '[1, 2]', 'no price table that is known here'],
  ])('%s, naming the four that it reads', async (_, text, expected) => {
    const here = grove();
    here.write('table.json', text);
    const err = await refused(here, '--from', 'table.json');
    expect(err).toContain(`aicost: table.json: ${expected}\n`);
    if (expected.startsWith('no price'))
      expect(err).toBe(
        'aicost: table.json: no price table that is known here\nExpected one of: the LiteLLM price table (model_prices_and_context_window.json), models.dev (api.json), genai-prices (data.json), OpenRouter (the answer of /api/v1/models).\n',
      );
  });

  it('a table that is not there', async () => {
    expect(await refused(grove(), '--from', 'nowhere.json')).toBe(
      'aicost: cannot read nowhere.json\nSave the table to a file and name it with --from.\n',
    );
  });

  it('to write without a folder of cards', async () => {
    expect(await refused(desk(), '--from', table('litellm.json'), '--write')).toBe(
      'aicost: --write: there is no folder rates/ here\nName the folder of your cards with --into, or run in a checkout that has rates/.\n',
    );
  });

  it('a folder, a provider or a day that is none', async () => {
    const from = ['--from', table('litellm.json')];
    expect(await refused(grove(), ...from, '--into', 'nowhere')).toContain(
      '--into: no folder nowhere\n',
    );
    expect(await refused(grove(), ...from, '--provider', 'acron')).toContain('Known: acorn.\n');
    expect(await refused(grove(), ...from, '--as-of', '2026-02-30')).toContain('expected a day');
    expect(await refused(grove(), ...from, '--as-of', '2026-11-22')).toContain(
      '--as-of: 2026-11-22 has not come yet\n',
    );
  });

  it('to put rows into a card that has an error', async () => {
    const here = grove(CARD.replace('source: page', 'source: pgae'));
    expect(await refused(here, '--from', table('litellm.json'), '--write')).toContain(
      'rates/acorn.yaml:22:17: models.oak-1@2026-01-01: source "pgae" is not listed under sources; did you mean "page"?',
    );
  });
});

describe('a card is left whole', () => {
  it('when its sources or its models stand in one line', async () => {
    const inOneLine = CARD.replace(
      /sources:\n.*\n.*\n/,
      'sources: {page: {url: "https://acorn.example", read: 2026-11-20}, hearsay: {note: "x", read: 2026-10-01}}\n',
    );
    const here = grove(inOneLine);
    const { answer } = await update(here, 'litellm.json', '--write');
    expect(answer).toMatchObject({ written: [], by_hand: 4 });
    expect(answer.not_proposed.find(({ model }: { model: string }) => model === 'elm-9').why).toBe(
      'sources stand in one line; write each on a line of its own first',
    );
    expect(card(here)).toBe(inOneLine);
  });

  it('and others beside it are not touched', async () => {
    const here = grove();
    cpSync(join(here.folder, 'rates/acorn.yaml'), join(here.folder, 'rates/notes.txt'));
    await update(here, 'litellm.json', '--write');
    expect(readFileSync(join(here.folder, 'rates/notes.txt'), 'utf8')).toBe(CARD);
  });
});
