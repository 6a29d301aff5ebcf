import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexNearNames } from '../../src/domain/near-names.ts';

const near = indexNearNames([
  ['claude-sonnet-5', 'claude-sonnet-latest'],
  ['claude-haiku-5-5'],
  ['anthropic.claude-haiku-4-5-20251001-v1:0', 'anthropic.claude-haiku-4-5-20251001'],
  ['us.anthropic.claude-haiku-4-5-20251001-v1:0'],
  ['gpt-5.4-mini'],
  ['gpt-5.4-nano'],
  ['o3'],
]);

describe('the names near', () => {
  it.each([
    { name: 'a letter too many', wanted: 'gpt-5.4-minni', found: ['gpt-5.4-mini'] },
    { name: 'two letters swapped', wanted: 'claude-sonnte-5', found: ['claude-sonnet-5'] },
    { name: 'other letters', wanted: 'O3', found: ['o3'] },
    { name: 'a version added', wanted: 'claude-haiku-5-5-1', found: ['claude-haiku-5-5'] },
    // Each model once, by the name that is most alike.
    {
      name: 'a name that others contain',
      wanted: 'claude-haiku-4-5',
      found: [
        'anthropic.claude-haiku-4-5-20251001',
        'us.anthropic.claude-haiku-4-5-20251001-v1:0',
        'claude-haiku-5-5',
      ],
    },
    { name: 'two that are as near', wanted: 'gpt-5.4', found: ['gpt-5.4-mini', 'gpt-5.4-nano'] },
    { name: 'nothing alike', wanted: 'llama-4-maverick-instruct', found: [] },
    { name: 'a letter', wanted: 'o', found: [] },
    { name: 'nothing', wanted: '', found: [] },
  ])('$name', ({ wanted, found }) => expect(near(wanted)).toEqual(found));

  it('are never more than three', () => {
    const crowd = indexNearNames(Array.from({ length: 20 }, (_, index) => [`oak-tree-${index}`]));
    expect(crowd('oak-tree')).toEqual(['oak-tree-0', 'oak-tree-1', 'oak-tree-2']);
  });

  it('begin with the name itself where it is there', () => {
    const names = fc.uniqueArray(
      fc.string({ unit: 'grapheme-ascii', minLength: 5, maxLength: 12 }),
      {
        minLength: 1,
        selector: (name) => [...new Set(name.toLowerCase())].sort().join(''),
      },
    );
    fc.assert(
      fc.property(names, (candidates) => {
        const find = indexNearNames(candidates.map((name) => [name]));
        for (const name of candidates) expect(find(name)[0]).toBe(name);
      }),
      { seed: 20261122, numRuns: 200 },
    );
  });
});
