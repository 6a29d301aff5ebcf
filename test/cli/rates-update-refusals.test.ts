import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { desk, type Desk } from '../support/fake-runtime.ts';
import { CARD, cardOf, grove, table, updateFrom } from '../support/grove.ts';

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
  ])('%s', async (_, text, expected) => {
    const here = grove();
    here.write('table.json', text);
    const err = await refused(here, '--from', 'table.json');
    expect(err).toContain(`aicost: table.json: ${expected}\n`);
  });

  it('a table of nobody, and names the four that it reads', async () => {
    const here = grove();
    here.write('table.json', '{}');
    expect(await refused(here, '--from', 'table.json')).toBe(
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
    const { answer } = await updateFrom(here, 'litellm.json', '--write');
    expect(answer).toMatchObject({ written: [], by_hand: 4 });
    expect(answer.not_proposed.find(({ model }: { model: string }) => model === 'elm-9').why).toBe(
      'sources stand in one line; write each on a line of its own first',
    );
    expect(cardOf(here)).toBe(inOneLine);
  });

  it('and others beside it are not touched', async () => {
    const here = grove();
    cpSync(join(here.folder, 'rates/acorn.yaml'), join(here.folder, 'rates/notes.txt'));
    await updateFrom(here, 'litellm.json', '--write');
    expect(readFileSync(join(here.folder, 'rates/notes.txt'), 'utf8')).toBe(CARD);
  });
});
