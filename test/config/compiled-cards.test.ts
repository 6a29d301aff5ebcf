import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { cardFiles } from '../../src/config/card-files.ts';
import { type CompiledFiles, compiledFiles } from '../../src/config/compiled-files.ts';
import { readCard } from '../../src/config/rate-cards.ts';
import { NOW } from '../fixtures/rates/acorn.ts';
import { freshFolder } from '../support/fake-runtime.ts';

const CARD = `rate_card: 1
provider: acorn
currency: USD
units: per million tokens
as_of: 2026-11-21
sources: {page: {note: price page, read: 2026-11-21}}
models:
  oak-1: {prices: [{from: 2026-01-01, source: page, input: 1.00, output: 9.00}]}
`;
const BEFORE = Date.parse('2025-12-31T00:00:00Z');

/** Cards as a new process opens them: nothing is remembered. */
async function newProcess() {
  vi.resetModules();
  const { openCards } = await import('../../src/config/rate-cards.ts');
  return openCards;
}

/** Kept texts in memory, and how often each was asked for. */
function shelf(write = true) {
  const texts = new Map<string, string>();
  const asked: string[] = [];
  const kept: string[] = [];
  const files: CompiledFiles = {
    read: (key) => {
      asked.push(key);
      return texts.get(key);
    },
    keep: (key, text) => {
      kept.push(key);
      if (write) texts.set(key, text);
    },
  };
  return { files, texts, asked, kept };
}

function own(text = CARD, name = 'acorn.yaml') {
  const file = join(freshFolder(), name);
  writeFileSync(file, text);
  return { file, shipped: false };
}

const input = (
  card:
    | {
        models: readonly { rows: readonly { prices: ReadonlyMap<string, { amount: bigint }> }[] }[];
      }
    | undefined,
) => card?.models[0]?.rows[0]?.prices.get('input')?.amount;

describe('a compiled card', () => {
  it.each(cardFiles([]).map((file) => [basename(file.file), file] as const))(
    '%s is equal to the one that was compiled, to the last field',
    async (_, file) => {
      const { files, kept } = shelf();
      const compiled = [...(await newProcess())([file], NOW, files).cards.values()];
      const warm = [...(await newProcess())([file], NOW, files).cards.values()];
      expect(warm).toStrictEqual(compiled);
      expect(warm).toStrictEqual([readCard(file, NOW).card]);
      expect(kept.length).toBe(1);
    },
  );

  it('is kept once, and asked for once by a process', async () => {
    const { files, kept, asked } = shelf();
    const card = own();
    const cold = await newProcess();
    for (let n = 0; n < 3; n += 1) cold([card], NOW, files).cards.get('acorn');
    expect([kept.length, asked.length]).toEqual([1, 1]);
    const warm = await newProcess();
    for (let n = 0; n < 3; n += 1) warm([card], NOW, files).cards.get('acorn');
    expect([kept.length, asked.length]).toEqual([1, 2]);
  });

  it('is another one as soon as a byte of the file is another one', async () => {
    const { files, kept } = shelf();
    const card = own();
    const open = await newProcess();
    expect(input(open([card], NOW, files).cards.get('acorn'))).toBe(10n ** 12n);
    writeFileSync(card.file, CARD.replace('1.00', '2.00'));
    expect(input(open([card], NOW, files).cards.get('acorn'))).toBe(2n * 10n ** 12n);
    expect(kept.length).toBe(2);
  });

  it('names its file as this run sees it, also when a copy of it was compiled', async () => {
    const { files } = shelf();
    const [here, there] = [own(), own()];
    const open = await newProcess();
    expect(open([here], NOW, files).cards.get('acorn')?.file).toBe(here.file);
    expect(open([there], NOW, files).cards.get('acorn')?.file).toBe(there.file);
  });

  it('of a provider that nobody asks for is not even read', async () => {
    const { files, asked } = shelf();
    const { cards } = (await newProcess())(cardFiles([]), NOW, files);
    expect([cards.size, asked.length]).toEqual([cardFiles([]).length, 0]);
    cards.get('mistral');
    expect(asked.length).toBe(1);
  });
});

describe('a card with an error', () => {
  it('is never kept, and says the same every time', async () => {
    const { files, texts } = shelf();
    const card = own(CARD.replace('output: 9.00', 'outptu: 9.00'));
    for (let n = 0; n < 2; n += 1) {
      const open = await newProcess();
      expect(() => open([card], NOW, files)).toThrow(/unknown key "outptu"/);
    }
    expect(texts.size).toBe(0);
  });

  it('that only time mends is wrong before, although a later run found it sound', async () => {
    const { files } = shelf();
    const card = own();
    expect((await newProcess())([card], NOW, files).cards.has('acorn')).toBe(true);
    for (const open of [await newProcess(), await newProcess()])
      expect(() => open([card], BEFORE, files)).toThrow(/begins in the future/);
  });
});

describe('a kept text that is no card', () => {
  it.each([
    'null',
    '[]',
    '{',
    '{"since":0}',
    '{"since":0,"card":null}',
    '{"since":0,"card":{"file":"a","provider":"acorn","asOf":"","models":[]}}',
    '{"since":"0","card":{}}',
    '{"since":0,"card":{"file":"a","provider":"acorn","asOf":"","sources":["$map"],"serviceTiers":["$map"],"surcharges":["$map"],"fees":["$map"],"models":[null]}}',
  ])('is compiled again: %s', async (text) => {
    const { files, texts, kept } = shelf();
    const card = own();
    (await newProcess())([card], NOW, files);
    for (const key of texts.keys()) texts.set(key, text);
    expect(input((await newProcess())([card], NOW, files).cards.get('acorn'))).toBe(10n ** 12n);
    expect(kept.length).toBe(2);
  });

  it('or a file that somebody damaged', async () => {
    const folder = join(freshFolder(), 'cards');
    const files = compiledFiles(folder, { write: true });
    const card = own();
    const [first] = [...(await newProcess())([card], NOW, files).cards.values()];
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), 'damaged');
    const [again] = [...(await newProcess())([card], NOW, files).cards.values()];
    expect(again).toStrictEqual(first);
    for (const name of readdirSync(folder))
      expect(readFileSync(join(folder, name), 'utf8')).not.toBe('damaged');
  });
});

describe('the code that reads cards', () => {
  /** The digest of a copy of the sources in which one file may have changed. */
  async function digestOf(change?: { readonly file: string; readonly text: string }) {
    const root = join(import.meta.dirname, '../../src');
    const copy = join(freshFolder(), 'src');
    for (const room of ['config', 'domain']) {
      mkdirSync(join(copy, room), { recursive: true });
      cpSync(join(root, room), join(copy, room), { recursive: true });
    }
    if (change !== undefined) writeFileSync(join(copy, change.file), change.text, { flag: 'a' });
    const { digestOfCode } = await import('../../src/config/decoder-digest.ts');
    return digestOfCode([join(copy, 'config'), join(copy, 'domain')]);
  }

  it("has a digest that any change of a decoder or of a card's shape changes", async () => {
    const before = await digestOf();
    expect(await digestOf()).toBe(before);
    for (const file of ['config/price-keys.ts', 'domain/rate-card.ts', 'config/new-decoder.ts'])
      expect([file, (await digestOf({ file, text: '\n' })) === before]).toEqual([file, false]);
  });
});
