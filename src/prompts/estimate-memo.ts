import type { EstimateMemo, RememberedWork } from './estimate-request.ts';
import type { FileTree, TreeFile } from './file-tree.ts';

/** Memory for the requests of one run. */
export const estimateMemo = (): EstimateMemo => ({ remembered: new Map() });

/** Tells contents of a file apart in every tree of a run. */
export const fileId = (file: TreeFile): string =>
  file.kind === 'file'
    ? file.id
    : file.kind === 'unresolved'
      ? `unresolved: ${file.why}`
      : 'absent';

/**
 * Does some work on a tree, or takes what the same work on a tree came to in which every file it asked for was the
 * same, there or not. What the work looks at is recorded, so that nothing has to be declared and nothing missed.
 */
export async function rememberedWork<Result>(
  memo: EstimateMemo | undefined,
  key: string,
  tree: FileTree,
  work: (tree: FileTree) => Promise<Result>,
): Promise<Result> {
  if (memo === undefined) return work(tree);
  const earlier = memo.remembered.get(key) ?? [];
  for (const each of earlier)
    // Only the work that a key stands for is kept under it.
    if (await holds(each, tree)) return each.result as Result;
  const read = new Map<string, string>();
  let listed = false;
  const recording: FileTree = {
    name: tree.name,
    get paths() {
      listed = true;
      return tree.paths;
    },
    async read(path) {
      const file = await tree.read(path);
      read.set(path, fileId(file));
      return file;
    },
  };
  const result = await work(recording);
  memo.remembered.set(key, [
    ...earlier,
    { read, listed: listed ? listingOf(tree) : undefined, result },
  ]);
  return result;
}

async function holds({ read, listed }: RememberedWork, tree: FileTree): Promise<boolean> {
  if (listed !== undefined && listed !== listingOf(tree)) return false;
  const ids = await Promise.all(
    [...read.keys()].map(async (path) => fileId(await tree.read(path))),
  );
  return [...read.values()].every((id, index) => id === ids[index]);
}

const listings = new WeakMap<FileTree, string>();

function listingOf(tree: FileTree): string {
  const known = listings.get(tree) ?? tree.paths.join('\0');
  listings.set(tree, known);
  return known;
}
