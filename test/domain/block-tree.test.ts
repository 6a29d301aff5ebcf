import { describe, expect, it } from 'vitest';
import { openBlockTree } from '../../src/domain/block-tree.ts';

describe('a tree of blocks', () => {
  it('finds every node again by the one before it and its block, also after it has grown', () => {
    const tree = openBlockTree();
    const known = new Map<string, number>();
    // 5,000 pairs of few parents and blocks, so that many meet and slots run into each other.
    for (let round = 0; round < 2; round += 1)
      for (let parent = 0; parent < 50; parent += 1)
        for (let block = 0; block < 100; block += 1) {
          const node = tree.next(parent, block);
          const name = `${parent} ${block}`;
          expect(known.get(name) ?? node).toBe(node);
          known.set(name, node);
        }
    expect(new Set(known.values()).size).toBe(5_000);
    expect(tree.size()).toBe(5_001);
  });
});
