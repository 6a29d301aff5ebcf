import { posix } from 'node:path';
import type { FileTree, TreeFile } from '../../prompts/file-tree.ts';
import { unresolved } from './stored-elsewhere.ts';

/** A link, and where it points as it says. */
export interface Link {
  readonly kind: 'link';
  readonly target: string;
}

/** Reads one path of a listing, without following it. */
export type Entry = () => Promise<TreeFile | Link>;

/** An entry that is known without reading it. */
export const known =
  (file: TreeFile): Entry =>
  () =>
    Promise.resolve(file);

/** Links that may follow each other, as many as Linux follows. */
const MOST_LINKS = 40;

/**
 * A tree of listed paths. Links are followed within the tree alone, by its own list, so that a link can never
 * show what is outside. A path that is listed twice, since names are no UTF-8, cannot be told apart.
 */
export function listedTree(
  name: string,
  listing: Iterable<readonly [path: string, entry: Entry]>,
): FileTree {
  const entries = new Map<string, Entry>();
  for (const [path, entry] of listing) entries.set(path, entries.has(path) ? AMBIGUOUS : entry);
  const read = async (path: string, links = 0): Promise<TreeFile> => {
    const found = await entries.get(path)?.();
    if (found === undefined) return { kind: 'absent' };
    if (found.kind !== 'link') return found;
    if (links === MOST_LINKS) return unresolved('it is a link that leads in a circle');
    const next = posix.normalize(posix.join(posix.dirname(path), found.target));
    if (found.target.startsWith('/') || next === '..' || next.startsWith('../'))
      return unresolved('it is a link that leaves the tree');
    if (!entries.has(next)) return unresolved('it is a link to no file of the tree');
    return read(next, links + 1);
  };
  return { name, paths: [...entries.keys()].sort(), read: (path) => read(path) };
}

const AMBIGUOUS = known(unresolved('another file has the same path once both are written as text'));
