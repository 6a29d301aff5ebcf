import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cardFiles } from '../../src/config/card-files.ts';
import { decodeCountingRules, shippedCountingRules } from '../../src/config/counting-rules.ts';
import {
  countedName,
  type CountingRules,
  PIECE_CLASSES,
  ruleFor,
  type RuleScope,
} from '../../src/domain/counting-rules.ts';
import { encodingNamed } from '../../src/prompts/counting/encodings.ts';

const shipped = shippedCountingRules();
const DAY = '2026-11-21';

describe('the rules that ship', () => {
  it('have one for every model in every list, on every day', () => {
    const lists: readonly (readonly RuleScope[])[] = [
      shipped.text,
      shipped.frames,
      shipped.tools,
      shipped.schemas,
      shipped.images,
    ];
    for (const list of lists)
      for (const day of ['2023-01-01', DAY])
        expect(ruleFor(list, { provider: undefined, model: 'acorn-1', day })).toBeDefined();
  });

  it('name encodings that can be counted, and classes of which every table has nearly all', () => {
    for (const { encoding, scripts, weights } of shipped.text) {
      expect(encodingNamed(encoding)).toBe(encoding);
      for (const script of scripts)
        expect(encodingNamed(script.encoding ?? encoding)).toBeDefined();
      expect([...(weights?.keys() ?? PIECE_CLASSES)]).toEqual(PIECE_CLASSES);
    }
  });

  it('say of every estimate how far off it may be', () => {
    const bare = shipped.text.filter(
      ({ weights, multiply, band }) =>
        (weights !== undefined || multiply !== 1) && band === undefined,
    );
    expect(bare.map(({ family }) => family)).toEqual([]);
  });

  it('lie beside the cards and are none of them, in a folder that is named too', () => {
    const rates = join(import.meta.dirname, '../../rates');
    const files = cardFiles([rates]).map(({ file }) => basename(file));
    expect(readdirSync(rates)).toContain('counting.yaml');
    expect(files).toContain('openai.yaml');
    expect(files).not.toContain('counting.yaml');
  });

  it('cache whole steps of 128 before GPT-5.6, and any length since', () => {
    const step = (model: string): number | undefined =>
      ruleFor(shipped.cacheSteps, { provider: 'openai', model, day: DAY })?.step;
    expect(['gpt-4o', 'gpt-5.4-mini', 'gpt-5.6-sol', 'claude-opus-5'].map(step)).toEqual([
      128,
      128,
      1,
      undefined,
    ]);
  });
});

const rule = (more: object): RuleScope => ({ models: ['*'], providers: [], sources: [], ...more });

describe('a rule', () => {
  const call = { provider: undefined, model: 'oak-2-mini', day: DAY };

  it('that spells out more of the name wins, and a whole name over a pattern', () => {
    const rules = [
      rule({ models: ['oak-2*'] }),
      rule({ models: ['oak*', 'oak-2-mini'] }),
      rule({ models: ['oak-2-mini*'] }),
      rule({}),
    ];
    expect(ruleFor(rules, call)).toBe(rules[1]);
    expect(ruleFor(rules, { ...call, model: 'oak-2-mini-2026' })).toBe(rules[2]);
    expect(ruleFor(rules, { ...call, model: 'elm' })).toBe(rules[3]);
  });

  it('of a provider wins over one for all, where that provider is called', () => {
    const rules = [rule({}), rule({ providers: ['azure'] })];
    expect(ruleFor(rules, { ...call, provider: 'azure' })).toBe(rules[1]);
    expect(ruleFor(rules, call)).toBe(rules[0]);
  });

  it('holds from its day on, and the newest of equal ones wins', () => {
    const rules = [rule({ from: '2026-07-13' }), rule({}), rule({ from: '2026-11-22' })];
    const onDay = (day: string): RuleScope | undefined => ruleFor(rules, { ...call, day });
    expect(['2026-07-12', '2026-07-13', '2026-11-21', '2026-11-22'].map(onDay)).toEqual([
      rules[1],
      rules[0],
      rules[0],
      rules[2],
    ]);
    expect(ruleFor([rules[2] ?? rule({})], call)).toBeUndefined();
  });

  it.each([
    ['GPT-4o ', 'gpt-4o'],
    ['openai/gpt-4o', 'gpt-4o'],
    ['googleai/gemini-2.5-flash', 'gemini-2.5-flash'],
    ['projects/p/locations/global/publishers/google/models/gemini-3-pro', 'gemini-3-pro'],
    ['ft:gpt-4o-2024-08-06:acorn::abc', 'gpt-4o-2024-08-06'],
    ['us-gov.anthropic.claude-opus-4-8', 'claude-opus-4-8'],
    ['cohere.command-r-plus-v1:0', 'command-r-plus-v1:0'],
    ['gpt-4.1', 'gpt-4.1'],
    ['', ''],
    ['/', ''],
  ])('is looked up for "%s" as "%s"', (model, name) => {
    expect(countedName(model)).toBe(name);
  });
});

const HEAD = `counting_rules: 1
as_of: 2026-11-21
sources:
  page: {note: a page, read: 2026-11-21}
groups:
  oaks: ["oak-*"]
weights:
  bark: {lower: [1.5, -0.25, 0.125]}
`;
const decode = (text: string): CountingRules =>
  decodeCountingRules(`${HEAD}${text}\n`, 'counting.yaml');

describe('a file of rules', () => {
  it('is read with groups, weights and decimals as they are written', () => {
    const { text, images } = decode(`text:
  - {models: [$oaks, Elm], family: Oak, encoding: o200k_base, weights: bark, band: {below: 5, above: 10}, source: page}
images:
  - {models: ["*"], patches: {size: 32, multiply: 1.62, usual: high, details: {high: {side: 2048}}}, source: page}`);
    expect(text).toEqual([
      {
        models: ['oak-*', 'elm'],
        providers: [],
        family: 'Oak',
        encoding: 'o200k_base',
        multiply: 1,
        weights: new Map([['lower', { perToken: 1.5, perPiece: -0.25, perCharacter: 0.125 }]]),
        band: { below: 5, above: 10 },
        scripts: [],
        sources: ['page'],
      },
    ]);
    expect(images[0]?.formula).toMatchObject({ multiply: { digits: 162n, scale: 2 } });
  });

  // Lines count from 9, the first one after the head.
  it.each([
    ['texts: []', 9, 1, 'unknown key "texts"; did you mean "text"?'],
    ['frames:\n  - {models: ["*"], reply: 3, source: page}', 10, 5, 'frames: needs per_message:'],
    [
      'frames:\n  - {models: ["*"], per_mesage: 3, reply: 3, source: page}',
      10,
      21,
      'frames: unknown key "per_mesage"; did you mean "per_message"?',
    ],
    [
      'frames:\n  - {models: ["*"], per_message: three, reply: 3, source: page}',
      10,
      34,
      'frames.per_message: expected a whole number, 0 or more, found "three"',
    ],
    [
      'schemas:\n  - {models: ["*"], rendering: jsn, source: page}',
      10,
      32,
      'schemas: expected rendering: section or json, found "jsn"; did you mean "json"?',
    ],
    [
      'schemas:\n  - {rendering: json, source: page}',
      10,
      5,
      'schemas: needs models:, names or patterns such as "gpt-4o*"',
    ],
    [
      'schemas:\n  - {models: ["*"], rendering: json}',
      10,
      5,
      'schemas: needs source:, who says so',
    ],
    [
      'schemas:\n  - {models: ["*"], rendering: json, source: pages}',
      10,
      46,
      'schemas: source "pages" is not listed under sources; did you mean "page"?',
    ],
    [
      'schemas:\n  - {models: [$oak], rendering: json, source: page}',
      10,
      14,
      'no group "oak" under groups; did you mean "$oaks"?',
    ],
    [
      'schemas:\n  - {models: ["*"], from: 2026-13-01, rendering: json, source: page}',
      10,
      27,
      'schemas.from: expected a day like 2026-11-01 or a time like 2026-11-01T16:00:00Z, found "2026-13-01"',
    ],
    [
      'schemas:\n  - {models: ["*"], band: {below: 10}, rendering: json, source: page}',
      10,
      27,
      'schemas.band: needs above:, percent of the estimate',
    ],
    [
      'schemas:\n  - {models: ["*"], band: {below: 110, above: 1}, rendering: json, source: page}',
      10,
      27,
      'schemas.band.below: nothing is less than 100 % below',
    ],
    [
      'text:\n  - {models: ["*"], encoding: o200k_base, source: page}',
      10,
      5,
      'text: needs family: and encoding:',
    ],
    [
      'text:\n  - {models: ["*"], family: Oak, encoding: o200k_base, weights: barks, source: page}',
      10,
      65,
      'text.weights: no table "barks" under weights; did you mean "bark"?',
    ],
    [
      'text:\n  - {models: ["*"], family: Oak, encoding: o200k_base, multiply: 1e3, source: page}',
      10,
      66,
      'text.multiply: expected a number like 1.017, found "1e3"',
    ],
    [
      'text:\n  - {models: ["*"], family: Oak, encoding: o200k_base, scripts: [{classes: [greak]}], source: page}',
      10,
      76,
      'text.scripts.classes: no class of pieces "greak"; did you mean "greek"?',
    ],
    [
      'images:\n  - {models: ["*"], source: page}',
      10,
      5,
      'images: needs one of tiles, patches, grid, blocks, fixed',
    ],
    [
      'images:\n  - {models: ["*"], grid: {size: 0, edge: 1, budget: 1}, source: page}',
      10,
      27,
      'images.grid.size: expected a number above 0',
    ],
    [
      'images:\n  - {models: ["*"], fixed: {usual: hi, details: {high: 5}}, source: page}',
      10,
      36,
      'images.fixed: expected usual: one of high, found "hi"',
    ],
  ])('that is wrong is refused with its place: %#', (text, line, column, message) => {
    const origin = { file: 'counting.yaml', line, column };
    expect(() => decode(text)).toThrow(expect.objectContaining({ message, origin }));
  });

  it('of another version is refused', () => {
    expect(() =>
      decodeCountingRules('counting_rules: 2\nas_of: 2026-11-21', 'counting.yaml'),
    ).toThrow('missing or unknown version; write "counting_rules: 1"');
    expect(() => decodeCountingRules('counting_rules: 1', 'counting.yaml')).toThrow(
      'missing key "as_of", the day of the last check',
    );
  });
});
