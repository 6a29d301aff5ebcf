import { openBigMap } from './big-map.ts';
import { openBlockTree } from './block-tree.ts';

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
  /**
   * Sends a prompt. `writerOf` is told how many tokens of its beginning are still kept, for each time to live, and
   * answers by which number to remember whoever wrote what the first of them had not kept; nobody where it is
   * undefined. Comes back with what is now read for the first time since it was written, by the numbers of its writers.
   */
  readonly send: (
    prompt: BlockPrompt,
    writerOf: (keptTokens: readonly number[]) => number | undefined,
  ) => ReadonlyMap<number, number>;
}

const NOBODY = -1;
const NEVER = Number.NEGATIVE_INFINITY;
const NOTHING: ReadonlyMap<number, number> = new Map();

/**
 * Opens the memory of one cache: a tree of blocks, so that a block counts only behind the same blocks as before.
 * Whatever uses a block keeps it for its time to live (milliseconds; Infinity forgets nothing) from then on.
 */
export function openPrefixMemory(ttls: readonly number[]): PrefixMemory {
  const names = openBigMap<string, number>();
  const tree = openBlockTree();
  // By node: when it was last used, who wrote it without having been read since, and how much.
  const used: number[] = [NEVER];
  const writers: number[] = [NOBODY];
  const written: number[] = [0];
  const path: number[] = [];
  let latest = 0;

  /** A number for a block: its own where its hash is one, as in public traces; below 0 for any other text. */
  const blockOf = (text: string): number => {
    const own = smallNumber(text);
    if (own !== undefined) return own;
    const known = names.get(text);
    if (known !== undefined) return known;
    const block = -1 - names.size();
    names.set(text, block);
    return block;
  };
  const follow = (blocks: readonly string[]): void => {
    path.length = 0;
    let node = 0;
    for (const block of blocks) {
      node = tree.next(node, blockOf(block));
      path.push(node);
      if (node < used.length) continue;
      used.push(NEVER);
      writers.push(NOBODY);
      written.push(0);
    }
  };
  /** How many blocks of the path, from the first, have been used since an instant. */
  const keptSince = (instant: number): number => {
    let depth = 0;
    for (const node of path) {
      const last = used[node] ?? NEVER;
      if (last === NEVER || last < instant) break;
      depth += 1;
    }
    return depth;
  };

  return {
    send({ time, blocks, blockTokens, tokens }, writerOf) {
      latest = time ?? latest;
      follow(blocks);
      const kept = ttls.map((ttl) => keptSince(latest - ttl));
      const reach = (depth: number): number => Math.min(tokens, depth * blockTokens);
      const writer = writerOf(kept.map(reach)) ?? NOBODY;
      let firstRead: Map<number, number> | undefined;
      for (const [depth, node] of path.entries()) {
        used[node] = latest;
        if (depth >= (kept[0] ?? 0)) {
          writers[node] = writer;
          written[node] = reach(depth + 1) - reach(depth);
          continue;
        }
        const by = writers[node] ?? NOBODY;
        if (by === NOBODY) continue;
        firstRead ??= new Map();
        firstRead.set(by, (firstRead.get(by) ?? 0) + (written[node] ?? 0));
        writers[node] = NOBODY;
      }
      return firstRead ?? NOTHING;
    },
  };
}

const ZERO = 48;

/** The number that a text of at most nine digits writes in the usual way; `undefined` for other texts. */
function smallNumber(text: string): number | undefined {
  if (text.length > 9 || (text.length > 1 && text.charCodeAt(0) === ZERO)) return undefined;
  let number = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    number = number * 10 + digit;
  }
  return text === '' ? undefined : number;
}
