import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { EXAMPLE_KEYS } from '../../src/config/card-examples.ts';
import { decodeRateCard } from '../../src/config/rate-card-file.ts';
import { runIn } from '../support/fake-runtime.ts';
import { type Schema, validatorOf } from '../support/json-schema.ts';

const RATES = join(import.meta.dirname, '../../rates');
const text = readFileSync(join(RATES, 'card.schema.json'), 'utf8');

const { schema, resolved, misfits, unknownWords } = validatorOf(text);

const cardNames = readdirSync(RATES).filter(
  (name) => name.endsWith('.yaml') && name !== 'counting.yaml',
);
const cards = cardNames.map((name) => ({
  name,
  text: readFileSync(join(RATES, name), 'utf8'),
}));

const UNKNOWN = 'zzzzzzzzzzzzzzzzzzzzzzzz';
const ROW = 'from: 2026-01-01, source: page, input: 1.00';
const card = (header: string, model: string, row: string): string => `
rate_card: 1
provider: acorn
currency: USD
units: per million tokens
as_of: 2026-11-21
${header}
models: {oak-1: {${model}, prices: [{${row}}]}}
`;
const PAGE = 'sources: {page: {note: price page, read: 2026-11-21}}';

const odd = `${UNKNOWN}: 1`;
const row = (more: string): string => card(PAGE, 'kind: chat', `${ROW}, ${more}`);
const header = (more: string): string => card(`${PAGE}\n${more}`, 'kind: chat', ROW);
const model = (more: string): string => card(PAGE, more, ROW);
const def = (name: string): Schema => resolved({ $ref: `#/$defs/${name}` });
const inner = (part: Schema | undefined, ...keys: readonly string[]): Schema =>
  keys.reduce(
    (found: Schema, key) => resolved(resolved(found).properties?.[key] ?? {}),
    part ?? {},
  );

describe('the schema of a card', () => {
  it('is what aicost rates schema prints', async () => {
    expect((await runIn({}, ['rates', 'schema'])).out).toBe(text);
    expect((await runIn({}, ['rates', 'schema', 'card'])).out).toBe(text);
  });

  it('is not printed under a name that there is not', async () => {
    const { code, err } = await runIn({}, ['rates', 'schema', 'crad']);
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^aicost: no schema of "crad"\nKnown: .*card/),
    ]);
  });

  it.each(cards)('fits $name', ({ text: written }) => {
    expect(misfits(parse(written, { version: '1.2', schema: 'core' }))).toEqual([]);
  });

  it.each(cards)('is named in the first line of $name, for editors', ({ text: written }) => {
    expect(written.split('\n')[0]).toBe('# yaml-language-server: $schema=./card.schema.json');
  });

  it.each([
    ['a price in quotes', row('output: "4.00"'), '.models.oak-1.prices[0].output: no number'],
    ['a price of 0', row('output: 0'), '.models.oak-1.prices[0].output: too small'],
    ['an unknown key', model('knid: chat'), '.models.oak-1: unknown key knid'],
    [
      'a status that there is not',
      row('status: rumoured'),
      '.models.oak-1.prices[0].status: none of the words',
    ],
    [
      'as_published without a note',
      row('as_published: [output]'),
      '.models.oak-1.prices[0]: as_published alone',
    ],
    [
      'a tier of two bounds',
      row('tiers: [{above: 1, at_least: 1, input: 2.00}]'),
      '.models.oak-1.prices[0].tiers[0]: has to fit one of several',
    ],
    [
      'a day in words',
      header('calendars: {rest: [Oct 1]}'),
      '.calendars.rest[0]: "Oct 1" does not fit',
    ],
    [
      'a card without units',
      row('output: 4.00').replace('units: per million tokens', ''),
      ': needs units',
    ],
  ])('does not fit %s', (_, written, expected) => {
    expect(misfits(parse(written, { version: '1.2', schema: 'core' }))).toEqual([expected]);
  });

  it('uses only words that the validator of this test knows', () => {
    expect(unknownWords).toEqual([]);
  });
});

/** The keys that the decoder names when it meets one that it does not know. */
function decoderKeys(written: string): readonly string[] {
  const lists: string[] = [];
  decodeRateCard(written, 'acorn.yaml', ({ message }) => {
    const [, known] = new RegExp(`unknown key "${UNKNOWN}"; known are (.*)$`).exec(message) ?? [];
    if (known !== undefined) lists.push(known);
  });
  expect(lists).toHaveLength(1);
  return (lists[0] ?? '').split(', ').sort();
}

describe('the decoder and the schema know the same keys', () => {
  it.each([
    ['of a card', header(odd), schema],
    [
      'of a source',
      card(`sources: {page: {note: x, read: 2026-11-21, ${odd}}}`, 'kind: chat', ROW),
      def('source'),
    ],
    [
      'of a service tier',
      header(`service_tiers: {batch: {multiply: 0.5, ${odd}}}`),
      def('service_tier'),
    ],
    [
      'of a surcharge',
      header(`surcharges: {eu: {when: {region: [eu]}, multiply: 1.1, ${odd}}}`),
      def('surcharge'),
    ],
    [
      'of where a surcharge applies',
      header(`surcharges: {eu: {when: {region: [eu], ${odd}}, multiply: 1.1}}`),
      inner(def('surcharge'), 'when'),
    ],
    [
      'of a fee',
      header(
        `fees: {look: {per: call, ${odd}, prices: [{from: 2026-01-01, price: 1, source: page}]}}`,
      ),
      def('fee'),
    ],
    [
      'of the price of a fee',
      header(
        `fees: {look: {per: call, prices: [{from: 2026-01-01, price: 1, source: page, ${odd}}]}}`,
      ),
      inner(def('fee'), 'prices').items,
    ],
    ['of a cache', header(`cache: {minimum: 1024, ${odd}}`), def('cache').anyOf?.[0]],
    [
      'of a dated cache',
      header(`cache: [{from: 2026-01-01, minimum: 1024, ${odd}}]`),
      def('cache').anyOf?.[1]?.items,
    ],
    ['of a model', model(odd), def('model')],
    [
      'of an alias with a time',
      model(`aliases: [{name: oak, ${odd}}]`),
      inner(def('model'), 'aliases').anyOf?.[1]?.items?.anyOf?.[1],
    ],
    [
      'of modalities',
      model(`modalities: {input: [text], ${odd}}`),
      inner(def('model'), 'modalities'),
    ],
    [
      'of a dated context window',
      model(`context_window: [{from: 2026-01-01, tokens: 1, ${odd}}]`),
      inner(def('model'), 'context_window').anyOf?.[1]?.items,
    ],
    ['of a row', row(odd), def('row')],
    ['of what others say', row(`others_say: [{source: page, input: 2.00, ${odd}}]`), def('other')],
    ['of a context tier', row(`tiers: [{above: 5, input: 2.00, ${odd}}]`), def('tier')],
    ['of hours', row(`hours: [{utc: ["01:00-02:00"], input: 2.00, ${odd}}]`), def('hours')],
    ['of a region', row(`regions: [{in: [eu-west-1], input: 2.00, ${odd}}]`), def('region')],
    ['of the prices of audio', row(`audio: {input: 2.00, ${odd}}`), inner(def('row'), 'audio')],
    [
      'of a service block',
      card(
        `${PAGE}\nservice_tiers: {batch: {multiply: 0.5}}`,
        'kind: chat',
        `${ROW}, service: {batch: {input: 0.50, ${odd}}}`,
      ),
      def('service'),
    ],
  ])('%s', (_, written, part) => {
    expect(decoderKeys(written)).toEqual(Object.keys(resolved(part ?? {}).properties ?? {}).sort());
  });

  it('of an example, which may also count any meter', () => {
    expect(Object.keys(def('example').properties ?? {}).sort()).toEqual([...EXAMPLE_KEYS].sort());
  });
});
