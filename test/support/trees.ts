import { afterEach } from 'vitest';
import { openComparison } from '../../src/gate/trees/comparison.ts';
import type { FileTree } from '../../src/prompts/file-tree.ts';
import type { Repository } from './repository.ts';

/** What a test has opened so far. */
export const open: { readonly close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** The tree of HEAD, of the index, or of the working tree, of a repository that is compared with itself. */
export async function treeOf(at: Repository, head: string): Promise<FileTree> {
  const compared = await openComparison(
    { cwd: at.folder, env: at.env },
    { base: 'HEAD', head, fetch: false },
  );
  open.push(compared);
  return compared.trees.head;
}

/** What a path holds: its text in quotes, `absent`, or why it cannot be read. */
export async function held(tree: FileTree, path: string): Promise<string> {
  const file = await tree.read(path);
  if (file.kind === 'absent') return 'absent';
  return file.kind === 'file'
    ? JSON.stringify(Buffer.from(file.bytes).toString('latin1'))
    : file.why;
}

/** The id of what a path holds; undefined where it holds no file. */
export const idIn = async (tree: FileTree, path: string): Promise<string | undefined> => {
  const file = await tree.read(path);
  return file.kind === 'file' ? file.id : undefined;
};
