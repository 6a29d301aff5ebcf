import { describe, expect, it } from 'vitest';
import { estimatePrompts } from '../../src/prompts/estimate.ts';
import { estimateMemo } from '../../src/prompts/estimate-memo.ts';
import { readProject } from '../../src/prompts/project.ts';
import { treeOf, worldOf } from './made-up-tree.ts';
import { config, estimate, type Files, only } from './made-up-estimate.ts';

describe('two trees', () => {
  const base: Files = {
    ...config(
      '  - {glob: "p/*.txt", model: gpt-4o, calls_per_month: 10, vars: {q: {file: q.txt}}}\n',
    ),
    'p/a.txt': 'a {{q}}',
    'p/b.txt': 'b {{q}}',
    'q.txt': 'q',
  };

  /** Ids of prompts that were measured anew in the second tree. */
  async function measuredAnew(head: Files): Promise<readonly string[]> {
    const memo = estimateMemo();
    const tree = treeOf(base);
    const world = await worldOf(tree);
    const { plan } = await readProject(tree);
    const one = await estimatePrompts({ tree, plan, world, memo });
    const two = await estimatePrompts({
      tree: treeOf(head),
      plan,
      world,
      memo,
      basket: one.planned,
    });
    const before = new Map(one.prompts.map(({ id, inputs }) => [id, inputs?.cases]));
    return two.prompts.flatMap(({ id, inputs }) => (before.get(id) === inputs?.cases ? [] : [id]));
  }

  it('share the work for prompts whose files are equal in both', async () => {
    expect(await measuredAnew({ ...base })).toEqual([]);
    expect(await measuredAnew({ ...base, 'p/a.txt': 'more {{q}}' })).toEqual(['p/a.txt']);
    expect(await measuredAnew({ ...base, 'q.txt': 'more' })).toEqual(['p/a.txt', 'p/b.txt']);
    expect(await measuredAnew({ ...base, 'other.txt': 'more' })).toEqual([]);
  });

  it('are compared with one basket: volumes and values of the base, texts and models of the head', async () => {
    const one = await estimate(base);
    const head: Files = {
      ...config(
        '  - {glob: "p/*.txt", model: gpt-4o-mini, calls_per_month: 1, vars: {q: zzz, r: b}}\n',
      ),
      'p/a.txt': 'a\n{{q}}\n{{r}}',
      'q.txt': 'q q q',
    };
    const two = only(await estimate(head, { basket: one.planned }));
    expect(two.model?.value.model).toBe('gpt-4o-mini');
    expect(two.inputs?.assumptions.callsPerMonth?.value).toEqual({ digits: 10n, scale: 0 });
    // a, two line breaks, q q q, b, and 7.
    expect(two.tokens?.tokens).toBe(14);
  });

  it('can be counted for the models of the other', async () => {
    const models = new Map([['p/a.txt', { provider: undefined, model: 'claude-sonnet-4-5' }]]);
    const { prompts, ids } = await estimate(base, { models, only: new Set(['p/a.txt']) });
    expect(prompts.map(({ id, model }) => [id, model?.value.model])).toEqual([
      ['p/a.txt', 'claude-sonnet-4-5'],
    ]);
    expect(ids).toEqual(['p/a.txt', 'p/b.txt']);
  });
});
