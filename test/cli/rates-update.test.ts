import { describe, expect, it } from 'vitest';
import { desk } from '../support/fake-runtime.ts';
import { CARD, cardOf, grove, table, updateFrom } from '../support/grove.ts';

const OWN = ['--provider', 'acorn', '--rates', 'rates'];

describe('rates update --from a LiteLLM table', () => {
  it('says what the table has that the card has not', async () => {
    const { answer, said } = await updateFrom(grove(), 'litellm.json');
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
    const { answer } = await updateFrom(grove(), 'litellm.json');
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
    const { answer } = await updateFrom(grove(), 'litellm.json');
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
    await updateFrom(here, 'litellm.json');
    expect(cardOf(here)).toBe(CARD);
  });

  it('writes a row behind the last one, a model in its place, and the source it is from', async () => {
    const here = grove();
    const { answer } = await updateFrom(here, 'litellm.json', '--as-of', '2026-11-15', '--write');
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
    expect(cardOf(here)).toBe(wanted);
  });

  it('prices calls by the written rows from their day on, and as before until then', async () => {
    const here = grove();
    await updateFrom(here, 'litellm.json', '--as-of', '2026-11-15', '--write');
    const cost = async (at: string, ...argv: string[]) =>
      JSON.parse(
        await here.must('rates', 'quote', 'oak-2', ...OWN, '--at', at, '--format', 'json', ...argv),
      ).cost_usd;
    expect(await cost('2026-11-14', '--input', '1000000')).toBe('1');
    expect(await cost('2026-11-15', '--input', '1000000')).toBe('0.8');
    expect(await cost('2026-11-15', '--meter', 'cache_write@1h=1000000')).toBe('1.6');
  });

  it('proposes nothing twice', async () => {
    const here = grove();
    await updateFrom(here, 'litellm.json', '--write');
    const once = cardOf(here);
    const { answer } = await updateFrom(here, 'litellm.json', '--write');
    expect(answer).toMatchObject({ new_models: 0, changed: 0, same: 3, written: [] });
    expect(cardOf(here)).toBe(once);
  });

  it.each([
    ['as it is', CARD],
    ['with the line breaks of Windows', CARD.replaceAll('\n', '\r\n')],
    ['without a line break at its end', CARD.trimEnd()],
    ['that ends in comments', `${CARD}\n  # more to come\n# end\n`],
    ['whose models are not sorted', CARD.replace('  fig-1:', '  zebra-1:')],
  ])('keeps every old line of a card %s, in order', async (_, before) => {
    const here = grove(before);
    await updateFrom(here, 'litellm.json', '--write');
    const lines = cardOf(here).split('\n');
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
    const { answer, said } = await updateFrom(grove(), 'models-dev.json');
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
    const { said, answer } = await updateFrom(grove(), 'genai-prices.json', '--as-of', day);
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
    const { answer, said } = await updateFrom(here, 'openrouter.json');
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
    expect((await updateFrom(here, 'models-dev.json')).said[0]).toBe(
      'new model elm-9 input - 0.15',
    );
  });

  it('does not take a price for a new one that is the old one rounded to cents', async () => {
    const here = grove(
      CARD.replace('input: 1.00\n        cache_read', 'input: 0.795\n        cache_read'),
    );
    const { answer } = await updateFrom(here, 'models-dev.json');
    expect(answer.not_proposed).toEqual([
      {
        proposal: 'doubtful',
        provider: 'acorn',
        model: 'oak-2',
        why: 'input is 0.795 rounded to cents',
      },
    ]);
  });

  it('compares with the shipped cards where there is no folder of cards', async () => {
    const { answer } = await updateFrom(desk(), 'litellm.json');
    expect(answer).toMatchObject({ into: 'shipped', changed: 0, passed_over_rows: 13 });
  });

  it.each([60, 80])('fits a screen of %i columns', async (columns) => {
    const { out } = await grove().aicostIn(
      { columns },
      'rates',
      'update',
      '--from',
      table('litellm.json'),
    );
    const lines = out.split('\n').slice(3);
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
    expect(out).toMatch(/changed +oak-2 .*input +1\.00 +0\.80/);
  });

  it('takes one provider alone', async () => {
    const { answer } = await updateFrom(grove(), 'litellm.json', '--provider', 'acorn');
    expect(answer.passed_over_rows).toBe(2);
  });
});
