import { posix } from 'node:path';
import type { FileTree } from '../../prompts/file-tree.ts';
import { type Chunks, chunksOf, similarity } from './similarity.ts';

/** A file that only one of two trees has under its path. `id` is equal where contents are. */
export interface Lone {
  readonly path: string;
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** A file that went from one path to another. */
export interface Rename {
  readonly from: string;
  readonly to: string;
  /** Share of the content that stayed, 0.5 to 1; 1 where nothing changed. */
  readonly similarity: number;
}

/** As `git diff -M50%`: from half of the content on, a file is the same one. */
const LEAST = 0.5;

/**
 * Most pairs whose contents are compared. A change that renames and edits more than a thousand prompts at once is paired
 * by equal contents and by equal file names only.
 */
const MOST_PAIRS = 1_000_000;

/**
 * Finds files that moved between two trees, among the paths of each that matter. A path that both trees have is not moved;
 * what cannot be read is not compared.
 */
export async function renamesBetween(
  trees: { readonly base: FileTree; readonly head: FileTree },
  paths: { readonly base: readonly string[]; readonly head: readonly string[] },
): Promise<readonly Rename[]> {
  const [gone, fresh] = await Promise.all([
    loneFiles(trees.base, paths.base, trees.head),
    loneFiles(trees.head, paths.head, trees.base),
  ]);
  return renamesOf(gone, fresh);
}

async function loneFiles(
  tree: FileTree,
  paths: readonly string[],
  other: FileTree,
): Promise<readonly Lone[]> {
  const there = new Set(other.paths);
  const lone = paths.filter((path) => !there.has(path));
  const files = await Promise.all(
    lone.map(async (path) => ({ path, file: await tree.read(path) })),
  );
  return files.flatMap(({ path, file }) =>
    file.kind === 'file' ? { path, id: file.id, bytes: file.bytes } : [],
  );
}

/**
 * Pairs files that are gone with files that are new: equal contents first, then the most alike, each file once. Among
 * pairs that are equally alike those with the same file name go first, then those whose folders share most, then by
 * their paths. The order of the files does not matter, and exchanging both sides exchanges each pair.
 */
export function renamesOf(gone: readonly Lone[], fresh: readonly Lone[]): readonly Rename[] {
  const left = new Set(gone);
  const free = new Set(fresh);
  const take = (pairs: readonly Pair[]): readonly Rename[] =>
    pairs.toSorted(bestFirst).flatMap(({ from, to, alike }) => {
      if (!left.delete(from)) return [];
      if (!free.delete(to)) {
        left.add(from);
        return [];
      }
      return { from: from.path, to: to.path, similarity: alike };
    });
  const moved = take(equalContents(gone, fresh));
  const edited = take(alike([...left], [...free]));
  return [...moved, ...edited].toSorted((one, other) => (one.from < other.from ? -1 : 1));
}

interface Pair {
  readonly from: Lone;
  readonly to: Lone;
  readonly alike: number;
  readonly sameName: boolean;
  /** Folders that both paths have in common, from the root and from the file. */
  readonly sharedFolders: number;
}

/** Most equal files on both sides whose paths are weighed against each other; more are taken in the order of their paths. */
const MOST_EQUAL = 100;

function equalContents(gone: readonly Lone[], fresh: readonly Lone[]): readonly Pair[] {
  const byId = Map.groupBy(fresh, ({ id }) => id);
  return [...Map.groupBy(gone, ({ id }) => id)].flatMap(([id, before]) => {
    const after = byId.get(id) ?? [];
    if (before.length <= MOST_EQUAL && after.length <= MOST_EQUAL)
      return before.flatMap((from) => after.map((to) => pair(from, to, 1)));
    const sorted = after.toSorted(byPath);
    return before.toSorted(byPath).flatMap((from, n) => {
      const to = sorted[n];
      return to === undefined ? [] : pair(from, to, 1);
    });
  });
}

const byPath = (one: Lone, other: Lone): number => (one.path < other.path ? -1 : 1);

function alike(gone: readonly Lone[], fresh: readonly Lone[]): readonly Pair[] {
  const known = new Map<Lone, Chunks>();
  const chunks = (file: Lone): Chunks => {
    const found = known.get(file) ?? chunksOf(file.bytes);
    known.set(file, found);
    return found;
  };
  const few = gone.length * fresh.length <= MOST_PAIRS;
  return gone.flatMap((from) =>
    fresh.flatMap((to) => {
      const [small, large] = [from.bytes.length, to.bytes.length].toSorted((a, b) => a - b);
      if (small === undefined || large === undefined || small < large * LEAST) return [];
      if (!few && nameOf(from) !== nameOf(to)) return [];
      const share = similarity(chunks(from), chunks(to));
      return share < LEAST ? [] : [pair(from, to, share)];
    }),
  );
}

const nameOf = ({ path }: Lone): string => posix.basename(path);

function pair(from: Lone, to: Lone, share: number): Pair {
  const [one, other] = [from.path.split('/'), to.path.split('/')];
  return {
    from,
    to,
    alike: share,
    sameName: one.at(-1) === other.at(-1),
    sharedFolders: shared(one, other) + shared(one.toReversed(), other.toReversed()),
  };
}

function shared(one: readonly string[], other: readonly string[]): number {
  const differs = one.findIndex((part, at) => part !== other[at]);
  return differs === -1 ? one.length : differs;
}

function bestFirst(one: Pair, other: Pair): number {
  return (
    other.alike - one.alike ||
    Number(other.sameName) - Number(one.sameName) ||
    other.sharedFolders - one.sharedFolders ||
    (keyOf(one) < keyOf(other) ? -1 : 1)
  );
}

/** The paths of a pair, the same from both sides. */
const keyOf = ({ from, to }: Pair): string => [from.path, to.path].toSorted().join('\0');
