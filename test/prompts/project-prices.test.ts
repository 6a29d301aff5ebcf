import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { showOrigin, UserError } from '../../src/errors.ts';
import { openModelPrices } from '../../src/prompts/cost/model-prices.ts';
import { readProject } from '../../src/prompts/project.ts';
import { projectPrices } from '../../src/prompts/project-prices.ts';
import { freshFolder, NOW } from '../support/fake-runtime.ts';
import { PINNED, treeOf } from './made-up-tree.ts';

type Files = Readonly<Record<string, string>>;

async function pricesOf(files: Files, more: { root?: string; rates?: readonly string[] } = {}) {
  const tree = treeOf(files);
  const prices = await projectPrices(tree, await readProject(tree), {
    root: '/nowhere',
    now: NOW,
    ...more,
  });
  return openModelPrices({ ...prices, cacheStep: () => 128 });
}

/** Input price of a million tokens, and the card row it stands in. */
async function inputOf(files: Files, model: string, more = {}) {
  const rating = (await pricesOf(files, more))(undefined, model).forPrompt(0);
  if (rating.kind === 'unrated') return rating.why.message;
  const { rate } = rating;
  return [rate.provider, rate.prices.get('input')?.amount, rate.file];
}

const card = (provider: string, price: string): string =>
  PINNED.replace('provider: openai', `provider: ${provider}`).replaceAll(
    'input: 2.50',
    `input: ${price}`,
  );

describe('the prices of a tree', () => {
  it('are the shipped ones, on the day of a config that says so', async () => {
    const today = await inputOf({}, 'gpt-4o');
    expect(today).toEqual(['openai', 2_500_000_000_000n, 'rates/openai.yaml']);
    // gpt-4o cost 5.00 until 2024-10-02.
    expect(await inputOf({ 'aicost.yaml': 'prices: {bundled: 2024-09-01}' }, 'gpt-4o')).toEqual([
      'openai',
      5_000_000_000_000n,
      'rates/openai.yaml',
    ]);
  });

  it('are a snapshot of the tree, over rates: of the tree, over the shipped ones', async () => {
    const files = {
      'aicost.yaml': 'rates: cards\nprices: {snapshot: pin.yaml}\n',
      'cards/openai.yaml': card('openai', '7.00'),
      'cards/contract.yaml': 'contract: 1\n',
      'cards/README.md': 'no card',
    };
    expect(await inputOf({ ...files, 'pin.yaml': card('acorn', '9.00') }, 'gpt-4o')).toEqual([
      'openai',
      7_000_000_000_000n,
      'cards/openai.yaml',
    ]);
    expect(await inputOf({ ...files, 'pin.yaml': card('openai', '9.00') }, 'gpt-4o')).toEqual([
      'openai',
      9_000_000_000_000n,
      'pin.yaml',
    ]);
  });

  it('are those of cards beside the tree, and of --rates over all', async () => {
    const folder = freshFolder();
    const other = join(folder, 'other.yaml');
    writeFileSync(join(folder, 'beside.yaml'), card('openai', '3.00'));
    writeFileSync(other, card('openai', '4.00'));
    const files = { 'aicost.yaml': 'rates: ../beside.yaml\n' };
    const root = join(folder, 'tree');
    expect(await inputOf(files, 'gpt-4o', { root })).toContain(3_000_000_000_000n);
    expect(await inputOf(files, 'gpt-4o', { root, rates: [other] })).toContain(4_000_000_000_000n);
  });

  it('belong to an own card before the maker of a model, where nobody names who sells it', async () => {
    const files = {
      'aicost.yaml': 'prices: {snapshot: pin.yaml}',
      'pin.yaml': card('acorn', '9.00'),
    };
    expect(await inputOf(files, 'gpt-4o')).toEqual(['acorn', 9_000_000_000_000n, 'pin.yaml']);
    const named = (await pricesOf(files))('openai', 'gpt-4o').forPrompt(0);
    expect(named).toMatchObject({ kind: 'rated', rate: { provider: 'openai' } });
  });

  it('follow the names that the account gives to models', async () => {
    const files = { 'aicost.yaml': 'deployments: {openai: {our-chat: gpt-4o}}\n' };
    const prices = (await pricesOf(files))('openai', 'our-chat');
    expect(prices).toMatchObject({ provider: 'openai', model: 'gpt-4o', contextWindow: 128_000 });
  });

  it.each([
    [
      'prices: {snapshot: gone.yaml}',
      'aicost.yaml:1:20: no rate card at "gone.yaml" in the made-up tree',
    ],
    ['rates: [gone]', 'aicost.yaml:1:9: no rate card at "gone" in the made-up tree'],
    ['prices: {snapshot: bad.yaml}', 'bad.yaml:1:1: missing key "rate_card"; write "rate_card: 1"'],
  ])('are refused in words: %s', async (config, expected) => {
    const found = await pricesOf({ 'aicost.yaml': config, 'bad.yaml': 'provider: x\n' }).then(
      () => 'no error',
      (error: unknown) =>
        error instanceof UserError && error.origin !== undefined
          ? `${showOrigin(error.origin)}: ${error.message}`
          : String(error),
    );
    expect(found).toBe(expected);
  });
});

describe('a model as caches see it', () => {
  it('caches from the length that its card says, in steps where writing costs nothing', async () => {
    const of = await pricesOf({});
    const old = of(undefined, 'gpt-4o');
    expect([old.cacheMinimum?.value, old.cacheMinimum?.source, old.cacheStep]).toEqual([
      1024,
      'declared',
      128,
    ]);
    const claude = of(undefined, 'claude-haiku-4-5');
    expect([claude.cacheMinimum?.value, claude.cacheStep, claude.cacheTtls]).toEqual([
      4096,
      1,
      ['5m', '1h'],
    ]);
  });

  it('caches from a usual length where the card has a price for it and says no more, and not at all without', async () => {
    const files = {
      'aicost.yaml': 'prices: {snapshot: pin.yaml}',
      'pin.yaml': card('acorn', '9.00').replace('cache: {minimum: 1024}, ', ''),
    };
    const of = await pricesOf(files);
    expect(of('acorn', 'gpt-5.6-luna').cacheMinimum).toEqual({
      value: 1024,
      source: 'assumed',
      from: 'most vendors cache from 1,024 tokens',
    });
    expect(of('acorn', 'gpt-4o').cacheMinimum).toBeUndefined();
  });
});
