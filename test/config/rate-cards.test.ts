import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cardFiles, cardsDigest, shownCardPath } from '../../src/config/card-files.ts';
import { openCards } from '../../src/config/rate-cards.ts';
import { UserError } from '../../src/errors.ts';
import { indexModels } from '../../src/domain/model-lookup.ts';
import { NOW } from '../fixtures/rates/acorn.ts';
import { freshFolder } from '../support/fake-runtime.ts';

const HEADER = `rate_card: 1
provider: acorn
currency: USD
units: per million tokens
as_of: 2026-11-21
sources: {page: {note: price page, read: 2026-11-21}}
`;
const prices = (price: string): string =>
  `prices: [{from: 2026-01-01, source: page, input: ${price}, output: 9.00}]`;

const write = (name: string, text: string): string => {
  const file = join(freshFolder(), name);
  writeFileSync(file, HEADER + text);
  return file;
};

const SHIPPED = write(
  'acorn.yaml',
  `at_text_price: [image]
prompt_size: [input]
cache_write_default: 5m
service_tiers: {batch: {multiply: 0.5}}
models:
  oak-1: {aliases: [oak, oak-latest], ${prices('1.00')}}
  elm-1: {${prices('2.00')}}
`,
);

function merged(own: string) {
  const files = [
    { file: SHIPPED, shipped: true },
    { file: write('own.yaml', own), shipped: false },
  ];
  const card = openCards(files, NOW).cards.get('acorn');
  if (card === undefined) throw new Error('no card');
  const index = indexModels(card);
  return {
    card,
    input: (name: string) => index.find(name)?.rows[0]?.prices.get('input')?.amount,
  };
}

/** A dollar a million, in attodollars a token. */
const DOLLAR = 10n ** 12n;

describe('an own card', () => {
  it('replaces the models it names and leaves the others', () => {
    const { input } = merged(`models: {oak-1: {${prices('3.00')}}}`);
    expect([input('oak-1'), input('elm-1')]).toEqual([3n * DOLLAR, 2n * DOLLAR]);
  });

  it('may take an alias away from a shipped model', () => {
    const { input } = merged(`models: {my-oak: {aliases: [Oak-Latest], ${prices('3.00')}}}`);
    expect([input('oak-latest'), input('oak'), input('oak-1')]).toEqual([
      3n * DOLLAR,
      DOLLAR,
      DOLLAR,
    ]);
  });

  it('leaves alone what it does not declare', () => {
    const { card } = merged(`models: {ash-1: {${prices('3.00')}}}`);
    expect({
      atTextPrice: card.atTextPrice,
      promptSize: card.promptSize,
      cacheWriteDefault: card.cacheWriteDefault,
      tiers: [...card.serviceTiers.keys()],
    }).toEqual({
      atTextPrice: ['image'],
      promptSize: ['input'],
      cacheWriteDefault: '5m',
      tiers: ['batch'],
    });
  });

  it('with an error stops everything, and says where', () => {
    expect(() => merged('models: {oak-1: {prices: []}}')).toThrow(UserError);
  });
});

describe('a shipped card', () => {
  const shipped = (text: string) => ({ file: write('acorn.yaml', text), shipped: true });
  const models = `models: {oak-1: {${prices('1.00')}}}`;

  it('is known by its provider and day before it is read', () => {
    const { cards, asOf } = openCards([shipped(`models: {oak-1: {prices: []}}`)], NOW);
    expect([[...cards.keys()], cards.has('acorn'), asOf]).toEqual([['acorn'], true, '2026-11-21']);
    expect(() => cards.get('acorn')).toThrow(UserError);
  });

  it.each([
    ['in quotes', HEADER.replace('acorn', '"acorn"')],
    ['with a comment behind it', HEADER.replace('acorn', 'acorn # a maker')],
    ['with lines that end as on Windows', HEADER.replaceAll('\n', '\r\n')],
  ])('is known by its provider %s', (_, header) => {
    const file = join(freshFolder(), 'acorn.yaml');
    writeFileSync(file, header + models);
    const { cards, asOf } = openCards([{ file, shipped: true }], NOW);
    expect([cards.get('acorn')?.models.length, asOf]).toEqual([1, '2026-11-21']);
  });

  it('is one of all when all are asked for', () => {
    const { cards } = openCards([shipped(models)], NOW);
    const seen: string[] = [];
    cards.forEach((card, provider) => seen.push(provider, card.provider));
    const listed = [...cards.entries()].flatMap(([provider, card]) => [provider, card.provider]);
    expect([seen, listed, cards.size, cards.get('elm')]).toEqual([
      ['acorn', 'acorn'],
      ['acorn', 'acorn'],
      1,
      undefined,
    ]);
    expect([...cards.values()][0]).toBe(cards.get('acorn'));
  });
});

describe('card files', () => {
  it('are shown as in the repository, wherever they are installed', () => {
    const shown = cardFiles([]).map(({ file }) => shownCardPath(file));
    expect(shown).toContain('rates/openai.yaml');
  });

  it('of a folder are its YAML files by name', () => {
    const folder = freshFolder();
    for (const name of ['b.yaml', 'a.yml', 'notes.md']) writeFileSync(join(folder, name), HEADER);
    const own = cardFiles([folder]).filter(({ shipped }) => !shipped);
    expect(own.map(({ file }) => file)).toEqual([join(folder, 'a.yml'), join(folder, 'b.yaml')]);
  });

  it('have another digest as soon as a byte is another one', () => {
    const file = write('own.yaml', `models: {oak-1: {${prices('3.00')}}}`);
    const before = cardsDigest(cardFiles([file]));
    writeFileSync(file, `${HEADER}models: {oak-1: {${prices('3.01')}}}`);
    expect(cardsDigest(cardFiles([file]))).not.toBe(before);
  });
});
