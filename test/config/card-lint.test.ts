import { describe, expect, it } from 'vitest';
import { lintCardText } from '../../src/config/card-lint.ts';
import { showOrigin } from '../../src/errors.ts';
import { NOW } from '../fixtures/rates/acorn.ts';

const HEADER = `rate_card: 1
provider: acorn
currency: USD
units: per million tokens
as_of: 2026-11-21
sources:
  page: {url: "https://acorn.example/pricing", read: 2026-11-21}
`;
const ROW = '{from: 2026-01-01, source: page, input: 1.00, output: 4.00}';
const OAK = `models:
  oak-1:
    prices:
      - ${ROW}
`;

/** What lint says of a card with this text under seven lines of header. */
const lint = (text: string, header = HEADER): readonly string[] =>
  lintCardText(header + text, 'acorn.yaml', NOW).problems.map(
    ({ severity, origin, message }) => `${severity} ${showOrigin(origin)}: ${message}`,
  );

describe('lint says where, what was expected, and how to mend it:', () => {
  it.each([
    [
      'a source that was deleted',
      lint(OAK.replace('source: page', 'source: blog')),
      'error acorn.yaml:11:36: models.oak-1@2026-01-01: source "blog" is not listed under sources; declare it there with url (or note) and read, the day it was read',
    ],
    [
      'two rows of one day',
      lint(`${OAK}      - ${ROW}\n`),
      'error acorn.yaml:12:16: oak-1@2026-01-01: another row begins on 2026-01-01 too; give this one the first day of its own prices, or drop one of them',
    ],
    [
      'rows that go backwards',
      lint(`${OAK}      - ${ROW.replace('2026-01-01', '2025-06-01')}\n`),
      'error acorn.yaml:12:16: oak-1@2025-06-01: rows go oldest first, and 2026-01-01 stands before it; put it above that row',
    ],
    [
      'a price that is a float of one token',
      lint(OAK.replace('1.00', '0.1e-6')),
      'error acorn.yaml:11:49: models.oak-1@2026-01-01.input: expected a number like 2.50, found "0.1e-6"; write 0.0000001, or 0.1 if it is a price per token',
    ],
    [
      'a YAML 1.1 boolean for a flag',
      lint(`service_tiers:\n  flex: {multiply: 0.5, only_listed_models: yes}\n${OAK}`),
      'error acorn.yaml:9:45: service_tiers.flex.only_listed_models: expected true or false, found "yes"; write true',
    ],
    [
      'a YAML 1.1 boolean for a key',
      lint(
        OAK.replace('output: 4.00', 'output: 4.00, hours: [{on: ["01:00-04:00"], input: 0.50}]'),
      ),
      'error acorn.yaml:11:78: models.oak-1@2026-01-01.hours: unknown key "on", which is true to YAML 1.1 readers; known are utc, days, except, input, cache_read, output, reasoning, per_request, per_image, per_1000_pages, per_1000_annotated_pages, per_1000_searches, characters, citation_tokens, audio_hour, cache_storage_hour, cache_write, audio, image, video, fees, free',
    ],
    [
      'a YAML 1.1 boolean for a name',
      lint(OAK.replace('  oak-1:\n', '  oak-1:\n    aliases: [oak, no]\n')),
      'error acorn.yaml:10:20: expected text, found no, which is false to YAML 1.1 readers; quote it: "no"',
    ],
    [
      'a date where a name is meant',
      lint(OAK.replace('  oak-1:\n', '  oak-1:\n    aliases: [2026-11-02T09:00:00Z]\n')),
      'error acorn.yaml:10:15: expected text, found 2026-11-02T09:00:00Z, which is a date to YAML 1.1 readers; quote it: "2026-11-02T09:00:00Z"',
    ],
    [
      'a date for a model',
      lint(OAK.replace('oak-1', '2026-11-02')),
      'error acorn.yaml:9:3: expected text, found 2026-11-02, which is a date to YAML 1.1 readers; quote it: "2026-11-02"',
    ],
    [
      'an octal number',
      lint(OAK.replace('  oak-1:\n', '  oak-1:\n    context_window: 0o7\n')),
      'error acorn.yaml:10:21: models.oak-1.context_window: expected a whole number, 0 or more, found "0o7"; write 7',
    ],
    [
      'a number with underscores',
      lint(OAK.replace('  oak-1:\n', '  oak-1:\n    max_output: 1_000\n')),
      'error acorn.yaml:10:17: models.oak-1.max_output: expected a whole number, 0 or more, found "1_000"; write 1000',
    ],
    [
      'a price with underscores',
      lint(OAK.replace('1.00', '1_000.50')),
      'error acorn.yaml:11:49: models.oak-1@2026-01-01.input: expected a number like 2.50, found "1_000.50"; write 1000.5',
    ],
    [
      'a number with underscores for a name',
      lint(OAK.replace('oak-1', '1_000')),
      'error acorn.yaml:9:3: expected text or plain digits, found 1_000, which YAML readers take for different numbers; write 1000, or quote it: "1_000"',
    ],
    [
      'an alias of two models',
      lint(
        `models:
  oak-1: {aliases: [oak], prices: [${ROW}]}
  oak-2:
    aliases:
      - oak-two
      - Oak
    prices: [${ROW}]
`,
      ),
      'error acorn.yaml:13:9: "Oak" names both oak-1 and oak-2; take one out, or give each a time of its own (from, until)',
    ],
    [
      'an id that is an alias elsewhere',
      lint(`models:\n  oak-1: {aliases: [oak-2], prices: [${ROW}]}\n  oak-2: {prices: [${ROW}]}\n`),
      'error acorn.yaml:10:3: "oak-2" names both oak-1 and oak-2; take one out, or give each a time of its own (from, until)',
    ],
  ])('%s', (_, said, expected) => {
    expect(said).toEqual([expected]);
  });

  it('text that is no YAML', () => {
    expect(lint('models: {oak-1: [\n')).toEqual([
      expect.stringMatching(/^error acorn\.yaml:\d+:\d+: /),
    ]);
  });

  it('an anchor', () => {
    expect(lint('models: &all {}\n')).toEqual([
      'error acorn.yaml:8:14: anchors and aliases are not read here; Write the value out.',
    ]);
  });

  it('from top to bottom', () => {
    const said = lint(OAK.replace('1.00', '0').replace('source: page', 'source: pgae'));
    expect(said.map((line) => line.split(' ')[1])).toEqual([
      'acorn.yaml:11:36:',
      'acorn.yaml:11:49:',
    ]);
  });
});

describe('lint does not complain', () => {
  it.each([
    ['of dates where dates are meant', OAK],
    [
      'of days in a calendar',
      `calendars: {rest-days: [2026-12-25, 2026-10-01..2026-10-07]}\n${OAK}`,
    ],
    [
      'of quoted words',
      OAK.replace('  oak-1:\n', '  oak-1:\n    aliases: ["no", "2026-11-02", "1_000"]\n'),
    ],
    ['of names that begin like numbers', OAK.replace('oak-1', '4o-mini')],
    ['of a time of day', OAK.replace('2026-01-01', '2026-01-01T16:00:00Z')],
  ])('%s', (_, text) => {
    expect(lint(text)).toEqual([]);
  });
});

describe('lint warns', () => {
  const stale = HEADER.replace('as_of: 2026-11-21', 'as_of: 2026-10-07');

  it('of a card that nobody looked at for more than 45 days', () => {
    // NOW is noon of 2026-11-21: 45 days and a half after 2026-10-07 began.
    expect(lint(OAK, stale)).toEqual([
      'warning acorn.yaml: as_of 2026-10-07 is more than 45 days ago; check the card and move it',
    ]);
    expect(lint(OAK, HEADER.replace('as_of: 2026-11-21', 'as_of: 2026-10-08'))).toEqual([]);
  });

  it('of a promise whose day has passed', () => {
    expect(lint(OAK.replace('output: 4.00', 'output: 4.00, check_by: 2026-11-20'))).toEqual([
      'warning acorn.yaml:11:16: oak-1@2026-01-01: was to be checked by 2026-11-20; look at its source and confirm or replace it',
    ]);
  });

  it('of a calendar without this year', () => {
    const text = (days: string) =>
      `calendars: {rest-days: [${days}]}\n${OAK.replace('output: 4.00', 'output: 4.00, hours: [{utc: ["01:00-04:00"], except: rest-days, input: 0.50}]')}`;
    expect(lint(text('2025-10-01..2025-10-07'))).toEqual([
      "warning acorn.yaml:12:16: oak-1@2026-01-01: its calendar has no day of 2026; add that year's days",
    ]);
    expect(lint(text('2025-10-01, 2026-10-01'))).toEqual([]);
  });

  it('of a snapshot that is not priced like its alias, without a note', () => {
    const text = (snapshot: string) =>
      `models:\n  oak-1: {prices: [${ROW}]}\n  oak-1-2026-01-01: {prices: [${snapshot}]}\n`;
    expect(lint(text(ROW.replace('4.00', '5.00')))).toEqual([
      'warning acorn.yaml:10:38: oak-1-2026-01-01@2026-01-01: output differs from that of oak-1; if the alias moved on, say so in a note:',
    ]);
    expect(lint(text(ROW.replace('4.00', '5.00, note: oak-1 moved on in May')))).toEqual([]);
    expect(lint(text(ROW.replace('4.00', '5.00, status: disputed')))).toEqual([]);
    expect(lint(text(ROW))).toEqual([]);
  });

  it('of a batch multiplier that makes batches dearer', () => {
    expect(lint(`service_tiers: {batch: {multiply: 1.5}}\n${OAK}`)).toEqual([
      'warning acorn.yaml: service_tiers.batch: x1.5 makes it dearer than the standard price; is it the share that is left, such as 0.5?',
    ]);
  });
});

describe('the examples of a card', () => {
  const examples = (...items: readonly string[]) =>
    lint(
      `cache_write_default: 5m
service_tiers: {batch: {multiply: 0.5}}
fees: {lookup: {per: 1000 calls, prices: [{from: 2026-01-01, price: 10.00, source: page}]}}
examples:
${items.map((item) => `  - ${item}\n`).join('')}models:
  oak-1: {prices: [{from: 2026-01-01, source: page, input: 1.00, cache_write: {5m: 1.25, 1h: 2.00}, output: 4.00}]}
`,
    );

  it('hold where the card makes them so', () => {
    expect(
      examples(
        // 1,000 x 1.00 + 200 x 4.00 a million.
        '{model: oak-1, at: 2026-11-01, input: 1000, output: 200, cost: 0.0018}',
        '{model: oak-1, at: 2026-11-01, service_tier: batch, input: 1000, output: 200, cost: 0.0009}',
        // 500 x 2.00 a million and two of 10.00 a thousand.
        '{model: oak-1, at: 2026-11-01T12:00:00Z, cache_write@1h: 500, fees: {lookup: 2}, cost: 0.021}',
        '{model: oak-1, at: 2025-12-31, input: 1000, unpriced: true, note: before its first price}',
        '{model: elm-1, at: 2026-11-01, input: 1000, unpriced: true}',
      ),
    ).toEqual([]);
  });

  it.each([
    [
      'do not when the cost is another one',
      '{model: oak-1, at: 2026-11-01, input: 1000, output: 200, cost: 0.0021}',
      'error acorn.yaml:12:68: examples[1]: expected 0.0021 for oak-1 at 2026-11-01T00:00:00.000Z, the card makes it 0.0018; mend the row or the example',
    ],
    [
      'do not when the card has no price',
      '{model: oak-1, at: 2026-11-01, cache_read: 1000, cost: 0.1}',
      'error acorn.yaml:12:60: examples[1]: expected 0.1 for oak-1 at 2026-11-01T00:00:00.000Z, the card makes it no price (acorn/oak-1 (from 2026-01-01) has no price for cache_read); mend the row or the example',
    ],
    [
      'do not when there is a price that must not be',
      '{model: oak-1, at: 2026-11-01, input: 1000, unpriced: true}',
      'error acorn.yaml:12:59: examples[1]: expected no price for oak-1 at 2026-11-01T00:00:00.000Z, the card makes it 0.001; mend the row or the example',
    ],
    [
      'need a cost',
      '{model: oak-1, at: 2026-11-01, input: 1000}',
      'error acorn.yaml:12:5: examples[1]: expected the cost in dollars, as cost: 0.0021, or unpriced: true; write one of them',
    ],
    [
      'need a day',
      '{model: oak-1, input: 1000, cost: 0.001}',
      'error acorn.yaml:12:5: examples[1]: expected model and at, the model and the day of the call',
    ],
    [
      'know meters',
      '{model: oak-1, at: 2026-11-01, inptu: 1000, cost: 0}',
      'error acorn.yaml:12:36: examples[1]: expected a meter such as input, cache_read, cache_write@1h or output, found "inptu"; did you mean "input"?',
    ],
  ])('%s', (_, item, expected) => {
    expect(examples(item)).toEqual([expected]);
  });

  it('are not run while the card has errors', () => {
    const text = `examples: [{model: oak-1, at: 2026-11-01, input: 1, cost: 5}]\n${OAK.replace('1.00', '-1')}`;
    expect(lint(text)).toEqual([
      'error acorn.yaml:12:49: models.oak-1@2026-01-01.input: expected a number like 2.50, found "-1"',
    ]);
  });
});
