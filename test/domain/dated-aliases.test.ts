import { describe, expect, it } from 'vitest';
import { NO_OVERLAYS } from '../../src/domain/overlays.ts';
import { createRateBook } from '../../src/domain/rate-book.ts';
import { indexModels } from '../../src/domain/model-lookup.ts';
import { acornBook, acornCard, acornCost } from '../fixtures/rates/acorn.ts';

// oak meant oak-1 until March, oak-2 in April and May, and nothing in between or after.
const CARD = `
models:
  oak-1:
    aliases: [{name: oak, until: 2026-03-01}]
    prices: [{from: 2026-01-01, source: page, input: 5.00}]
  oak-2:
    aliases:
      - {name: oak, from: 2026-04-01, until: "2026-06-01T12:00:00Z"}
      - {name: oak-new, from: 2026-04-01}
      - oak-two
    prices: [{from: 2026-01-01, source: page, input: 2.50}]
`;
const MILLION = { input: 1_000_000 };
const NOT_THEN =
  'acorn has no price for model "oak" at that time: the name is known until 2026-03-01 and from 2026-04-01 until 2026-06-01T12:00:00Z';

describe('a name that moved', () => {
  it.each([
    { at: '2026-01-01', cost: '5' },
    { at: '2026-02-28T23:59:59.999Z', cost: '5' },
    { at: '2026-03-01', cost: NOT_THEN },
    { at: '2026-03-31T23:59:59.999Z', cost: NOT_THEN },
    { at: '2026-04-01', cost: '2.5' },
    { at: '2026-06-01T11:59:59.999Z', cost: '2.5' },
    { at: '2026-06-01T12:00:00Z', cost: NOT_THEN },
    { at: '2025-12-31', cost: 'acorn/oak-1 has no price before 2026-01-01' },
  ])('costs at $at what it meant then: $cost', ({ at, cost }) => {
    expect(acornCost(CARD, { model: 'oak', at, tokens: MILLION })).toBe(cost);
  });

  it.each([
    {
      model: 'oak-new',
      cost: 'acorn has no price for model "oak-new" at that time: the name is known from 2026-04-01',
    },
    { model: 'oak-two', cost: '2.5' },
    { model: 'oak-2', cost: '2.5' },
  ])('leaves the other names of its models alone: $model', ({ model, cost }) => {
    expect(acornCost(CARD, { model, at: '2026-02-01', tokens: MILLION })).toBe(cost);
  });

  it('needs a time, as every price does', () => {
    const rater = acornBook(CARD).rater({
      provider: 'acorn',
      model: 'oak',
      serviceTier: undefined,
      region: undefined,
      inferenceGeo: undefined,
      aggregated: false,
    });
    const rating = rater(undefined, { input: 1, cache_read: 0, cache_write: 0 });
    expect(rating.kind === 'unrated' ? rating.why.code : 'rated').toBe('no-time');
  });

  it('is found at a time, and without one as what it meant last', () => {
    const index = indexModels(acornCard(CARD));
    const found = ['2026-02-01', '2026-03-15', '2026-05-01'].map(
      (day) => index.find('Oak', Date.parse(day))?.id,
    );
    expect([...found, index.find('oak')?.id]).toEqual(['oak-1', undefined, 'oak-2', 'oak-2']);
  });

  it('is rated again when its time moves, and the other names of its models are not', () => {
    const moved = CARD.replace('until: 2026-03-01', 'until: 2026-03-02');
    const entry = (text: string, name: string): string => acornBook(text).entry('acorn', name);
    expect(entry(moved, 'oak')).not.toBe(entry(CARD, 'oak'));
    expect(entry(moved, 'oak-1')).toBe(entry(CARD, 'oak-1'));
    expect(entry(moved, 'oak-two')).toBe(entry(CARD, 'oak-two'));
  });
});

describe('the entry of a deployment', () => {
  const entry = (model: string, name = 'chat'): string =>
    createRateBook(
      new Map([['acorn', acornCard(CARD)]]),
      NO_OVERLAYS,
      new Map([['acorn', new Map([['chat', model]])]]),
    ).entry('acorn', name);

  it('changes with the model that it stands for', () => {
    expect(entry('oak-1')).not.toBe(entry('oak-2'));
  });
  it('is that of the model under any of its names', () => {
    expect(entry('oak-two')).toBe(entry('oak-2'));
  });
  it('changes when it comes to stand for a model at all', () => {
    expect(entry('oak-1')).not.toBe(acornBook(CARD).entry('acorn', 'chat'));
  });
  it('changes with the name of a model that the card does not have, which its reason shows', () => {
    expect(entry('elm-1')).not.toBe(entry('elm-2'));
  });
  it('changes no other entry', () => {
    expect(entry('oak-1', 'oak-2')).toBe(acornBook(CARD).entry('acorn', 'oak-2'));
  });
});

describe('a region in a name', () => {
  const REGIONAL = `
surcharges: {data_zone: {when: {region: [eu]}, multiply: 1.1}}
models: {oak-1: {prices: [{from: 2026-01-01, source: page, input: 5.00}]}}
`;
  const azure = createRateBook(new Map([['azure', { ...acornCard(REGIONAL), provider: 'azure' }]]));
  it.each([
    { model: 'oak-1', steps: [] },
    { model: 'azure/eu/oak-1', steps: ['surcharge data_zone'] },
    { model: 'azure/us/oak-1', steps: [] },
  ])('decides the surcharge of $model', ({ model, steps }) => {
    const rating = azure.rater({
      provider: 'azure',
      model,
      serviceTier: undefined,
      region: undefined,
      inferenceGeo: undefined,
      aggregated: false,
    })(Date.parse('2026-02-01'), { input: 1, cache_read: 0, cache_write: 0 });
    expect(rating.kind === 'rated' ? rating.rate.steps : rating.why).toEqual(steps);
  });
});
