import { openBigMap } from './big-map.ts';

/** One prompt: when it was sent, and the blocks that it is made of. */
export interface BlockPrompt {
  /** Milliseconds UTC; where it is undefined the prompt is taken to follow the one before at once. */
  readonly time: number | undefined;
  /** Hashes of its blocks from the beginning. */
  readonly blocks: readonly string[];
  readonly blockTokens: number;
  /** Tokens of the whole prompt; the last block may hold fewer than the others. */
  readonly tokens: number;
}

/** What prompts that have been sent left behind. */
export interface PrefixMemory {
  /** Tokens of the longest beginning that is still kept, for each time to live. */
  readonly look: (prompt: BlockPrompt) => readonly number[];
  /**
   * Remembers a prompt, and by which number whoever wrote what was not kept under the first time to live; nobody
   * where it is undefined. Tells what is now read for the first time since it was written, by the numbers of its writers.
   */
  readonly send: (prompt: BlockPrompt, writer: number | undefined) => ReadonlyMap<number, number>;
}

/** Distinct hashes beside each node that can be told apart: 2^26 of them and 2^27 nodes fit one number. */
const HASHES = 2 ** 26;
const NOBODY = -1;
const NEVER = Number.NEGATIVE_INFINITY;

/**
 * Opens the memory of one cache: a tree of blocks, so that a block counts only behind the same blocks as before.
 * Whatever uses a block keeps it for its time to live (milliseconds; Infinity forgets nothing) from then on.
 */
export function openPrefixMemory(ttls: readonly number[]): PrefixMemory {
  const hashes = openBigMap<string, number>();
  const children = openBigMap<number, number>();
  // By node of the tree; the root is 0 and stands for the empty prompt.
  const used: number[] = [NEVER];
  const writers: number[] = [NOBODY];
  const written: number[] = [0];
  let latest = 0;

  const hashOf = (text: string): number => {
    const known = hashes.get(text);
    if (known !== undefined) return known;
    const hash = hashes.size();
    hashes.set(text, hash);
    return hash;
  };
  const childOf = (parent: number, hash: number): number => {
    const edge = parent * HASHES + hash;
    const known = children.get(edge);
    if (known !== undefined) return known;
    const node = used.push(NEVER) - 1;
    writers.push(NOBODY);
    written.push(0);
    children.set(edge, node);
    return node;
  };
  const keptFor = (path: readonly number[], ttl: number, now: number): number => {
    const lost = path.findIndex((node) => {
      const last = used[node] ?? NEVER;
      return last === NEVER || now - last > ttl;
    });
    return lost < 0 ? path.length : lost;
  };
  const pathOf = ({ blocks }: BlockPrompt): readonly number[] => {
    const path: number[] = [];
    for (const block of blocks) path.push(childOf(path.at(-1) ?? 0, hashOf(block)));
    return path;
  };
  const reach = ({ tokens, blockTokens }: BlockPrompt, depth: number): number =>
    Math.min(tokens, depth * blockTokens);

  return {
    look(prompt) {
      const path = pathOf(prompt);
      const now = prompt.time ?? latest;
      return ttls.map((ttl) => reach(prompt, keptFor(path, ttl, now)));
    },
    send(prompt, writer = NOBODY) {
      const path = pathOf(prompt);
      latest = prompt.time ?? latest;
      const kept = keptFor(path, ttls[0] ?? 0, latest);
      const firstRead = new Map<number, number>();
      for (const [depth, node] of path.entries()) {
        used[node] = latest;
        const [by = NOBODY, size = 0] = [writers[node], written[node]];
        if (depth >= kept) {
          writers[node] = writer;
          written[node] = reach(prompt, depth + 1) - reach(prompt, depth);
        } else if (by !== NOBODY) {
          firstRead.set(by, (firstRead.get(by) ?? 0) + size);
          writers[node] = NOBODY;
        }
      }
      return firstRead;
    },
  };
}
