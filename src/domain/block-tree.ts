/** A tree of blocks: a node stands for a prompt's beginning, and is found by the node before it and its last block. */
export interface BlockTree {
  /** The node of a beginning that is one block longer; made where there was none. The empty beginning is 0. */
  readonly next: (parent: number, block: number) => number;
  /** Nodes that there are, the empty beginning among them. */
  readonly size: () => number;
}

/** Slots at first; always a power of two. */
const FIRST_SLOTS = 1_024;

/**
 * Opens an empty tree. Numbers in typed arrays, since a Map of as many pairs takes three times the time and the
 * memory, and ends at 2^24 entries.
 */
export function openBlockTree(): BlockTree {
  let parents = new Int32Array(FIRST_SLOTS);
  let blocks = new Int32Array(FIRST_SLOTS);
  // 0 where a slot is free, since no node has the empty beginning as its own.
  let nodes = new Int32Array(FIRST_SLOTS);
  let size = 1;

  /** The slot of a pair, or the free one where it belongs. */
  const slotOf = (parent: number, block: number): number => {
    const mask = nodes.length - 1;
    let slot = mixed(parent, block) & mask;
    while (nodes[slot] !== 0 && (parents[slot] !== parent || blocks[slot] !== block))
      slot = (slot + 1) & mask;
    return slot;
  };
  const put = (parent: number, block: number, node: number): void => {
    const slot = slotOf(parent, block);
    parents[slot] = parent;
    blocks[slot] = block;
    nodes[slot] = node;
  };
  const grow = (): void => {
    const [oldParents, oldBlocks, oldNodes] = [parents, blocks, nodes];
    parents = new Int32Array(oldNodes.length * 2);
    blocks = new Int32Array(oldNodes.length * 2);
    nodes = new Int32Array(oldNodes.length * 2);
    for (const [slot, node] of oldNodes.entries())
      if (node !== 0) put(oldParents[slot] ?? 0, oldBlocks[slot] ?? 0, node);
  };

  return {
    next(parent, block) {
      const known = nodes[slotOf(parent, block)] ?? 0;
      if (known !== 0) return known;
      if (size * 2 > nodes.length) grow();
      put(parent, block, size);
      size += 1;
      return size - 1;
    },
    size: () => size,
  };
}

/** Two whole numbers as one that is spread over 32 bits (the finalizer of MurmurHash3, which is in the public domain). */
function mixed(one: number, other: number): number {
  let hash = Math.imul(one, 0x9e37_79b1) ^ other;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
