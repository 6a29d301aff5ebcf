import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { sep } from 'node:path';
import { UserError } from '../../errors.ts';
import type { FileTree } from '../../prompts/file-tree.ts';
import { type Entry, known, listedTree } from './listed-tree.ts';
import { pathName } from './path-names.ts';
import { unresolved } from './stored-elsewhere.ts';
import { type Store, workingFolder } from './working-file.ts';

/** Folders that hold no prompts of one's own. */
const SKIPPED = new Set(['.git', 'node_modules']);

/** Most files of a folder: somebody who has more stands in the wrong one, such as their home. */
const MOST_FILES = 500_000;

/**
 * Every file below a folder that is in no repository, `.git` and `node_modules` apart. Links are no folders; a
 * folder that may not be read is a path that cannot be resolved. Throws UserError (2) when the folder itself cannot be read, or
 * holds too many files.
 */
export async function folderTree(folder: string): Promise<FileTree> {
  const root = Buffer.from(folder.endsWith(sep) ? folder : folder + sep);
  const files = workingFolder(folder, 'sha1');
  const found: (readonly [path: string, entry: Entry])[] = [];
  const folders = [Buffer.alloc(0)];
  for (let below = folders.pop(); below !== undefined; below = folders.pop()) {
    const inside = await entriesOf(root, below);
    if (typeof inside === 'string') found.push([nameOf(below), known(unresolved(inside))]);
    else
      for (const entry of inside) {
        const path = Buffer.concat([below, entry.name]);
        if (entry.isFile() || entry.isSymbolicLink())
          found.push([nameOf(path), () => files.read(path, asItStands)]);
        else if (entry.isDirectory() && !SKIPPED.has(pathName(entry.name)))
          folders.push(Buffer.concat([path, Buffer.from(sep)]));
      }
    if (found.length > MOST_FILES)
      throw new UserError(`${folder} holds more than ${MOST_FILES.toLocaleString('en-US')} files`, {
        hint: 'Run aicost in the folder of the prompts.',
      });
  }
  return listedTree('working tree', found);
}

const asItStands: Store = (bytes) => Promise.resolve(bytes);

/** A path with `/`, without one at its end. */
const nameOf = (path: Buffer): string => pathName(path).replaceAll(sep, '/').replace(/\/$/, '');

async function entriesOf(root: Buffer, below: Buffer): Promise<readonly Dirent<Buffer>[] | string> {
  try {
    return await readdir(Buffer.concat([root, below]), { encoding: 'buffer', withFileTypes: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (below.length > 0) return `its folder cannot be read: ${why}`;
    throw new UserError(`the folder cannot be read: ${why}`, { cause: error });
  }
}
