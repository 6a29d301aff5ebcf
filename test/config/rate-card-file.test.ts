import { describe, expect, it } from 'vitest';
import { acornCost, readAcornCard } from '../fixtures/rates/acorn.ts';

const ROW = 'from: 2026-01-01, source: page, input: 1.00, output: 4.00';
const model = (row: string, header = ''): string =>
  `${header}\nmodels: {oak-1: {prices: [{${row}}]}}`;
const fees = (rows: string): string =>
  model(ROW, `fees: {lookup: {per: 1000 calls, prices: [${rows}]}}`);

describe('a rate card is refused', () => {
  it.each([
    {
      name: 'when the rows of a fee are not oldest first',
      text: fees(
        '{from: 2026-06-01, price: 2.00, source: page}, {from: 2026-01-01, price: 1.00, source: page}',
      ),
    },
    {
      name: 'when a fee begins in the future without being announced',
      text: fees('{from: 2027-01-01, price: 2.00, source: page}'),
    },
    {
      name: 'when a fee has a status that there is not',
      text: fees('{from: 2026-01-01, price: 2.00, source: page, status: rumoured}'),
    },
    {
      name: 'when hours that pass midnight meet those of the morning',
      text: model(
        `${ROW}, hours: [{utc: ["22:00-02:00"], input: 0.50}, {utc: ["01:00-03:00"], input: 0.60}]`,
      ),
    },
    {
      name: 'when hours that pass midnight meet those of the evening',
      text: model(
        `${ROW}, hours: [{utc: ["20:00-23:00"], input: 0.50}, {utc: ["22:00-02:00"], input: 0.60}]`,
      ),
    },
    {
      name: 'when hours last until midnight and others begin before it',
      text: model(
        `${ROW}, hours: [{utc: ["16:30-24:00"], input: 0.50}, {utc: ["23:00-23:30"], input: 0.60}]`,
      ),
    },
    {
      name: 'when all day long meets an hour',
      text: model(
        `${ROW}, hours: [{utc: ["00:00-24:00"], input: 0.50}, {utc: ["12:00-13:00"], input: 0.60}]`,
      ),
    },
    {
      name: 'when hours end after midnight without passing it',
      text: model(`${ROW}, hours: [{utc: ["22:00-24:30"], input: 0.50}]`),
    },
    {
      name: 'when a day of a calendar is none',
      text: model(ROW, 'calendars: {rest-days: [2026-02-30]}'),
    },
    {
      name: 'when a day of a calendar is written in words',
      text: model(ROW, 'calendars: {rest-days: [Oct 1 2026]}'),
    },
    {
      name: 'when a multiplier covers a count that there is not',
      text: model(ROW, 'service_tiers: {batch: {multiply: 0.5, covers: [inputs]}}'),
    },
    {
      name: 'when a surcharge covers a count that there is not',
      text: model(ROW, 'surcharges: {eu: {when: {region: [eu]}, multiply: 1.1, covers: token}}'),
    },
    {
      name: 'when two service tiers have one alias',
      text: model(
        ROW,
        'service_tiers: {priority: {multiply: 2, aliases: [fast]}, turbo: {multiply: 3, aliases: [fast]}}',
      ),
    },
    { name: 'when a row is free and has a price', text: model(`${ROW}, free: true`) },
    { name: 'when a row ends before it begins', text: model(`${ROW}, until: 2025-06-01`) },
    { name: 'when prompt_size counts output', text: model(ROW, 'prompt_size: [input, output]') },
    { name: 'when a model has no rows', text: 'models: {oak-1: {prices: []}}' },
    {
      name: 'when a fee lists no price',
      text: model(ROW, 'fees: {lookup: {per: call, prices: []}}'),
    },
    { name: 'when a row lists no price', text: model('from: 2026-01-01, source: page') },
    {
      name: 'when a surcharge has no factor',
      text: model(ROW, 'surcharges: {eu: {when: {region: [eu]}}}'),
    },
    {
      name: 'when a model lists a surcharge that there is not',
      text: `models: {oak-1: {surcharges: [eu], prices: [{${ROW}}]}}`,
    },
    { name: 'when a row has a status that there is not', text: model(`${ROW}, status: rumoured`) },
  ])('$name', ({ text }) => {
    expect(readAcornCard(text).errors).not.toEqual([]);
  });

  it('with all that is wrong, not only the first thing', () => {
    const { errors } = readAcornCard(
      model('from: 2026-01-01, source: pgae, input: 0, ouput: 4.00'),
    );
    expect(errors).toEqual([
      'models.oak-1: unknown key "ouput"; did you mean "output"?',
      'models.oak-1@2026-01-01: source "pgae" is not listed under sources; did you mean "page"?',
      'models.oak-1@2026-01-01.input: 0 says neither free nor unknown; write free: true, or leave the key out',
      'oak-1@2026-01-01: lists no price',
    ]);
  });

  it.each(['models: {oak-1: &oak {prices: []}}', 'models: &all {}'])(
    'when it has an anchor: %s',
    (text) => expect(() => readAcornCard(text)).toThrow('anchors'),
  );
});

describe('a rate card is read', () => {
  it.each([
    {
      name: 'with windows that touch',
      text: model(
        `${ROW}, hours: [{utc: ["01:00-04:00"], input: 0.50}, {utc: ["04:00-06:00"], input: 0.60}]`,
      ),
    },
    {
      name: 'with windows that touch at midnight',
      text: model(
        `${ROW}, hours: [{utc: ["16:30-24:00"], input: 0.50}, {utc: ["00:00-00:30"], input: 0.60}]`,
      ),
    },
    {
      name: 'with equal windows on different days',
      text: model(
        `${ROW}, hours: [{utc: ["01:00-04:00"], days: [mon], input: 0.50}, {utc: ["01:00-04:00"], days: [tue], input: 0.60}]`,
      ),
    },
    {
      name: 'with a future row that is announced',
      text: `models: {oak-1: {prices: [{${ROW}}, {from: 2027-01-01, source: page, status: announced, input: 2.00}]}}`,
    },
    {
      name: 'with a future fee that is announced',
      text: fees(
        '{from: 2026-01-01, price: 2.00, source: page}, {from: 2027-01-01, status: announced, price: 3.00, source: page}',
      ),
    },
    {
      name: 'with a calendar of days and spans',
      text: model(ROW, 'calendars: {rest-days: [2026-12-25, 2026-10-01..2026-10-07]}'),
    },
  ])('$name', ({ text }) => {
    expect(readAcornCard(text).errors).toEqual([]);
  });

  it('with days alone as hours of the whole day, or not at all', () => {
    // Saturday: half the price of a million tokens.
    const text = model(`${ROW}, hours: [{days: [sat, sun], input: 0.50}]`);
    const answer = (): string =>
      readAcornCard(text).errors.length > 0
        ? 'refused'
        : acornCost(text, { at: '2026-11-21T12:00:00Z', tokens: { input: 1_000_000 } });
    expect(['0.5', 'refused']).toContain(answer());
  });

  it.each([
    'cache_write',
    'cache_write@5m',
    'cache_write@1h',
    'input_audio',
    'output_image',
    'cache_read',
  ])('with free: true as no cost for %s', (meter) => {
    const text = `cache_write_default: 5m\n${model('from: 2026-01-01, source: page, free: true')}`;
    expect(acornCost(text, { tokens: { [meter]: 5 } })).toBe('0');
  });

  it('with a fee of a row quoted as the card quotes it', () => {
    const text = model(
      `${ROW}, fees: {scan: 0.02}`,
      'fees: {scan: {per: call, prices: [{from: 2026-01-01, price: 0.01, source: page}]}}',
    );
    expect(acornCost(text, { fees: { scan: 1 } })).toBe('0.02');
  });
});

describe('lint warns', () => {
  it.each([
    {
      name: 'when cached input is not cheaper',
      row: 'input: 1.00, cache_read: 1.00, output: 4.00',
      warning: 'oak-1@2026-01-01: cache_read is not cheaper than input',
    },
    {
      name: 'when output is cheaper than input',
      row: 'input: 4.00, output: 1.00',
      warning: 'oak-1@2026-01-01: output is cheaper than input',
    },
    {
      name: 'when a longer cache write is cheaper',
      row: 'input: 1.00, cache_write: {5m: 1.25, 1h: 1.10}',
      warning: 'oak-1@2026-01-01: a cache write for 1h is cheaper than one for 5m',
    },
    {
      name: 'when a cache write costs ten times as much',
      row: 'input: 1.00, cache_write: {5m: 12.50}',
      warning: 'oak-1@2026-01-01: cache_write@5m is outside 1x to 2.5x of input',
    },
    {
      name: 'when audio is cheaper than text',
      row: 'input: 1.00, audio: {input: 0.50}',
      warning: 'oak-1@2026-01-01: audio input is cheaper than text',
    },
    {
      name: 'when a tier is cheaper',
      row: 'input: 1.00, tiers: [{above: 1000, input: 0.50}]',
      warning: 'oak-1@2026-01-01: input is cheaper in the tier above 1000 than below it',
    },
    {
      name: 'when a tier leaves a price out',
      row: 'input: 1.00, output: 4.00, tiers: [{at_least: 1000, input: 2.00}]',
      warning:
        'oak-1@2026-01-01: the tier at_least 1000 does not list output, which keeps the base price',
    },
    {
      name: 'when batch is dearer',
      row: 'input: 1.00, service: {batch: {input: 2.00}}',
      warning: 'oak-1@2026-01-01: batch input is dearer than the standard price',
    },
    {
      name: 'when the day to look again has passed',
      row: 'input: 1.00, check_by: 2026-11-20',
      warning:
        'oak-1@2026-01-01: was to be checked by 2026-11-20; look at its source and confirm or replace it',
    },
  ])('$name', ({ row, warning }) => {
    const text = model(
      `from: 2026-01-01, source: page, ${row}`,
      'service_tiers: {batch: {multiply: 0.5}}',
    );
    const { errors, warnings } = readAcornCard(text);
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [warning] });
  });

  it.each([
    { name: 'not on the day itself', row: 'input: 1.00, check_by: 2026-11-21' },
    { name: 'not of a price five times as high', row: 'input: 5.00' },
  ])('$name', ({ row }) => {
    const text = `models: {oak-1: {prices: [{from: 2025-01-01, source: page, input: 1.00}, {from: 2026-01-01, source: page, ${row}}]}}`;
    expect(readAcornCard(text).warnings).toEqual([]);
  });

  it.each(['5.01', '0.19'])('when a price of 1.00 moves to %s', (price) => {
    const text = `models: {oak-1: {prices: [{from: 2025-01-01, source: page, input: 1.00}, {from: 2026-01-01, source: page, input: ${price}}]}}`;
    expect(readAcornCard(text).warnings).toEqual([
      'oak-1@2026-01-01: input moves by more than five times; is it a slip of the unit?',
    ]);
  });
});
