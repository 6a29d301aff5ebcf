import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readlink, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import type { TreeFile } from '../../prompts/file-tree.ts';
import type { Link } from './listed-tree.ts';
import { pathName } from './path-names.ts';
import type { Repository } from './repository.ts';
import { heldBy, MOST_BYTES, tooLarge, unresolved } from './stored-elsewhere.ts';
import { turns } from './turns.ts';

/** What git would keep of the bytes of a file, or why that cannot be told. */
export type Store = (bytes: Uint8Array) => Promise<Uint8Array | TreeFile>;

/** A folder whose files are read, and nothing outside of it. */
export interface WorkingFolder {
  /** Reads a path below it; paths are bytes, as systems keep them. A link is not followed. */
  readonly read: (path: Buffer, store: Store) => Promise<TreeFile | Link>;
}

// A pipe is not waited for, and no link followed that appeared since the path was looked at. Windows has neither flag.
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Most files that are open at a time: systems allow a process as few as 256. */
const MOST_OPEN = 64;

/** A folder, and the kind of ids that its contents get. */
export function workingFolder(folder: string, hash: Repository['hash']): WorkingFolder {
  const root = Buffer.from(folder.endsWith(sep) ? folder : folder + sep);
  const inTurn = turns(MOST_OPEN);
  // A folder on the way may be a link, which the list of a moment ago did not know or did not say.
  const looked = new Map<string, Promise<boolean>>();
  const isWithin = (full: Buffer): Promise<boolean> => {
    // Git writes `/` where Windows writes another separator.
    const parent = full.subarray(0, Math.max(full.lastIndexOf('/'), full.lastIndexOf(sep)));
    const key = parent.toString('latin1');
    const found = looked.get(key) ?? liesWithin(root, parent);
    looked.set(key, found);
    return found;
  };
  return {
    async read(path, store) {
      const full = Buffer.concat([root, path]);
      try {
        if (!(await isWithin(full))) return unresolved('its folder is a link that leaves the tree');
        if ((await lstat(full)).isSymbolicLink()) {
          const target = pathName(await readlink(full, 'buffer'));
          return { kind: 'link', target: target.replaceAll(sep, '/') };
        }
        const read = await inTurn(() => bytesOf(full));
        const bytes = read instanceof Uint8Array ? await store(read) : read;
        return bytes instanceof Uint8Array ? heldBy(bytes, blobId(bytes, hash)) : bytes;
      } catch (error) {
        return unread(error);
      }
    },
  };
}

/** The id that git gives to contents. */
export const blobId = (bytes: Uint8Array, hash: Repository['hash']): string =>
  createHash(hash).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

async function liesWithin(root: Buffer, folder: Buffer): Promise<boolean> {
  const [whole, part] = await Promise.all([realpath(root, 'buffer'), realpath(folder, 'buffer')]);
  const within = Buffer.concat([whole, Buffer.from(sep)]);
  return part.equals(whole) || part.subarray(0, within.length).equals(within);
}

async function bytesOf(full: Buffer): Promise<Uint8Array | TreeFile> {
  const handle = await open(full, READ);
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) return unresolved('it is no regular file');
    return stat.size > MOST_BYTES ? tooLarge(stat.size) : await handle.readFile();
  } finally {
    await handle.close();
  }
}

function unread(error: unknown): TreeFile {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined) throw error;
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
  return unresolved(`it cannot be read (${code})`);
}
