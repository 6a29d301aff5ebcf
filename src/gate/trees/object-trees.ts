import type { FileTree } from '../../prompts/file-tree.ts';
import { type Entry, known, listedTree } from './listed-tree.ts';
import type { Objects } from './objects.ts';
import { pathName, recordsOf } from './path-names.ts';
import type { Repository } from './repository.ts';
import { unresolved } from './stored-elsewhere.ts';

/** The tree of a commit. Throws UserError (3) when the clone lacks it. */
export async function commitTree(
  { git }: Repository,
  objects: Objects,
  commit: string,
): Promise<FileTree> {
  const listing = await git.must(['ls-tree', '-r', '-z', '--full-tree', commit]);
  const entries = Array.from(recordsOf(listing), (record) => {
    // `100644 blob ID<tab>path`
    const { words, path } = recordOf(record);
    const [mode = '', , id = ''] = words;
    return [pathName(path), blobEntry({ mode, id }, objects)] as const;
  });
  return listedTree(shortId(commit), entries);
}

/** The tree that the index holds: what the next commit will. Throws UserError (3) when the index cannot be read. */
export async function indexTree({ git }: Repository, objects: Objects): Promise<FileTree> {
  const listing = await git.must(['ls-files', '--stage', '-z']);
  // By its bytes, since a path in conflict is listed once a side.
  const entries = new Map<string, readonly [path: string, entry: Entry]>();
  for (const record of recordsOf(listing)) {
    // `100644 ID STAGE<tab>path`
    const { words, path } = recordOf(record);
    const [mode = '', id = '', stage] = words;
    const entry = stage === '0' ? blobEntry({ mode, id }, objects) : CONFLICT;
    entries.set(path.toString('latin1'), [pathName(path), entry]);
  }
  return listedTree('index', entries.values());
}

/** An id as people read it. */
export const shortId = (id: string): string => id.slice(0, 7);

/** What stands before the tabulator of a line of git's lists, and the path behind it. */
export function recordOf(record: Buffer): {
  readonly words: readonly string[];
  readonly path: Buffer;
} {
  const tab = record.indexOf(9);
  return {
    words: record.toString('latin1', 0, tab).split(' '),
    path: record.subarray(tab + 1),
  };
}

/** An entry of a listing that names a blob: a file, a link, or another repository. */
export function blobEntry(
  { mode, id }: { readonly mode: string; readonly id: string },
  objects: Objects,
): Entry {
  if (mode === '160000') return SUBMODULE;
  if (mode !== '120000') return () => objects.read(id);
  return async () => {
    const file = await objects.read(id);
    return file.kind === 'file' ? { kind: 'link', target: pathName(file.bytes) } : file;
  };
}

/** A path that holds another repository. */
export const SUBMODULE = known(unresolved('it is a submodule, another repository'));

/** A path that a merge left in conflict. */
const CONFLICT = known(unresolved('a merge left it in conflict'));
